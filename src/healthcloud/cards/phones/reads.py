"""Looking at a card's phones, and renewing a phone's secrets."""

from uuid import UUID

from healthcloud.cards.errors import CardNotUsable
from healthcloud.cards.model import CardStatus
from healthcloud.cards.phones import store
from healthcloud.cards.phones.errors import PhoneNotFound
from healthcloud.cards.phones.model import Phone
from healthcloud.cards.phones.secrets import PhoneSecrets, secrets_of
from healthcloud.cards.reads import my_card
from healthcloud.core.caller import Caller
from healthcloud.core.db import Read


async def my_phones(read: Read, caller: Caller, person_id: UUID | None = None) -> list[Phone]:
    """Return the phones that make codes of the caller's card, or of a card they keep."""
    card = await my_card(read, caller, person_id)
    return [phone for phone in await store.phones_of(read, card.id) if phone.removed_at is None]


async def my_secrets(read: Read, caller: Caller, person_id: UUID | None, phone_id: UUID) -> PhoneSecrets:
    """Return a phone's secrets again, to the account that enrolled it; raise PhoneNotFound."""
    card = await my_card(read, caller, person_id)
    if card.status != CardStatus.NORMAL:
        raise CardNotUsable(status=card.status, reason=card.reason)
    for phone in await store.phones_of(read, card.id):
        if phone.id == phone_id and phone.account_id == caller.account_id and phone.removed_at is None:
            return secrets_of(read, phone)
    raise PhoneNotFound
