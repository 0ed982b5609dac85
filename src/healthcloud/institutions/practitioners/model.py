"""What a practitioner and a post are, and the rules about them; pure."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from healthcloud.core.errors import FieldFault
from healthcloud.institutions.model import text_faults

LONGEST_NAME = 50
LONGEST_NUMBER = 32
_NUMBER = re.compile(r"[0-9A-Z-]{1,32}")


@dataclass(frozen=True, slots=True)
class PractitionerWish:
    """A practitioner to be entered at an institution, under its staff number (工号) there."""

    name: str
    staff_number: str
    started_on: date
    licence_number: str | None = None  # 执业证书编号; by it the same practitioner is known at every institution
    title_code: str | None = None  # professional-title, GB/T 8561
    department_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Practitioner:
    """Somebody licensed to practise."""

    id: UUID
    name: str
    licence_number: str | None
    title_code: str | None


@dataclass(frozen=True, slots=True)
class Post:
    """Where a practitioner works; over from `ended_on`."""

    institution_id: UUID
    practitioner_id: UUID
    staff_number: str
    department_id: UUID | None
    started_on: date
    ended_on: date | None


@dataclass(frozen=True, slots=True)
class Staff:
    """A practitioner at an institution, as people look for one."""

    practitioner_id: UUID
    name: str
    title_code: str | None
    staff_number: str
    department_id: UUID | None
    ended_on: date | None


def plain_number(text: str) -> str:
    """Return a licence or staff number in its one spelling: half width, upper case, no blanks."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).upper()


def wish_faults(wish: PractitionerWish) -> tuple[FieldFault, ...]:
    """Return what is wrong with a wish whose numbers are in their one spelling."""
    faults = list(text_faults("name", wish.name, LONGEST_NAME, required=True))
    for name, number in (("staff_number", wish.staff_number), ("licence_number", wish.licence_number)):
        if number is not None and not _NUMBER.fullmatch(number):
            faults.append(
                FieldFault(
                    f"#/{name}",
                    f"must be 1 to {LONGEST_NUMBER} letters, digits or hyphens",
                    f"应为 1 至 {LONGEST_NUMBER} 位字母、数字或连字符",
                )
            )
    return tuple(faults)
