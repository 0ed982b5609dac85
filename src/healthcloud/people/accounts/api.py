"""Whose an account is, over HTTP."""

from dataclasses import replace
from uuid import UUID

from fastapi import APIRouter, Response

from healthcloud import access
from healthcloud.core.db import Transaction
from healthcloud.core.http import CallerIn, DatabaseIn, Day, Wish, needs, problems
from healthcloud.core.idempotency import OnceIn, once_problems
from healthcloud.people import errors as wrong
from healthcloud.people.accounts import actions
from healthcloud.people.counter.gathered import RegisteredShown
from healthcloud.people.registration.form import RegistrationForm, read_registration
from healthcloud.people.registry.checks import verify_registration
from healthcloud.people.registry.request import RegistryIn
from healthcloud.people.request import (
    CORRECT,
    RESIDENT,
    CodeText,
    DocumentBody,
    Done,
    NameText,
    PolicyIn,
    TodayIn,
)

router = APIRouter(prefix="/people", tags=["people"])


class ClaimBody(Wish):
    """Who one is: name and document, as they stand on it."""

    name: NameText
    document: DocumentBody
    sex: CodeText | None = None
    birth_date: Day | None = None


class AttachBody(Wish):
    """The account that is to belong to this person."""

    account_id: UUID


@router.post(
    "/me",
    status_code=201,
    response_model=RegisteredShown,
    dependencies=[needs(RESIDENT)],
    responses=problems(
        wrong.AccountHasPerson,
        wrong.IdentityNotConfirmed,
        wrong.RegistryMismatch,
        wrong.DeceasedInRegistry,
        wrong.PhoneHasTooManyPersons,
        *once_problems,
    ),
)
async def claim(
    body: ClaimBody,
    caller: CallerIn,
    database: DatabaseIn,
    once: OnceIn,
    policy: PolicyIn,
    registry: RegistryIn,
    today: TodayIn,
) -> Response:
    """Be verified as oneself 实名认证: the account belongs to this person from now on."""
    form = RegistrationForm(name=body.name, sex=body.sex, birth_date=body.birth_date, documents=(body.document.form(),))
    registration = read_registration(form, today)
    async with database.read() as read:
        registration = replace(registration, phone=await access.own_phone(read, caller))
    verification = await verify_registration(registry, registration, seen=False)

    async def act(tx: Transaction) -> RegisteredShown:
        answer = await actions.claim_own_person(tx, caller, registration, verification, policy)
        return RegisteredShown.of(answer)

    return await once(act)


@router.put(
    "/{person_id:uuid}/account",
    dependencies=[needs(CORRECT)],
    responses=problems(wrong.PersonNotFound, wrong.PersonGone, wrong.AccountHasPerson),
)
async def attach(person_id: UUID, body: AttachBody, caller: CallerIn, database: DatabaseIn) -> Done:
    """Tie an account to a person who stands at the counter 绑定账号; an earlier account is untied."""
    await database.transact(lambda tx: actions.attach_account(tx, caller, person_id, body.account_id))
    return Done(person_id=person_id)


@router.delete(
    "/{person_id:uuid}/account",
    status_code=204,
    dependencies=[needs(CORRECT)],
    responses=problems(wrong.PersonNotFound, wrong.PersonGone),
)
async def detach(person_id: UUID, caller: CallerIn, database: DatabaseIn) -> None:
    """Untie a person's account 解除绑定."""
    await database.transact(lambda tx: actions.detach_account(tx, caller, person_id))
