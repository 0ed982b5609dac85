"""The uses of a card, for its owner."""

from operator import attrgetter
from uuid import UUID

from healthcloud import audit
from healthcloud.cards import deeds
from healthcloud.cards.reads import my_card
from healthcloud.cards.uses import store
from healthcloud.cards.uses.model import NEWEST, Place, UseLine
from healthcloud.core.caller import Caller, CallerKind
from healthcloud.core.db import Read, Transaction
from healthcloud.core.errors import Forbidden

RESIDENT = "resident"


async def my_uses(read: Read, caller: Caller, *, before: Place = NEWEST, limit: int = 50) -> list[UseLine]:
    """Return the uses of the caller's own card, newest first; the next page starts before the last one's place."""
    return await _uses(read, caller, caller.person_id, before, limit)


async def open_uses(
    tx: Transaction, caller: Caller, person_id: UUID, *, before: Place = NEWEST, limit: int = 50
) -> list[UseLine]:
    """Return the uses of somebody the caller keeps; a deed their owner reads."""
    uses = await _uses(tx, caller, person_id, before, limit)
    await audit.record(tx, caller, deeds.USES_READ, person_id)
    return uses


async def _uses(read: Read, caller: Caller, person_id: UUID | None, before: Place, limit: int) -> list[UseLine]:
    # Only the holder and their keepers: staff see what was done at their desk, not where else somebody goes.
    if caller.kind is not CallerKind.RESIDENT:
        raise Forbidden(scope=RESIDENT)
    card = await my_card(read, caller, person_id)
    card_ids = await store.card_ids_of(read, card.id)
    seen = await store.uses_of(read, card_ids, before, limit)
    told = await store.reported_of(read, card_ids, before, limit)
    return sorted([*seen, *told], key=attrgetter("place"), reverse=True)[:limit]
