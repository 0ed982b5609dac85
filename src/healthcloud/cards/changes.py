"""What every change of a card shares: the card held still, the row and its aliases written, the history kept."""

from dataclasses import replace
from typing import NamedTuple
from uuid import UUID

from healthcloud import audit
from healthcloud.cards import store
from healthcloud.cards.errors import CardNotFound
from healthcloud.cards.model import Card, CardKind, CardStatus, Change, Why, raises_epoch, status_after
from healthcloud.cards.offline import revoking
from healthcloud.core.caller import Caller
from healthcloud.core.db import Transaction
from healthcloud.core.ids import new_id

# A card that was never in use has no certificates that readers must hear of.
_TOLD_READERS = (Change.FREEZE, Change.UNFREEZE, Change.CANCEL, Change.RESTORE, Change.TAKE_BACK)


class Moved(NamedTuple):
    """The status a card had and the one it has; None where it was or is no card of its own, as an alias is none."""

    before: int | None
    after: int | None


async def hold_card(tx: Transaction, person_id: UUID) -> Card | None:
    """Return the card a canonical person holds, never an alias, unchanged until this transaction ends."""
    card_id = await store.held_card_id(tx, person_id)
    card = None if card_id is None else await store.lock_card(tx, card_id)
    if card is None or card.alias_of is None:
        return card
    return await store.lock_card(tx, card.alias_of)


async def change(tx: Transaction, caller: Caller, card: Card, what: Change, why: Why | None = None) -> Card:
    """
    Change a card held still, with its aliases, and keep the change; raise ChangeImpossible.

    A conversion makes the card a standard one. Codes made before a freeze or an end are never good again.
    """
    after = status_after(what, card.status)
    reason = card.reason if what is Change.CONVERT else why
    wanted = replace(card, status=after, reason=reason)
    if what is Change.CONVERT:
        wanted = replace(wanted, kind=CardKind.STANDARD, deadline=None)
    ids = [card.id, *await store.alias_ids(tx, card.id)]
    changed = await store.write_change(tx, ids, wanted, tx.clock.now(), raise_epoch=raises_epoch(what))
    if changed is None:
        raise CardNotFound
    if what in _TOLD_READERS:
        await revoking.stand(tx, ids, stopped=after is not CardStatus.NORMAL)
    await keep(tx, caller, card.id, what, card.status, after, why)
    return changed


async def keep(
    tx: Transaction,
    caller: Caller,
    card_id: bytes,
    what: Change,
    before: int | None,
    after: int,
    why: str | None = None,
) -> None:
    """Keep a change in the card's history."""
    await store.add_history(tx, caller, card_id, (new_id(), tx.clock.now(), what, before, after, why))


async def record(
    tx: Transaction, caller: Caller, deed: str, card: Card, why: str | None = None, *, moved: Moved | None = None
) -> None:
    """Write the line the card's holder reads; `moved` tells whoever counts cards by their status."""
    detail: dict[str, str | int | None] = {"kind": card.kind}
    if moved is not None:
        detail |= {"before": moved.before, "after": moved.after}
    await audit.record(tx, caller, deed, card.person_id, reason=caller.reason or why, detail=detail)
