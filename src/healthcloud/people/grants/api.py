"""Care grants over HTTP."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from healthcloud.core.db import Transaction
from healthcloud.core.http import CallerIn, DatabaseIn, Day, Wish, needs, problems
from healthcloud.core.idempotency import OnceIn, once_problems
from healthcloud.people import errors as wrong
from healthcloud.people.grants import actions, reads
from healthcloud.people.grants.model import Grant, GrantScope, GrantState, GrantWish, Relation, read_terms
from healthcloud.people.request import (
    REGISTER,
    RESIDENT,
    DocumentBody,
    EvidenceText,
    NameText,
    PolicyIn,
    TodayIn,
)
from healthcloud.people.seen.model import mask_face_name
from healthcloud.people.seen.reads import faces

router = APIRouter(prefix="/people", tags=["people"])
_LIMITS = (wrong.TooManyKept, wrong.TooManyKeepers, wrong.GrantAlreadyOpen)
_PERSON = (wrong.PersonNotFound, wrong.PersonGone)
_DECIDING = (wrong.GrantNotFound, wrong.GrantDecided)


class AskBody(Wish):
    """For whom one asks to act: their name and document, as what, in which matters, until which day (inclusive)."""

    name: NameText
    document: DocumentBody
    relation: Relation
    scopes: Annotated[list[GrantScope], Field(min_length=1, max_length=len(GrantScope))]
    last_day: Day | None = None


class CounterBody(Wish):
    """Who may act for the person from now on, and what the clerk saw."""

    keeper_id: UUID
    relation: Relation
    scopes: Annotated[list[GrantScope], Field(min_length=1, max_length=len(GrantScope))]
    last_day: Day | None = None
    evidence: EvidenceText


class AcceptBody(Wish):
    """What a clerk saw; a person who accepts for themself leaves it out."""

    evidence: EvidenceText | None = None


class GrantShown(BaseModel):
    """A grant; `name` is the other's, masked."""

    id: UUID
    person_id: UUID
    keeper_id: UUID
    name: str | None = None
    relation: Relation
    scopes: list[GrantScope]
    state: GrantState
    asked_at: datetime
    until: datetime | None
    decided_at: datetime | None
    ended_at: datetime | None

    @classmethod
    def of(cls, grant: Grant, name: str | None = None) -> "GrantShown":
        """Show a grant."""
        return cls(
            id=grant.id,
            person_id=grant.person_id,
            keeper_id=grant.keeper_id,
            name=name,
            relation=Relation(grant.relation),
            scopes=[GrantScope(scope) for scope in grant.scopes],
            state=GrantState(grant.state),
            asked_at=grant.asked_at,
            until=grant.until,
            decided_at=grant.decided_at,
            ended_at=grant.ended_at,
        )


@router.get("/me/keepers", dependencies=[needs(RESIDENT)], responses=problems(wrong.PersonNotFound))
async def my_keepers(caller: CallerIn, database: DatabaseIn) -> list[GrantShown]:
    """List who asked, may, and might act for oneself 谁可以替我办."""
    if caller.person_id is None:
        raise wrong.PersonNotFound
    async with database.read() as read:
        grants = await reads.grants_of(read, caller.person_id)
        seen = await faces(read, None, {grant.keeper_id for grant in grants})
    return [GrantShown.of(one, mask_face_name(seen.get(one.keeper_id))) for one in grants]


@router.get("/me/kept", dependencies=[needs(RESIDENT)], responses=problems(wrong.PersonNotFound))
async def my_kept(caller: CallerIn, database: DatabaseIn) -> list[GrantShown]:
    """List for whom one asked to act, or may 我可以替谁办."""
    if caller.person_id is None:
        raise wrong.PersonNotFound
    async with database.read() as read:
        grants = await reads.kept_by(read, caller.person_id)
        seen = await faces(read, None, {grant.person_id for grant in grants})
    return [GrantShown.of(one, mask_face_name(seen.get(one.person_id))) for one in grants]


@router.post(
    "/me/kept",
    status_code=201,
    response_model=GrantShown,
    dependencies=[needs(RESIDENT)],
    responses=problems(*_PERSON, *_LIMITS, *once_problems),
)
async def ask(body: AskBody, caller: CallerIn, once: OnceIn, policy: PolicyIn) -> Response:
    """Ask to act for somebody 申请代办; they agree in their own account or at a counter."""
    wish = GrantWish(body.name, body.document.form(), body.relation, tuple(body.scopes), body.last_day)

    async def act(tx: Transaction) -> GrantShown:
        return GrantShown.of(await actions.ask_grant(tx, caller, wish, policy))

    return await once(act)


@router.post(
    "/{person_id:uuid}/grants",
    status_code=201,
    response_model=GrantShown,
    dependencies=[needs(REGISTER)],
    responses=problems(*_PERSON, *_LIMITS, *once_problems),
)
async def at_counter(
    person_id: UUID, body: CounterBody, caller: CallerIn, once: OnceIn, policy: PolicyIn, today: TodayIn
) -> Response:
    """Let somebody act for a person by what a clerk saw 窗口办理代办: for elders without a phone and for children."""
    terms = read_terms(body.relation, body.scopes, body.last_day, today)

    async def act(tx: Transaction) -> GrantShown:
        granted = await actions.grant_at_counter(tx, caller, person_id, body.keeper_id, terms, body.evidence, policy)
        return GrantShown.of(granted)

    return await once(act)


@router.post(
    "/{person_id:uuid}/grants/{grant_id}/acceptance",
    dependencies=[needs(RESIDENT, REGISTER)],
    responses=problems(*_DECIDING, wrong.GuardianNeeded, wrong.TooManyKeepers, *_PERSON),
)
async def accept(
    person_id: UUID, grant_id: UUID, body: AcceptBody, caller: CallerIn, database: DatabaseIn, policy: PolicyIn
) -> GrantShown:
    """Agree to what was asked 同意代办."""
    return GrantShown.of(
        await database.transact(lambda tx: actions.accept_grant(tx, caller, person_id, grant_id, body.evidence, policy))
    )


@router.post(
    "/{person_id:uuid}/grants/{grant_id}/refusal",
    status_code=204,
    dependencies=[needs(RESIDENT, REGISTER)],
    responses=problems(*_DECIDING),
)
async def refuse(person_id: UUID, grant_id: UUID, caller: CallerIn, database: DatabaseIn) -> None:
    """Say no to what was asked 拒绝代办."""
    await database.transact(lambda tx: actions.refuse_grant(tx, caller, person_id, grant_id))


@router.delete(
    "/{person_id:uuid}/grants/{grant_id}",
    status_code=204,
    dependencies=[needs(RESIDENT, REGISTER)],
    responses=problems(*_DECIDING),
)
async def withdraw_grant(person_id: UUID, grant_id: UUID, caller: CallerIn, database: DatabaseIn) -> None:
    """Take a grant back 终止代办, from either side."""
    await database.transact(lambda tx: actions.withdraw_grant(tx, caller, person_id, grant_id))
