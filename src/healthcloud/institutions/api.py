"""Institutions over HTTP: anybody may look, clerks of the city enter, an institution's own amend."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import Field

from healthcloud.core.db import Read, Transaction
from healthcloud.core.http import CallerIn, DatabaseIn, Day, Wish, needs, needs_nothing, problems
from healthcloud.core.idempotency import OnceIn, once_problems
from healthcloud.core.paging import MAX_PAGE, CursorUnreadable, Page, decode_cursor, page_of
from healthcloud.institutions import actions, reads
from healthcloud.institutions.codes import CodeSetMissing, CodeUnknown
from healthcloud.institutions.departments import Department, departments_of
from healthcloud.institutions.errors import (
    ChangedMeanwhile,
    InstitutionClosed,
    InstitutionUnknown,
    NumberAmbiguous,
    NumberMissing,
    NumberTaken,
    NumberUnknown,
    ParticularsWrong,
)
from healthcloud.institutions.model import (
    LONGEST_NAME,
    LONGEST_TEXT,
    Institution,
    InstitutionFilter,
    InstitutionWish,
    Opened,
    Particulars,
)
from healthcloud.institutions.numbers import NumberKind, NumberWrong, OutsideNumber, shown
from healthcloud.institutions.rights import MANAGE

router = APIRouter(prefix="/institutions", tags=["institutions"])
PUBLIC = "what institutions there are is public"
SAID_WRONG = (ParticularsWrong, CodeUnknown, CodeSetMissing)
Code = Annotated[str, Field(min_length=1, max_length=16)]
Text = Annotated[str | None, Field(max_length=LONGEST_TEXT)]
NumberText = Annotated[str, Field(min_length=1, max_length=64)]


class NumberBody(Wish):
    """An outside number: `ws218` 22 characters, `uscc` 18, `organisation` 9, `platform`, `tencent`, `other`."""

    kind: NumberKind
    number: NumberText


class ParticularsBody(Wish):
    """What is said of an institution; codes are those of the code sets of the city."""

    name: Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]
    class_code: Code
    ownership_code: Code
    district_code: Code
    street_code: Code | None = None
    level_code: Code | None = None
    short_name: Text = None
    address: Text = None
    phone: Text = None
    has_fever_clinic: bool = False
    parent_id: UUID | None = None

    def particulars(self) -> Particulars:
        """Return them as the feature knows them."""
        return Particulars(**self.model_dump(include=set(ParticularsBody.model_fields)))


class OpeningBody(ParticularsBody):
    """An institution to be entered, with every number others know it by."""

    numbers: Annotated[list[NumberBody], Field(min_length=1, max_length=20)]
    opened_on: Day | None = None


class AmendmentBody(ParticularsBody):
    """Everything said of an institution anew; `version` is the one that was read."""

    version: Annotated[int, Field(ge=1, le=2_147_483_647)]


class ClosingBody(Wish):
    """The day an institution closed."""

    on: Day


class InstitutionQuery(Wish):
    """Which institutions are wanted; `class_code` also as a beginning: `A` for every hospital."""

    district_code: Code | None = None
    street_code: Code | None = None
    class_code: Code | None = None
    has_fever_clinic: bool | None = None
    parent_id: UUID | None = None
    with_closed: bool = False
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 50
    cursor: Annotated[str | None, Query(max_length=200)] = None


@dataclass(frozen=True, slots=True)
class NumberTold:
    """An outside number as people write it."""

    kind: NumberKind
    number: str


@dataclass(frozen=True, slots=True)
class InstitutionTold:
    """An institution with its numbers and departments."""

    institution: Institution
    numbers: list[NumberTold]
    departments: list[Department]


@dataclass(frozen=True, slots=True)
class Amended:
    """The version after an amendment."""

    version: int


@router.get("", dependencies=[needs_nothing(PUBLIC)], responses=problems(CursorUnreadable))
async def list_institutions(database: DatabaseIn, query: Annotated[InstitutionQuery, Query()]) -> Page[Institution]:
    """List institutions in the order they were entered."""
    (after,) = decode_cursor(query.cursor, tuple[UUID]) if query.cursor else (reads.FIRST,)
    wanted = InstitutionFilter(**query.model_dump(exclude={"limit", "cursor"}))
    async with database.read() as read:
        found = await reads.list_institutions(read, wanted, after=after, limit=query.limit + 1)
    return page_of(found, query.limit, lambda one: (one.id,))


@router.get("/named", dependencies=[needs_nothing(PUBLIC)], responses=problems(InstitutionUnknown, NumberAmbiguous))
async def named(database: DatabaseIn, number: NumberText, kind: NumberKind | None = None) -> InstitutionTold:
    """Find an institution by any number others know it by, in any spelling."""
    async with database.read() as read:
        found = await reads.institution_named(read, number, kind)
        if found is None:
            raise InstitutionUnknown
        return await _told(read, found)


@router.get("/{institution_id:uuid}", dependencies=[needs_nothing(PUBLIC)], responses=problems(InstitutionUnknown))
async def look_up(institution_id: UUID, database: DatabaseIn) -> InstitutionTold:
    """Look an institution up, with its numbers and departments."""
    async with database.read() as read:
        return await _told(read, await reads.institution(read, institution_id))


async def _told(read: Read, one: Institution) -> InstitutionTold:
    numbers = [NumberTold(number.kind, shown(number)) for number in await reads.numbers_of(read, one.id)]
    return InstitutionTold(one, numbers, await departments_of(read, one.id))


@router.post(
    "",
    status_code=201,
    response_model=Opened,
    dependencies=[needs(MANAGE)],
    responses=problems(NumberTaken, NumberWrong, NumberMissing, ChangedMeanwhile, *SAID_WRONG, *once_problems),
)
async def open_institution(body: OpeningBody, caller: CallerIn, once: OnceIn) -> Response:
    """Enter an institution; a second entry with the same numbers and name is the first one."""
    numbers = tuple(OutsideNumber(one.kind, one.number) for one in body.numbers)
    wish = InstitutionWish(body.particulars(), numbers, body.opened_on)
    return await once(lambda tx: actions.open_institution(tx, caller, wish))


@router.put(
    "/{institution_id:uuid}",
    dependencies=[needs(MANAGE)],
    responses=problems(InstitutionUnknown, InstitutionClosed, ChangedMeanwhile, *SAID_WRONG),
)
async def amend_institution(
    institution_id: UUID, body: AmendmentBody, caller: CallerIn, database: DatabaseIn
) -> Amended:
    """Replace everything said of an institution, if nobody has changed it since it was read."""
    said = body.particulars()
    version = await database.transact(
        lambda tx: actions.amend_institution(tx, caller, institution_id, body.version, said)
    )
    return Amended(version)


@router.post(
    "/{institution_id}/closing",
    status_code=204,
    dependencies=[needs(MANAGE)],
    responses=problems(InstitutionUnknown),
)
async def close_institution(institution_id: UUID, body: ClosingBody, caller: CallerIn, database: DatabaseIn) -> None:
    """Close an institution and retire its terminals at once; closing it again changes nothing."""
    await database.transact(lambda tx: actions.close_institution(tx, caller, institution_id, body.on))


@router.put(
    "/{institution_id}/numbers/{kind}",
    status_code=204,
    dependencies=[needs(MANAGE)],
    responses=problems(NumberTaken, NumberWrong, InstitutionUnknown, InstitutionClosed),
)
async def add_number(
    institution_id: UUID, kind: NumberKind, number: NumberText, caller: CallerIn, database: DatabaseIn
) -> None:
    """Give an institution another number of a kind; giving it again changes nothing."""

    async def add(tx: Transaction) -> None:
        await actions.add_number(tx, caller, institution_id, OutsideNumber(kind, number))

    await database.transact(add)


@router.delete(
    "/{institution_id}/numbers/{kind}",
    status_code=204,
    dependencies=[needs(MANAGE)],
    responses=problems(NumberUnknown, NumberWrong, NumberMissing, InstitutionUnknown, InstitutionClosed),
)
async def withdraw_number(
    institution_id: UUID, kind: NumberKind, number: NumberText, caller: CallerIn, database: DatabaseIn
) -> None:
    """Take a wrong number from an institution; it keeps at least one."""
    await database.transact(lambda tx: actions.withdraw_number(tx, caller, institution_id, OutsideNumber(kind, number)))
