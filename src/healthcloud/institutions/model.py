"""What an institution is, and the rules about them; pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from healthcloud.core.errors import FieldFault
from healthcloud.institutions.codes import CodeClaim
from healthcloud.institutions.numbers import NumberKind, OutsideNumber, checked

LONGEST_NAME = 100
LONGEST_TEXT = 200


class State(StrEnum):
    """Whether an institution or a department works."""

    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Particulars:
    """What can be said of an institution, and be amended; the codes are those of the city's code sets."""

    name: str
    class_code: str  # institution-class, WS 218
    ownership_code: str  # institution-ownership
    district_code: str  # division, six digits of GB/T 2260
    street_code: str | None = None  # division, nine digits
    level_code: str | None = None  # hospital-level; None where there is none
    short_name: str | None = None
    address: str | None = None
    phone: str | None = None
    has_fever_clinic: bool = False
    parent_id: UUID | None = None  # the institution it is a part of, as a village clinic is of a health centre


@dataclass(frozen=True, slots=True)
class InstitutionWish:
    """An institution to be opened; `numbers` hold every number others know it by, at least one."""

    particulars: Particulars
    numbers: tuple[OutsideNumber, ...]
    opened_on: date | None = None
    demonstration: bool = False


@dataclass(frozen=True, slots=True)
class Institution:
    """An institution as it stands; `version` rises with each amendment."""

    id: UUID
    name: str
    short_name: str | None
    class_code: str
    level_code: str | None
    ownership_code: str
    district_code: str
    street_code: str | None
    address: str | None
    phone: str | None
    has_fever_clinic: bool
    parent_id: UUID | None
    state: str
    demonstration: bool
    opened_on: date | None
    closed_on: date | None
    version: int


@dataclass(frozen=True, slots=True)
class Opened:
    """What opening an institution came to; `created` is false when it was there already."""

    institution_id: UUID
    created: bool


@dataclass(frozen=True, slots=True)
class Alias:
    """A number in its one spelling, and whose it is."""

    kind: str
    alias: str
    institution_id: UUID


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether an institution is open."""

    id: UUID
    state: str


@dataclass(frozen=True, slots=True)
class InstitutionFilter:
    """Which institutions are wanted; None means any."""

    district_code: str | None = None
    street_code: str | None = None
    class_code: str | None = None  # or how it begins: `A` for every hospital
    has_fever_clinic: bool | None = None
    parent_id: UUID | None = None
    with_closed: bool = False
    text: str | None = None  # somewhere in the name or the short name


def checked_numbers(numbers: tuple[OutsideNumber, ...]) -> tuple[OutsideNumber, ...]:
    """Return numbers in their one spelling, sorted, each once; raise NumberWrong at its place."""
    return tuple(
        sorted(
            {
                checked(NumberKind(one.kind), one.number, pointer=f"#/numbers/{i}/number")
                for i, one in enumerate(numbers)
            }
        )
    )


def particulars_faults(said: Particulars) -> tuple[FieldFault, ...]:
    """Return what is wrong with the texts, and with a street outside its district."""
    faults = list(text_faults("name", said.name, LONGEST_NAME, required=True))
    for name in ("short_name", "address", "phone"):
        text = getattr(said, name)
        faults += text_faults(name, text, LONGEST_TEXT)
    if said.street_code is not None and not said.street_code.startswith(said.district_code):
        faults.append(FieldFault("#/street_code", "is not in this district", "不属于该区（市）"))
    return tuple(faults)


def text_faults(name: str, text: str | None, longest: int, *, required: bool = False) -> Iterator[FieldFault]:
    """Yield what is wrong with a text people will read."""
    if text is None:
        return
    if len(text) > longest:
        yield FieldFault(f"#/{name}", f"must have at most {longest} characters", f"最多 {longest} 个字符")
    if text != text.strip() or (required and not text):
        yield FieldFault(f"#/{name}", "is empty or has blanks around it", "为空或首尾有空格")
    if any(ord(character) < ord(" ") for character in text):
        yield FieldFault(f"#/{name}", "holds control characters", "含有控制字符")


def code_claims(said: Particulars) -> list[CodeClaim]:
    """Return which codes these particulars claim to be in force."""
    claims = [
        CodeClaim("institution-class", said.class_code, "#/class_code"),
        CodeClaim("institution-ownership", said.ownership_code, "#/ownership_code"),
        CodeClaim("division", said.district_code, "#/district_code"),
    ]
    if said.level_code is not None:
        claims.append(CodeClaim("hospital-level", said.level_code, "#/level_code"))
    if said.street_code is not None:
        claims.append(CodeClaim("division", said.street_code, "#/street_code"))
    return claims


def is_same(found: Institution, said: Particulars) -> bool:
    """Tell whether a second entry means the institution that has its numbers: same name, class and district."""
    return (found.name, found.class_code, found.district_code) == (said.name, said.class_code, said.district_code)
