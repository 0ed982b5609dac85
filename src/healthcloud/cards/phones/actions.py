"""Enrolling and removing the phones that make a card's codes by themselves."""

from collections.abc import Callable, Sequence
from uuid import UUID

from healthcloud import audit, people
from healthcloud.cards import deeds
from healthcloud.cards.changes import hold_card
from healthcloud.cards.errors import CardNotFound, CardNotUsable, RealNameNeeded
from healthcloud.cards.events import PhoneEnrolled, PhoneRemoved
from healthcloud.cards.model import REAL_NAME_LEVEL, Card, CardStatus
from healthcloud.cards.offline import revoking
from healthcloud.cards.phones import store
from healthcloud.cards.phones.errors import PhoneNotFound
from healthcloud.cards.phones.model import Phone, next_place, plain_label
from healthcloud.cards.phones.secrets import PhoneSecrets, secrets_of
from healthcloud.cards.subject import subject_of
from healthcloud.core.caller import SYSTEM, Caller, CallerKind
from healthcloud.core.db import Transaction
from healthcloud.core.errors import Forbidden
from healthcloud.core.ids import new_id

MANAGE = "cards.manage"
MOST_PHONES = 5


async def enrol_phone(
    tx: Transaction, caller: Caller, person_id: UUID | None, label: str, *, most: int = MOST_PHONES
) -> PhoneSecrets:
    """
    Give a phone a slot, and the secrets of this period and the next to make codes without the network.

    Only for the card's own resident, or who keeps them, once the name is checked; everybody who follows the card's
    events is told.
    """
    if caller.kind is not CallerKind.RESIDENT or caller.person_id is None:
        raise Forbidden("only a resident's phone makes codes")
    target = await subject_of(tx, caller, person_id, MANAGE)
    card = await hold_card(tx, target)
    if card is None:
        raise CardNotFound
    if card.status != CardStatus.NORMAL:
        raise CardNotUsable(status=card.status, reason=card.reason)
    seen = (await people.faces(tx, None, [target]))[target]
    if seen.level < REAL_NAME_LEVEL:
        raise RealNameNeeded(level=int(seen.level))
    slot, epoch = next_place(await store.phones_of(tx, card.id), most)
    now = tx.clock.now()
    phone = Phone(card.id, slot, new_id(), epoch, plain_label(label), caller.account_id, caller.person_id, now, None)
    await store.place_phone(tx, phone)
    await audit.record(tx, caller, deeds.PHONE_ENROLLED, card.person_id, detail={"phone": str(phone.id)})
    await tx.announce(PhoneEnrolled(card.person_id, phone.id, caller.account_id))
    return secrets_of(tx, phone)


async def remove_phone(tx: Transaction, caller: Caller, person_id: UUID | None, phone_id: UUID) -> None:
    """Remove a phone: its next code is refused. Raise PhoneNotFound."""
    card = await hold_card(tx, await subject_of(tx, caller, person_id, MANAGE))
    if card is None:
        raise CardNotFound
    if not await _remove(tx, caller, card, lambda phone: phone.id == phone_id):
        raise PhoneNotFound


async def remove_phones_where(
    tx: Transaction, caller: Caller, person_id: UUID, unwanted: Callable[[Phone], bool]
) -> None:
    """Remove phones that must go without anybody asking: an account or a keeper lost its right."""
    card = await hold_card(tx, person_id)
    if card is not None:
        await _remove(tx, caller, card, unwanted)


async def retire_phones(tx: Transaction, caller: Caller, card: Card) -> list[Phone]:
    """Remove every phone of a card that ends; return those it had."""
    return await _remove(tx, caller, card, lambda _: True)


async def restore_phones(tx: Transaction, card: Card, phone_ids: Sequence[UUID]) -> None:
    """
    Put phones back that went when the card came to stand for another, with the secrets they had.

    Only those whose account may still show the card; certificates they had stay void and are asked for anew.
    """
    fit = [
        phone.id
        for phone in await store.phones_of(tx, card.id)
        if phone.id in phone_ids and phone.removed_at is not None and await _may_still(tx, card, phone)
    ]
    for phone in await store.put_back_phones(tx, card.id, fit):
        await audit.record(tx, SYSTEM, deeds.PHONE_ENROLLED, card.person_id, detail={"phone": str(phone.id)})


async def _may_still(tx: Transaction, card: Card, phone: Phone) -> bool:
    """Tell whether a phone's account is still of whoever enrolled it, and they are the holder or keep the card."""
    keeper = await people.canonical_of(tx, phone.keeper_id)
    owner = await people.accounts.person_of_account(tx, phone.account_id)
    if owner is not None and owner != keeper:
        return False
    caller = Caller(CallerKind.RESIDENT, phone.account_id, frozenset({"resident"}), person_id=phone.keeper_id)
    return await people.may_act_for(tx, caller, card.person_id, people.grants.GrantScope.CARD)


async def _remove(tx: Transaction, caller: Caller, card: Card, unwanted: Callable[[Phone], bool]) -> list[Phone]:
    ids = [phone.id for phone in await store.phones_of(tx, card.id) if unwanted(phone)]
    removed = await store.remove_phones(tx, card.id, ids, tx.clock.now()) if ids else []
    await revoking.void(tx, card.id, [phone.slot for phone in removed])
    for phone in removed:
        await audit.record(tx, caller, deeds.PHONE_REMOVED, card.person_id, detail={"phone": str(phone.id)})
        await tx.announce(PhoneRemoved(card.person_id, phone.id))
    return removed
