"""Care grants that need no clerk, over HTTP: a mother's newborn, and an elder who agrees by a code to their phone."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from healthcloud import access, channels
from healthcloud.core.db import Transaction
from healthcloud.core.http import CallerIn, DatabaseIn, SettingsIn, Wish, address_of, needs, problems
from healthcloud.core.idempotency import OnceIn, once_problems
from healthcloud.people import errors as wrong
from healthcloud.people.grants import actions, agreeing, reads
from healthcloud.people.grants.api import GrantShown
from healthcloud.people.request import RESIDENT, PhoneText, PolicyIn
from healthcloud.people.seen.model import mask_face_name

router = APIRouter(prefix="/people", tags=["people"])
_ASKED = (wrong.GrantNotFound, wrong.GrantDecided, channels.NotAMobileNumber)
_CODE = access.residents


class NewbornShown(BaseModel):
    """A child registered with the caller as the mother; the name is masked, and null until there is one."""

    person_id: UUID
    name: str | None
    birth_date: date


class AgreementCodeBody(Wish):
    """The phone of whom one asked to act for; a code is sent only if it is their registered one."""

    phone: PhoneText


class AgreementBody(AgreementCodeBody):
    """That phone, and the code that came to it."""

    code: Annotated[str, Field(min_length=6, max_length=6, pattern="^[0-9]+$", description="6 digits")]


async def _access_policy(settings: SettingsIn) -> access.AccessPolicy:
    return access.AccessPolicy.of(settings)


AccessPolicyIn = Annotated[access.AccessPolicy, Depends(_access_policy)]


async def _browser(request: Request, response: Response, policy: AccessPolicyIn) -> tuple[str, str]:
    return address_of(request), access.sessions.device_of(request, response, secure=policy.secure_cookies)


@router.get("/me/newborns", dependencies=[needs(RESIDENT)], responses=problems(wrong.PersonNotFound))
async def newborns(caller: CallerIn, database: DatabaseIn) -> list[NewbornShown]:
    """List the children one was registered with as the mother and does not act for yet 可领取的新生儿."""
    if caller.person_id is None:
        raise wrong.PersonNotFound
    async with database.read() as read:
        found = await reads.newborns_to_keep(read, caller.person_id)
    return [
        NewbornShown(person_id=one.canonical_id, name=mask_face_name(one), birth_date=one.face.birth_date)
        for one in found
    ]


@router.post(
    "/me/newborns/{person_id:uuid}/keeping",
    status_code=201,
    response_model=GrantShown,
    dependencies=[needs(RESIDENT)],
    responses=problems(
        *(wrong.PersonNotFound, wrong.PersonGone, wrong.TooManyKept, wrong.TooManyKeepers, wrong.GrantAlreadyOpen),
        *once_problems,
    ),
)
async def keep_newborn(person_id: UUID, caller: CallerIn, once: OnceIn, policy: PolicyIn) -> Response:
    """Act for one's newborn in every matter, until of age 母亲为新生儿代办; the birth's record is the proof."""

    async def act(tx: Transaction) -> GrantShown:
        return GrantShown.of(await actions.keep_newborn(tx, caller, person_id, policy))

    return await once(act)


@router.post(
    "/me/kept/{person_id:uuid}/{grant_id:uuid}/codes",
    status_code=202,
    dependencies=[needs(RESIDENT)],
    responses=problems(*_ASKED, _CODE.CodesTooOften),
)
async def send_code(
    person_id: UUID,
    grant_id: UUID,
    body: AgreementCodeBody,
    caller: CallerIn,
    database: DatabaseIn,
    policy: AccessPolicyIn,
    browser: Annotated[tuple[str, str], Depends(_browser)],
) -> access.residents.CodeSent:
    """Have a code sent to the phone of whom one asked to act for 向本人手机发送同意验证码; the answer tells nothing."""
    grant = (person_id, grant_id)
    return await agreeing.send_agreement_code(database, policy, caller, grant, body.phone, browser)


@router.post(
    "/me/kept/{person_id:uuid}/{grant_id:uuid}/agreement",
    dependencies=[needs(RESIDENT)],
    responses=problems(*_ASKED, wrong.GuardianNeeded, wrong.TooManyKeepers, _CODE.CodeRefused, _CODE.CodesLocked),
)
async def agree(
    person_id: UUID,
    grant_id: UUID,
    body: AgreementBody,
    caller: CallerIn,
    database: DatabaseIn,
    access_policy: AccessPolicyIn,
    policy: PolicyIn,
    request: Request,
) -> GrantShown:
    """Put what was asked in force by the code the person told 本人验证码同意代办."""
    grant, policies, proof = (person_id, grant_id), (access_policy, policy), (body.phone, body.code)
    agreed = await agreeing.agree_by_code(database, policies, caller, grant, proof, address_of(request))
    return GrantShown.of(agreed)
