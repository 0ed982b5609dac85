"""Consents over HTTP."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from healthcloud.core.db import Transaction
from healthcloud.core.http import CallerIn, DatabaseIn, Wish, needs, problems
from healthcloud.core.idempotency import OnceIn, once_problems
from healthcloud.people import errors as wrong
from healthcloud.people.consents import actions
from healthcloud.people.consents.model import LONGEST_TERM, Consent, ConsentWish
from healthcloud.people.request import REGISTER, RESIDENT, PolicyIn

router = APIRouter(prefix="/people", tags=["people"])


class ConsentBody(Wish):
    """What is agreed to: purpose, the version of the text that was shown, for how many days."""

    purpose: Annotated[str, Field(min_length=1, max_length=64, examples=["research.diabetes"])]
    text_version: Annotated[str, Field(min_length=1, max_length=64)]
    days: Annotated[int, Field(ge=1, le=LONGEST_TERM.days)]
    channel: Literal["app", "wechat", "counter", "institution", "paper"]


class ConsentShown(BaseModel):
    """A consent."""

    id: UUID
    purpose: str
    text_version: str
    channel: str
    given_at: datetime
    until: datetime
    withdrawn_at: datetime | None

    @classmethod
    def of(cls, consent: Consent) -> "ConsentShown":
        """Show a consent."""
        return cls(
            id=consent.id,
            purpose=consent.purpose,
            text_version=consent.text_version,
            channel=consent.channel,
            given_at=consent.given_at,
            until=consent.until,
            withdrawn_at=consent.withdrawn_at,
        )


@router.get("/me/consents", dependencies=[needs(RESIDENT)], responses=problems(wrong.PersonNotFound))
async def my_consents(caller: CallerIn, database: DatabaseIn) -> list[ConsentShown]:
    """List what one has agreed to 我的授权同意."""
    if caller.person_id is None:
        raise wrong.PersonNotFound
    async with database.read() as read:
        return [ConsentShown.of(one) for one in await actions.consents_of(read, caller.person_id)]


@router.post(
    "/{person_id:uuid}/consents",
    status_code=201,
    response_model=ConsentShown,
    dependencies=[needs(RESIDENT, REGISTER)],
    responses=problems(wrong.PersonNotFound, wrong.PersonGone, wrong.GuardianNeeded, *once_problems),
)
async def give(person_id: UUID, body: ConsentBody, caller: CallerIn, once: OnceIn, policy: PolicyIn) -> Response:
    """Agree to something 同意: oneself, for somebody one keeps, or as a clerk who holds the signed paper."""
    wish = ConsentWish(body.purpose, body.text_version, body.days, body.channel)

    async def act(tx: Transaction) -> ConsentShown:
        return ConsentShown.of(await actions.give_consent(tx, caller, person_id, wish, policy))

    return await once(act)


@router.delete(
    "/{person_id:uuid}/consents/{consent_id}",
    status_code=204,
    dependencies=[needs(RESIDENT, REGISTER)],
    responses=problems(wrong.PersonNotFound, wrong.ConsentNotFound),
)
async def withdraw_consent(person_id: UUID, consent_id: UUID, caller: CallerIn, database: DatabaseIn) -> None:
    """Withdraw a consent 撤回同意; from the next read on it no longer stands."""
    await database.transact(lambda tx: actions.withdraw_consent(tx, caller, person_id, consent_id))
