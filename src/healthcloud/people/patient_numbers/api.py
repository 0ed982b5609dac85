"""Patient numbers of the caller's institution over HTTP; a number stands in the body, never in the URL."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from healthcloud.core.errors import Forbidden
from healthcloud.core.http import CallerIn, DatabaseIn, Wish, needs, problems
from healthcloud.people import errors as wrong
from healthcloud.people.patient_numbers import actions
from healthcloud.people.patient_numbers.model import LONGEST
from healthcloud.people.request import REGISTER, Done

router = APIRouter(prefix="/people", tags=["people"])


class LocalNumberBody(Wish):
    """A patient number (patid) of your institution."""

    number: Annotated[str, Field(min_length=1, max_length=LONGEST)]


class NumberLineShown(BaseModel):
    """A patient number linked or unlinked."""

    number: str
    what: str
    at: datetime


@router.post("/local-numbers/lookup", dependencies=[needs(REGISTER)], responses=problems(wrong.LocalNumberNotFound))
async def find(body: LocalNumberBody, caller: CallerIn, database: DatabaseIn) -> Done:
    """Tell whose a patient number of your institution is 按患者号查找."""
    if caller.institution_id is None:
        raise Forbidden
    async with database.read() as read:
        owner = await actions.owner_of_number(read, caller.institution_id, body.number)
    if owner is None:
        raise wrong.LocalNumberNotFound
    return Done(person_id=owner)


@router.get("/{person_id:uuid}/local-numbers", dependencies=[needs(REGISTER)])
async def history(person_id: UUID, caller: CallerIn, database: DatabaseIn) -> list[NumberLineShown]:
    """List how the patient numbers your institution has for a person came and went 患者号关联记录, newest first."""
    async with database.read() as read:
        lines = await actions.history_of_numbers(read, caller, person_id)
    return [NumberLineShown(number=line.number, what=line.what, at=line.at) for line in lines]


@router.put(
    "/{person_id:uuid}/local-numbers",
    status_code=204,
    dependencies=[needs(REGISTER)],
    responses=problems(wrong.PersonNotFound, wrong.PersonGone, wrong.LocalNumberTaken),
)
async def link(person_id: UUID, body: LocalNumberBody, caller: CallerIn, database: DatabaseIn) -> None:
    """Link a patient number of your institution to a person 关联患者号; twice is once."""
    await database.transact(lambda tx: actions.link_local_number(tx, caller, person_id, body.number))


@router.post(
    "/{person_id:uuid}/local-numbers/unlinking",
    status_code=204,
    dependencies=[needs(REGISTER)],
    responses=problems(wrong.LocalNumberNotFound),
)
async def unlink(person_id: UUID, body: LocalNumberBody, caller: CallerIn, database: DatabaseIn) -> None:
    """Take a patient number of your institution off a person 解除关联."""
    await database.transact(lambda tx: actions.unlink_local_number(tx, caller, person_id, body.number))
