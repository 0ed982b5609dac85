"""Loading cards for many persons at once: the demonstration city, a bench, a city that joins with its card base."""

from collections.abc import Sequence
from uuid import UUID

from healthcloud import audit
from healthcloud.cards import deeds
from healthcloud.cards.model import CardKind, CardStatus, Change, Mode
from healthcloud.cards.ports import RANDOM_CARD_IDS, CardIdStrategy
from healthcloud.core.caller import Caller
from healthcloud.core.copying import DIGEST_SIZE, NULL, UUID_SIZE, columns, instant, integer, sized, smallint
from healthcloud.core.db import Transaction
from healthcloud.core.ids import new_id, new_ids

MANAGE = "cards.manage"
_CARD = ("id", "person_id", "status", "kind", "epoch", "mode", "version", "created_at", "changed_at")
_HISTORY = ("card_id", "at", "id", "change", "before", "after", "account_id", "institution_id")
_HELD = columns(2) + UUID_SIZE
_CARDS = columns(len(_CARD)) + DIGEST_SIZE
_VERSION = 2  # made, then issued
_LINE = columns(len(_HISTORY)) + DIGEST_SIZE


async def load_cards(
    tx: Transaction, caller: Caller, person_ids: Sequence[UUID], *, card_ids: CardIdStrategy = RANDOM_CARD_IDS
) -> list[bytes]:
    """
    Give each of these persons a normal card by COPY; return the card ids in their order.

    The caller has registered and verified them. A person who holds a card already fails the whole load (holders_pk),
    nothing is announced, and one deed stands for all.
    """
    caller.must(MANAGE)
    ids = [card_ids.new_card_id(person_id) for person_id in person_ids]
    # Cards are found by ids that say nothing: sorted, those of one load stand near each other in the index.
    held = sorted(zip(ids, person_ids, strict=True))
    holders = [_HELD + person_id.bytes + DIGEST_SIZE + card_id for card_id, person_id in held]
    await tx.copy("cards", "holders", ("person_id", "card_id"), sorted(holders))
    at = instant(tx.clock.now())
    head = smallint(CardStatus.NORMAL) + sized(CardKind.STANDARD.encode()) + integer(0)
    tail = head + smallint(Mode.PREGENERATED) + integer(_VERSION) + at + at
    cards = [_CARDS + card_id + UUID_SIZE + person_id.bytes + tail for card_id, person_id in held]
    await tx.copy("cards", "cards", _CARD, cards)
    await tx.copy("cards", "history", _HISTORY, _lines(caller, at, [card_id for card_id, _ in held]))
    await audit.record(tx, caller, deeds.LOADED, new_id(), detail={"cards": len(ids)})
    return ids


def _lines(caller: Caller, at: bytes, card_ids: Sequence[bytes]) -> list[bytes]:
    """Return a line of history for each card."""
    made = sized(Change.ISSUE.encode()) + smallint(CardStatus.UNISSUED) + smallint(CardStatus.NORMAL)
    made += sized(caller.account_id.bytes)
    made += sized(caller.institution_id.bytes) if caller.institution_id else NULL
    lines = zip(card_ids, new_ids(len(card_ids)), strict=True)
    return [_LINE + card_id + at + UUID_SIZE + line_id + made for card_id, line_id in lines]
