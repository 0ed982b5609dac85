"""Corrections decided by two, over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from healthcloud.core.db import Transaction
from healthcloud.core.http import CallerIn, DatabaseIn, Wish, needs, problems
from healthcloud.core.idempotency import OnceIn, once_problems
from healthcloud.people import errors as wrong
from healthcloud.people.corrections.api import CorrectedShown, CorrectionBody
from healthcloud.people.proposals import actions
from healthcloud.people.proposals.errors import OwnProposal, ProposalNotFound, ProposalThere
from healthcloud.people.request import CORRECT
from healthcloud.people.requests.errors import RequestClosed, RequestNotFound

router = APIRouter(prefix="/people", tags=["people"])
PATH = "/{person_id:uuid}/requests/{request_id}/correction"
_WRONG = (
    wrong.PersonNotFound,
    wrong.PersonGone,
    wrong.PersonChanged,
    wrong.DocumentBelongsToAnother,
    wrong.NothingToCorrect,
    RequestNotFound,
    RequestClosed,
)
AnswerText = Annotated[str, Field(min_length=1, max_length=200, description="What the person reads 答复。")]


class ProposalBody(CorrectionBody):
    """A correction as an operator prepares it, with the words that answer the request."""

    answer: AnswerText


class ProposedShown(BaseModel):
    """Whether the correction waits for a second operator, or is carried out."""

    waits: bool


class ReasonBody(Wish):
    """Why a prepared correction is put aside."""

    reason: Annotated[str, Field(min_length=1, max_length=200)]


@router.post(
    PATH,
    status_code=201,
    response_model=ProposedShown,
    dependencies=[needs(CORRECT)],
    responses=problems(*_WRONG, ProposalThere, *once_problems),
)
async def propose(person_id: UUID, request_id: UUID, body: ProposalBody, caller: CallerIn, once: OnceIn) -> Response:
    """Prepare what a resident asked to be corrected 提出更正: who somebody is takes a second operator."""

    async def act(tx: Transaction) -> ProposedShown:
        waits = await actions.propose_correction(tx, caller, person_id, request_id, body.form(), body.answer)
        return ProposedShown(waits=waits)

    return await once(act)


@router.post(
    f"{PATH}/confirm",
    status_code=201,
    response_model=CorrectedShown,
    dependencies=[needs(CORRECT)],
    responses=problems(*_WRONG, ProposalNotFound, OwnProposal, *once_problems),
)
async def confirm(person_id: UUID, request_id: UUID, caller: CallerIn, once: OnceIn) -> Response:
    """Carry out what another operator prepared 复核通过; the next scan shows it."""

    async def act(tx: Transaction) -> CorrectedShown:
        version = await actions.confirm_correction(tx, caller, person_id, request_id)
        return CorrectedShown(person_id=person_id, version=version)

    return await once(act)


@router.post(f"{PATH}/decline", status_code=204, dependencies=[needs(CORRECT)], responses=problems(ProposalNotFound))
async def decline(person_id: UUID, request_id: UUID, body: ReasonBody, caller: CallerIn, database: DatabaseIn) -> None:
    """Put a prepared correction aside 退回; the request stays open."""
    await database.transact(lambda tx: actions.decline_correction(tx, caller, person_id, request_id, body.reason))
