"""Linking two registrations of one person over HTTP, and parting them."""

from uuid import UUID

from fastapi import APIRouter

from healthcloud.core.http import CallerIn, DatabaseIn, Wish, needs, problems
from healthcloud.people import errors as wrong
from healthcloud.people.merging import actions
from healthcloud.people.request import CORRECT, Done, EvidenceText

router = APIRouter(prefix="/people", tags=["people"])
_REFUSALS = (wrong.PersonNotFound, wrong.PersonGone, wrong.MergeRefused)


class MergeBody(Wish):
    """Who this person is known as as well, and what shows it."""

    into_id: UUID
    reason: EvidenceText


@router.post("/{person_id:uuid}/merge", dependencies=[needs(CORRECT)], responses=problems(*_REFUSALS))
async def merge(person_id: UUID, body: MergeBody, caller: CallerIn, database: DatabaseIn) -> Done:
    """Link two registrations of one person 合并重复登记; answered is whom both resolve to."""
    canonical = await database.transact(
        lambda tx: actions.merge_persons(tx, caller, person_id, body.into_id, body.reason)
    )
    return Done(person_id=canonical)


@router.delete(
    "/{person_id:uuid}/merge", status_code=204, dependencies=[needs(CORRECT)], responses=problems(*_REFUSALS)
)
async def unmerge(person_id: UUID, caller: CallerIn, database: DatabaseIn) -> None:
    """Take the last merge of this person back 撤销合并."""
    await database.transact(lambda tx: actions.unmerge_persons(tx, caller, person_id))
