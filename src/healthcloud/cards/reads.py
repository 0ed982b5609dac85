"""Looking at a card: whose it is, and how it stands."""

from collections.abc import Collection
from uuid import UUID

from healthcloud.cards import store
from healthcloud.cards.errors import CardNotFound
from healthcloud.cards.model import Card, CardStatus
from healthcloud.cards.subject import subject_of
from healthcloud.core.caller import Caller
from healthcloud.core.db import Read

MANAGE = "cards.manage"


async def card_of(read: Read, person_id: UUID) -> Card | None:
    """Return the card a canonical person holds, never an alias of it; None who holds none."""
    card_id = await store.held_card_id(read, person_id)
    card = None if card_id is None else await store.find_card(read, card_id)
    if card is None or card.alias_of is None:
        return card
    return await store.find_card(read, card.alias_of)


async def statuses_of(read: Read, person_ids: Collection[UUID]) -> dict[UUID, CardStatus]:
    """Return how the cards of canonical persons stand; who holds none is left out."""
    found = await store.statuses(read, list(person_ids)) if person_ids else []
    return {one.person_id: CardStatus(one.status) for one in found}


async def my_card(read: Read, caller: Caller, person_id: UUID | None = None) -> Card:
    """Return the card of the caller, or of whom they may act for; raise CardNotFound."""
    card = await card_of(read, await subject_of(read, caller, person_id, MANAGE))
    if card is None:
        raise CardNotFound
    return card
