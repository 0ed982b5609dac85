"""
What every face asks for and is answered, in this platform's words; pure.

Codes stand here as ours: documents CV02.01.101, sex GB/T 2261.1, ethnicity GB 3304, nationality alpha-3, steps of
treatment as medStepCode. A face translates its own into these and back.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from healthcloud import cards
from healthcloud.core.caller import Caller


@dataclass(frozen=True, slots=True)
class Errand:
    """
    Who asks, through which face and by which of its methods; `serial` is the caller's own for this very request.

    A write with a serial is carried out once in a day; without one only by what it says.
    """

    caller: Caller
    face: str
    method: str
    serial: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """An identity document as written; `issuer` is alpha-3, of passports."""

    kind: str
    number: str = field(repr=False)
    issuer: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Whose:
    """By what somebody is named: one of these; `card_id` is 64 hexadecimal digits, `local_number` the caller's own."""

    card_id: str | None = field(default=None, repr=False)
    document: Document | None = field(default=None, repr=False)
    local_number: str | None = field(default=None, repr=False)
    person_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Child:
    """A birth by its mother, for a child without documents (personnelType 2); `order` is 胎次."""

    mother: Whose
    born_at: datetime
    order: int = 1
    of_several: bool = False


@dataclass(frozen=True, slots=True)
class CardWish:
    """Somebody to be registered and given a card, as written by a face and not checked yet."""

    name: str | None = field(default=None, repr=False)
    documents: tuple[Document, ...] = field(default=(), repr=False)
    sex: str | None = None
    birth_date: date | None = field(default=None, repr=False)
    ethnicity: str | None = None
    nationality: str | None = None
    phone: str | None = field(default=None, repr=False)
    child: Child | None = field(default=None, repr=False)
    mode: cards.Mode = cards.Mode.ONLINE
    local_number: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class ChangeWish:
    """What is to be set right of somebody; what is None stays. `document` replaces the primary one."""

    name: str | None = field(default=None, repr=False)
    sex: str | None = None
    birth_date: date | None = field(default=None, repr=False)
    ethnicity: str | None = None
    nationality: str | None = None
    phone: str | None = field(default=None, repr=False)
    document: Document | None = field(default=None, repr=False)


class CodeKind(StrEnum):
    """二维码类型."""

    DYNAMIC = "0"
    STATIC = "1"


@dataclass(frozen=True, slots=True)
class Code:
    """The text of a card's code; a dynamic one is taken by scans until `until`, a static one has no end."""

    text: str = field(repr=False)
    kind: CodeKind
    until: datetime | None = None
    seconds: int | None = None


@dataclass(frozen=True, slots=True)
class CardHeld:
    """
    A card after applying or being looked for; `person_id` is what faces call the main index id (empi, phid).

    `code` is left out where the card may not be shown now.
    """

    card_id: str = field(repr=False)
    person_id: UUID
    status: int
    kind: str
    level: int
    outcome: str | None = None
    local_number: str | None = field(default=None, repr=False)
    code: Code | None = None


@dataclass(frozen=True, slots=True)
class PersonHeld:
    """Somebody found, masked unless the caller may open identities; then a deed with a reason says so."""

    person_id: UUID
    name: str = field(repr=False)
    sex: str
    birth_date: str = field(repr=False)  # yyyy-MM-dd, masked: only the year
    document_kind: str
    document_number: str = field(repr=False)
    phone: str | None = field(repr=False)
    ethnicity: str | None
    nationality: str | None
    level: int
    local_number: str | None = field(repr=False)
    card: CardHeld | None
    masked: bool


@dataclass(frozen=True, slots=True)
class Scan:
    """One scan; `terminal` as platforms write it, None for the client's only one; `second_fact` of printed codes."""

    code: str = field(repr=False)
    scene: str | None = None
    terminal: str | None = None
    last_digits: str | None = field(default=None, repr=False)
    name: str | None = field(default=None, repr=False)
    face_compared: bool = False


@dataclass(frozen=True, slots=True)
class Organisation:
    """An institution as platforms speak of it; `number` is the one it was asked by."""

    id: UUID
    number: str
    name: str
    class_code: str
    level_code: str | None
    district_code: str
    address: str | None
    is_open: bool
