"""Patient numbers for whoever tells institutions that something of a person has changed."""

from uuid import UUID

from healthcloud.core.db import Read
from healthcloud.people.patient_numbers import store
from healthcloud.people.patient_numbers.store import LocalNumber, NumberLine
from healthcloud.people.seen import store as faces


async def numbers_held(read: Read, person_id: UUID) -> list[LocalNumber]:
    """Return every patient number of whom a person resolves to; each is for its institution only."""
    return await store.numbers_of(read, await faces.group_of(read, person_id))


async def number_line(read: Read, person_id: UUID, line_id: UUID) -> NumberLine | None:
    """Return one line of how a person's patient numbers came and went."""
    return await store.line_of(read, person_id, line_id)
