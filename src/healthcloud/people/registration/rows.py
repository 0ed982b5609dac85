"""The rows a round of registrations writes, gathered as columns for one statement."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID


class PersonRow(NamedTuple):
    """A new person."""

    id: UUID
    kind: int
    level: int
    face_sealed: bytes
    institution_id: UUID | None


class DocumentRow(NamedTuple):
    """A document somebody has from now on."""

    person_id: UUID
    id: UUID
    kind: str
    number_sealed: bytes
    issuer: str | None
    valid_from: date | None
    valid_to: date | None
    is_primary: bool
    institution_id: UUID | None


class ContactRow(NamedTuple):
    """A phone number somebody has from now on."""

    person_id: UUID
    id: UUID
    phone_sealed: bytes
    institution_id: UUID | None


class VerificationRow(NamedTuple):
    """A check that was passed."""

    person_id: UUID
    id: UUID
    level: int
    method: str
    evidence: str | None
    account_id: UUID
    institution_id: UUID | None


class NewbornRow(NamedTuple):
    """A birth."""

    person_id: UUID
    mother_id: UUID
    born_at: datetime
    birth_date: date
    of_several: bool
    birth_order: int


class NumberRow(NamedTuple):
    """A patient number somebody has from now on; the id is that of its history line."""

    person_id: UUID
    id: UUID
    institution_id: UUID
    number: str
    account_id: UUID


class Update(NamedTuple):
    """A known person's new face, least level and kind, if still at this version."""

    person_id: UUID
    version: int
    face_sealed: bytes
    level: int
    kind: int


_WIDTHS = {"persons": 5, "documents": 9, "contacts": 4, "verifications": 7, "newborns": 6, "numbers": 5}


@dataclass(frozen=True, slots=True)
class NewRows:
    """Everything one statement adds."""

    persons: list[PersonRow] = field(default_factory=list)
    documents: list[DocumentRow] = field(default_factory=list)
    contacts: list[ContactRow] = field(default_factory=list)
    verifications: list[VerificationRow] = field(default_factory=list)
    newborns: list[NewbornRow] = field(default_factory=list)
    numbers: list[NumberRow] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Tell whether there is anything to write."""
        return any(getattr(self, one.name) for one in fields(self))

    def columns(self) -> list[list[Any]]:
        """Return the arrays in the statement's order, table after table."""
        return [column for one in fields(self) for column in _columns(getattr(self, one.name), _WIDTHS[one.name])]


def _columns(rows: Sequence[tuple[Any, ...]], width: int) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in range(width)]
