"""Practitioners over HTTP, beneath the institution they work at."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import Field

from healthcloud.core.db import Transaction
from healthcloud.core.http import CallerIn, DatabaseIn, Day, Wish, needs, needs_nothing, problems
from healthcloud.core.idempotency import OnceIn, once_problems
from healthcloud.core.paging import MAX_PAGE, CursorUnreadable, Page, decode_cursor, page_of
from healthcloud.institutions.codes import CodeSetMissing, CodeUnknown
from healthcloud.institutions.departments.errors import DepartmentUnknown
from healthcloud.institutions.errors import InstitutionClosed, InstitutionUnknown, ParticularsWrong
from healthcloud.institutions.practitioners import actions, reads
from healthcloud.institutions.practitioners.errors import (
    AccountLinked,
    LicenceTaken,
    PractitionerUnknown,
    StaffNumberTaken,
)
from healthcloud.institutions.practitioners.model import LONGEST_NAME, LONGEST_NUMBER, PractitionerWish, Staff
from healthcloud.institutions.rights import MANAGE

router = APIRouter(tags=["institutions"])
OF_INSTITUTION = "/institutions/{institution_id}/practitioners"


class PractitionerBody(Wish):
    """A practitioner to be entered under a staff number (工号); `title_code` is of the code set professional-title."""

    name: Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]
    staff_number: Annotated[str, Field(min_length=1, max_length=LONGEST_NUMBER)]
    started_on: Day
    licence_number: Annotated[str | None, Field(max_length=LONGEST_NUMBER)] = None
    title_code: Annotated[str | None, Field(max_length=3)] = None
    department_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Entered:
    """The practitioner's id, the same at every institution."""

    practitioner_id: UUID


class StaffQuery(Wish):
    """Which part of the list is wanted."""

    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 50
    cursor: Annotated[str | None, Query(max_length=200)] = None


@router.get(
    OF_INSTITUTION,
    dependencies=[needs_nothing("who practises where is public")],
    responses=problems(CursorUnreadable),
)
async def list_practitioners(
    institution_id: UUID, database: DatabaseIn, query: Annotated[StaffQuery, Query()]
) -> Page[Staff]:
    """List who works or worked at an institution, by staff number."""
    (after,) = decode_cursor(query.cursor, tuple[str]) if query.cursor else ("",)
    async with database.read() as read:
        found = await reads.practitioners_of(read, institution_id, after=after, limit=query.limit + 1)
    return page_of(found, query.limit, lambda one: (one.staff_number,))


@router.post(
    OF_INSTITUTION,
    status_code=201,
    response_model=Entered,
    dependencies=[needs(MANAGE)],
    responses=problems(
        LicenceTaken,
        StaffNumberTaken,
        InstitutionUnknown,
        InstitutionClosed,
        DepartmentUnknown,
        ParticularsWrong,
        CodeUnknown,
        CodeSetMissing,
        *once_problems,
    ),
)
async def add_practitioner(institution_id: UUID, body: PractitionerBody, caller: CallerIn, once: OnceIn) -> Response:
    """Enter a practitioner with a post here; one who is known by licence or staff number stays one person."""
    wish = PractitionerWish(
        body.name, body.staff_number, body.started_on, body.licence_number, body.title_code, body.department_id
    )

    async def entered(tx: Transaction) -> Entered:
        return Entered(await actions.add_practitioner(tx, caller, institution_id, wish))

    return await once(entered)


@router.delete(
    OF_INSTITUTION + "/{practitioner_id}",
    status_code=204,
    dependencies=[needs(MANAGE)],
    responses=problems(PractitionerUnknown),
)
async def end_post(
    institution_id: UUID, practitioner_id: UUID, on: Day, caller: CallerIn, database: DatabaseIn
) -> None:
    """End a practitioner's post at this institution on a day."""
    await database.transact(lambda tx: actions.end_post(tx, caller, institution_id, practitioner_id, on))


@router.put(
    "/practitioners/{practitioner_id}/accounts/{account_id}",
    status_code=204,
    dependencies=[needs(MANAGE)],
    responses=problems(PractitionerUnknown, AccountLinked),
)
async def link_account(practitioner_id: UUID, account_id: UUID, caller: CallerIn, database: DatabaseIn) -> None:
    """Tie a staff account to the practitioner who works with it."""
    await database.transact(lambda tx: actions.link_account(tx, caller, account_id, practitioner_id))
