"""Visits (就诊) at your institution: tell of them as they begin, change and end, and look one up by its number."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from healthcloud_sdk.calls import Call, post

MOST = 100


@dataclass(frozen=True, slots=True)
class Encounter:
    """
    A visit by its number 就诊流水号; what is left out stays as you told it before.

    `kind`: I inpatient, O outpatient, E emergency, H check-up, T other. Whose it is: `person_id` where a scan said it,
    else your `patient_number`. Of two tellings the later `told_at` counts, whichever comes first.
    """

    number: str
    kind: Literal["I", "O", "E", "H", "T"] | None = None
    status: Literal["planned", "arrived", "in-progress", "finished", "cancelled"] | None = None
    patient_number: str | None = None
    person_id: UUID | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    department_code: str | None = None
    department: str | None = None
    practitioner_code: str | None = None
    practitioner: str | None = None
    place: str | None = None
    told_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Encounters:
    """Visits, as they are sent."""

    encounters: tuple[Encounter, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one: `new`, `changed`, `unchanged`, or `refused` with the problem."""

    number: str
    outcome: str
    id: UUID | None
    version: int | None
    problem: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class ToldAll:
    """What became of each, in the order they were sent."""

    results: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class VisitNumber:
    """A visit number, as it is sent."""

    number: str


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit as the city has it; `person_id` is None until it is known whose it is."""

    id: UUID
    institution: str | None
    number: str
    kind: str
    status: str
    started_at: datetime | None
    ended_at: datetime | None
    department: str | None
    practitioner: str | None
    place: str | None
    version: int
    person_id: UUID | None


def tell(visits: Iterable[Encounter]) -> Call[ToldAll]:
    """Tell of up to 100 visits 上报就诊; each is once by its number, and the same again changes nothing."""
    return post(ToldAll, "/encounters", Encounters(tuple(visits)))


def find(number: str) -> Call[Visit]:
    """Look up a visit of yours by its number 按就诊流水号查询; its person can read that you asked."""
    return post(Visit, "/encounters/lookup", VisitNumber(number))
