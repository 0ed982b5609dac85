"""Deaths and withdrawals over HTTP."""

from uuid import UUID

from fastapi import APIRouter

from healthcloud.core.http import CallerIn, DatabaseIn, Day, Wish, needs, problems
from healthcloud.people import errors as wrong
from healthcloud.people.lives import actions
from healthcloud.people.request import CORRECT, EvidenceText, PolicyIn

router = APIRouter(prefix="/people", tags=["people"])
_PERSON = (wrong.PersonNotFound, wrong.PersonGone)


class DeathBody(Wish):
    """The day of a death in Shanghai, and what shows it."""

    died_on: Day
    evidence: EvidenceText


class EvidenceBody(Wish):
    """What shows that this is right."""

    evidence: EvidenceText


@router.put(
    "/{person_id:uuid}/death",
    status_code=204,
    dependencies=[needs(CORRECT)],
    responses=problems(*_PERSON, wrong.AlreadyDeceased),
)
async def put_death(person_id: UUID, body: DeathBody, caller: CallerIn, database: DatabaseIn) -> None:
    """Record a death 死亡登记."""
    await database.transact(lambda tx: actions.record_death(tx, caller, person_id, body.died_on, body.evidence))


@router.post(
    "/{person_id:uuid}/death/undoing",
    status_code=204,
    dependencies=[needs(CORRECT)],
    responses=problems(*_PERSON, wrong.NotDeceased, wrong.DeathSettled),
)
async def undo_death(
    person_id: UUID, body: EvidenceBody, caller: CallerIn, database: DatabaseIn, policy: PolicyIn
) -> None:
    """Undo a death recorded in error 撤销死亡登记."""
    await database.transact(lambda tx: actions.undo_death(tx, caller, person_id, body.evidence, policy))


@router.post(
    "/{person_id:uuid}/withdrawal",
    status_code=204,
    dependencies=[needs(CORRECT)],
    responses=problems(*_PERSON, wrong.PersonLinked),
)
async def withdraw(person_id: UUID, body: EvidenceBody, caller: CallerIn, database: DatabaseIn) -> None:
    """Withdraw a registration made in error 撤销错误登记: its numbers are free for whom they belong to."""
    await database.transact(lambda tx: actions.withdraw_person(tx, caller, person_id, body.evidence))
