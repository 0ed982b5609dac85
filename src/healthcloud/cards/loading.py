"""Loading cards for many persons at once: the demonstration city, a bench, a city that joins with its card base."""

from collections.abc import Sequence
from uuid import UUID

from healthcloud import audit
from healthcloud.cards import deeds
from healthcloud.cards.model import CardKind, CardStatus, Change, Mode
from healthcloud.cards.ports import RANDOM_CARD_IDS, CardIdStrategy
from healthcloud.core.caller import Caller
from healthcloud.core.db import Transaction
from healthcloud.core.ids import new_id

MANAGE = "cards.manage"
_CARD = ("id", "person_id", "status", "kind", "epoch", "mode", "version", "created_at", "changed_at")
_HISTORY = ("card_id", "at", "id", "change", "after", "account_id", "institution_id")


async def load_cards(
    tx: Transaction, caller: Caller, person_ids: Sequence[UUID], *, card_ids: CardIdStrategy = RANDOM_CARD_IDS
) -> list[bytes]:
    """
    Give each of these persons a normal card by COPY; return the card ids in their order.

    The caller has registered and verified them. A person who holds a card already fails the whole load (holders_pk),
    nothing is announced, and one deed stands for all.
    """
    caller.must(MANAGE)
    now = tx.clock.now()
    ids = [card_ids.new_card_id(person_id) for person_id in person_ids]
    held = list(zip(person_ids, ids, strict=True))
    await tx.copy("cards", "holders", ("person_id", "card_id"), [*held])
    cards = [
        (card_id, person_id, CardStatus.NORMAL, CardKind.STANDARD, 0, Mode.PREGENERATED, 1, now, now)
        for person_id, card_id in held
    ]
    await tx.copy("cards", "cards", _CARD, [*cards])
    lines = [
        (card_id, now, new_id(), Change.ISSUE, CardStatus.NORMAL, caller.account_id, caller.institution_id)
        for card_id in ids
    ]
    await tx.copy("cards", "history", _HISTORY, [*lines])
    await audit.record(tx, caller, deeds.LOADED, new_id(), detail={"cards": len(ids)})
    return ids
