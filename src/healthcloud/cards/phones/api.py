"""A card's phones over HTTP."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from healthcloud.cards import errors as wrong
from healthcloud.cards.phones import actions, reads
from healthcloud.cards.phones.certificates import PhoneCertificate, certify_phone
from healthcloud.cards.phones.errors import (
    LabelTelling,
    PhoneKeyTaken,
    PhoneKeyUnusable,
    PhoneNotFound,
    PhoneProofWrong,
    PhonesFull,
    SlotsSpent,
)
from healthcloud.cards.phones.forms import CertificateWish, PhoneShown, PhoneWish
from healthcloud.cards.phones.secrets import PhoneSecrets
from healthcloud.core.http import CallerIn, DatabaseIn, SettingsIn, needs, problems
from healthcloud.core.idempotency import OnceIn, once_problems

router = APIRouter(prefix="/cards/phones", tags=["cards"])

MANAGE, RESIDENT = "cards.manage", "resident"
PersonQuery = Annotated[UUID | None, Query(description="Left out by a resident for themself. 本人办理时不填。")]
_FOUND = (wrong.CardNotFound, wrong.PersonUnlinked)


@router.get("", dependencies=[needs(RESIDENT, MANAGE)], responses=problems(*_FOUND))
async def phones(database: DatabaseIn, caller: CallerIn, person_id: PersonQuery = None) -> list[PhoneShown]:
    """List the phones that make codes of a card by themselves."""
    async with database.read() as read:
        found = await reads.my_phones(read, caller, person_id)
    return [
        PhoneShown(
            id=phone.id,
            label=phone.label,
            enrolled_at=phone.enrolled_at,
            is_this_account=phone.account_id == caller.account_id,
        )
        for phone in found
    ]


@router.post(
    "",
    status_code=201,
    response_model=PhoneSecrets,
    dependencies=[needs(RESIDENT)],
    responses=problems(
        *_FOUND, wrong.CardNotUsable, wrong.RealNameNeeded, PhonesFull, SlotsSpent, LabelTelling, *once_problems
    ),
)
async def enrol(wish: PhoneWish, caller: CallerIn, once: OnceIn, settings: SettingsIn) -> Response:
    """Enrol a phone to make codes with no network; its secrets are shown to it alone."""
    return await once(
        lambda tx: actions.enrol_phone(tx, caller, wish.person_id, wish.label, most=settings.phones_per_card)
    )


@router.get(
    "/{phone_id}/secrets",
    dependencies=[needs(RESIDENT)],
    responses=problems(*_FOUND, PhoneNotFound, wrong.CardNotUsable),
)
async def secrets(
    phone_id: UUID, database: DatabaseIn, caller: CallerIn, person_id: PersonQuery = None
) -> PhoneSecrets:
    """Return a phone's secrets for this period and the next, to the account that enrolled it."""
    async with database.read() as read:
        return await reads.my_secrets(read, caller, person_id, phone_id)


@router.post(
    "/{phone_id}/certificate",
    status_code=201,
    response_model=PhoneCertificate,
    dependencies=[needs(RESIDENT)],
    responses=problems(
        *_FOUND,
        PhoneNotFound,
        wrong.CardNotUsable,
        wrong.RealNameNeeded,
        PhoneKeyUnusable,
        PhoneProofWrong,
        PhoneKeyTaken,
        *once_problems,
    ),
)
async def certify(
    phone_id: UUID, wish: CertificateWish, caller: CallerIn, once: OnceIn, settings: SettingsIn
) -> Response:
    """Certify the key a phone signs its codes with 手机密钥证书, for readers with no network; renew at `renew_at`."""
    lifetime = timedelta(days=settings.certificate_days)
    return await once(
        lambda tx: certify_phone(tx, caller, wish.person_id, phone_id, *wish.key_proof(), lifetime=lifetime)
    )


@router.delete(
    "/{phone_id}", status_code=204, dependencies=[needs(RESIDENT, MANAGE)], responses=problems(*_FOUND, PhoneNotFound)
)
async def remove(phone_id: UUID, database: DatabaseIn, caller: CallerIn, person_id: PersonQuery = None) -> None:
    """Remove a phone: its next code is refused."""
    await database.transact(lambda tx: actions.remove_phone(tx, caller, person_id, phone_id))
