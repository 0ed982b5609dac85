"""Patient numbers: what an institution's own system calls a person (patid), linked to one person and back."""

from healthcloud.people.patient_numbers.actions import (
    link_local_number,
    link_numbers,
    numbers_for,
    owner_of_number,
    owners_of_numbers,
    unlink_local_number,
)
from healthcloud.people.patient_numbers.model import normalise_local_number as read_local_number
from healthcloud.people.patient_numbers.moving import move_number
from healthcloud.people.patient_numbers.store import numbers_of
from healthcloud.people.patient_numbers.telling import number_line, numbers_held

__all__ = [
    "link_local_number",
    "link_numbers",
    "move_number",
    "number_line",
    "numbers_for",
    "numbers_held",
    "numbers_of",
    "owner_of_number",
    "owners_of_numbers",
    "read_local_number",
    "unlink_local_number",
]
