"""Visits over HTTP: told of by institutions, read by whose they are; numbers stand in bodies, never in URLs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field

from healthcloud import institutions, people
from healthcloud.core.db import Read
from healthcloud.core.http import CallerIn, DatabaseIn, Moment, Wish, needs, problems
from healthcloud.core.paging import MAX_PAGE, CursorUnreadable, Page, decode_cursor, page_of
from healthcloud.encounters import errors as wrong
from healthcloud.encounters.actions import record
from healthcloud.encounters.model import (
    DELIVER,
    LONGEST_NUMBER,
    LONGEST_TEXT,
    NEWEST,
    Encounter,
    EncounterIn,
    EncounterKind,
    EncounterStatus,
    Named,
    Recorded,
)
from healthcloud.encounters.reads import RESIDENT, find, my_encounters, open_encounters

router = APIRouter(prefix="/encounters", tags=["encounters"])

MOST = 100
Number = Annotated[str, Field(min_length=1, max_length=LONGEST_NUMBER)]
Text = Annotated[str | None, Field(max_length=LONGEST_TEXT)]


class EncounterWish(Wish):
    """A visit as your system has it; what is left out stays as you told it before."""

    number: Annotated[Number, Field(description="Your visit number 就诊流水号")]
    kind: Annotated[EncounterKind | None, Field(description="I 住院, O 门诊, E 急诊, H 体检, T 其它")] = None
    status: EncounterStatus | None = None
    patient_number: Annotated[Number | None, Field(description="Your patient number 患者号")] = None
    person_id: Annotated[UUID | None, Field(description="Who a scanned card said it is")] = None
    started_at: Moment | None = None
    ended_at: Moment | None = None
    department_code: Text = None
    department: Text = None
    practitioner_code: Text = None
    practitioner: Text = None
    place: Annotated[Text, Field(description="Ward, room, bed 病区床位")] = None
    told_at: Annotated[Moment | None, Field(description="When your system wrote it; of two the later counts")] = None

    def item(self) -> EncounterIn:
        """Return it as the action takes it."""
        return EncounterIn(
            self.number,
            self.kind,
            self.status,
            self.patient_number,
            self.person_id,
            self.started_at,
            self.ended_at,
            _named(self.department_code, self.department),
            _named(self.practitioner_code, self.practitioner),
            self.place,
            self.told_at,
        )


class EncounterWishes(Wish):
    """Up to 100 visits at your institution."""

    encounters: Annotated[list[EncounterWish], Field(min_length=1, max_length=MOST)]


class VisitNumber(Wish):
    """A visit number of your institution."""

    number: Number


class VisitsQuery(Wish):
    """Whose visits, and which page."""

    person_id: UUID | None = None
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 50
    cursor: Annotated[str | None, Query(max_length=200)] = None


@dataclass(frozen=True, slots=True)
class EncounterResult:
    """What became of a visit told of: `new`, `changed`, `unchanged`, or `refused` with the problem."""

    number: str
    outcome: str
    id: UUID | None
    version: int | None
    problem: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class EncounterResults:
    """What became of each, in the order they were sent."""

    results: list[EncounterResult]


@dataclass(frozen=True, slots=True)
class VisitShown:
    """A visit: where, of which kind, in which department, when, and where it stands."""

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


@router.post("", dependencies=[needs(DELIVER)], responses=problems(wrong.NotYourVisits, wrong.EncounterUnreadable))
async def tell(body: EncounterWishes, caller: CallerIn, database: DatabaseIn) -> EncounterResults:
    """
    Tell of visits at your institution 上报就诊; each is once by its visit number, and every version is kept.

    The same again changes nothing, so no Idempotency-Key is asked for. What cannot be read is refused alone.
    """
    items = [one.item() for one in body.encounters]
    recorded = await database.transact(lambda tx: record(tx, caller, items))
    return EncounterResults([_result(one) for one in recorded])


@router.post("/lookup", dependencies=[needs(DELIVER)], responses=problems(wrong.EncounterNotFound, wrong.NotYourVisits))
async def lookup(body: VisitNumber, caller: CallerIn, database: DatabaseIn) -> VisitShown:
    """Look up a visit at your institution by its number 按就诊流水号查询: a deed its person can read."""
    found = await database.transact(lambda tx: find(tx, caller, body.number))
    async with database.read() as read:
        return (await _shown(read, [found]))[0]


@router.get("", dependencies=[needs(RESIDENT)], responses=problems(people.PersonNotFound, CursorUnreadable))
async def visits(database: DatabaseIn, caller: CallerIn, query: Annotated[VisitsQuery, Query()]) -> Page[VisitShown]:
    """List your visits at every institution 就诊记录, newest first, or those of somebody you act for in records."""
    before = decode_cursor(query.cursor, tuple[datetime, UUID]) if query.cursor else NEWEST
    limit, target = query.limit + 1, query.person_id
    if target is None or target == caller.person_id:
        async with database.read() as read:
            found = await my_encounters(read, caller, before=before, limit=limit)
    else:
        found = await database.transact(lambda tx: open_encounters(tx, caller, target, before=before, limit=limit))
    page = page_of(found, query.limit, lambda one: one.list_place)
    async with database.read() as read:
        return Page(await _shown(read, page.items), page.next)


async def _shown(read: Read, found: list[Encounter]) -> list[VisitShown]:
    names = await institutions.names_of(read, {one.institution_id for one in found})
    return [
        VisitShown(
            one.id,
            names.get(one.institution_id),
            one.number,
            one.kind,
            one.status,
            one.started_at,
            one.ended_at,
            _text(one.department),
            _text(one.practitioner),
            one.place,
            one.version,
            one.person_id,
        )
        for one in found
    ]


def _named(code: str | None, name: str | None) -> Named | None:
    return Named(code, name) if code or name else None


def _text(one: Named | None) -> str | None:
    return None if one is None else one.name or one.code


def _result(one: Recorded) -> EncounterResult:
    return EncounterResult(
        one.number, one.outcome, one.id, one.version, None if one.problem is None else one.problem.body()
    )
