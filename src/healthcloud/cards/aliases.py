"""Other ids of a card: a test id before the production one (updateHealthCardId), the later of a person's two cards."""

from dataclasses import replace

from healthcloud.cards import changes, deeds, set_aside, store
from healthcloud.cards.errors import AliasImpossible, CardNotFound
from healthcloud.cards.model import Card, CardStatus, Change
from healthcloud.cards.offline import revoking
from healthcloud.cards.phones import restore_phones, retire_phones
from healthcloud.core.caller import Caller
from healthcloud.core.db import Transaction

MANAGE = "cards.manage"


async def add_alias(tx: Transaction, caller: Caller, old_id: bytes, card_id: bytes) -> Card:
    """
    Have an old card id stand for a card: scans of it show that card, with its status from now on.

    The old id may be a card of ours, whose phones are then removed, or one we never gave out. Raises AliasImpossible.
    """
    caller.must(MANAGE)
    card = await store.lock_card(tx, card_id)
    if card is None:
        raise CardNotFound
    old = await store.lock_card(tx, old_id)
    if card.alias_of is not None or old_id == card_id:
        raise AliasImpossible
    if old is not None and old.alias_of is not None:
        if old.alias_of == card_id:
            return card
        raise AliasImpossible
    await stand_for(tx, caller, old, old_id, card)
    return card


async def stand_for(tx: Transaction, caller: Caller, old: Card | None, old_id: bytes, card: Card) -> None:
    """Make the old id, and whatever stood for it, aliases of a card, one step only; what it was is kept for `part`."""
    if old is None:
        await store.add_card(tx, replace(card, id=old_id, alias_of=card.id, epoch=0, version=1))
        ids = [old_id]
    else:
        aliases = await store.alias_ids(tx, old_id)
        ids = [old_id, *aliases]
        phones = await retire_phones(tx, caller, old)
        await set_aside.keep(tx, set_aside.SetAside.of(old, card, aliases, phones, tx.clock.now()))
        await store.forget_aliases(tx, old_id)
        await store.point_aliases(tx, ids, card.id)
    await store.add_alias(tx, card.id, ids)
    await store.write_change(tx, ids, card, tx.clock.now(), raise_epoch=False)
    await _tell_readers(tx, ids, card)
    await changes.keep(tx, caller, old_id, Change.ALIAS, old.status if old else None, card.status)
    moved = changes.Moved(old.status if old else None, None)
    await changes.record(tx, caller, deeds.ALIAS_CHANGED, card, moved=moved)


async def part(tx: Transaction, caller: Caller, alias: Card) -> None:
    """
    Let an alias be the card it was again: a merge of two persons was taken back.

    Its status is what it was, unless something happened to the card it stood for since: then it keeps what came of
    that. Ids that stood for it do so again, and phones of whoever may still show it are enrolled as they were. An alias
    that another one brought along goes back with that one.
    """
    if alias.alias_of is None:
        return
    kept = await set_aside.kept(tx, alias.id)
    if kept is not None and kept.stands_for != alias.alias_of:
        return
    ids = [alias.id, *(kept.aliases if kept else ())]
    for one in ids:
        await store.drop_alias(tx, alias.alias_of, one)
    await store.point_aliases(tx, [alias.id], None)
    card = alias
    if kept is not None:
        card = await _as_it_was(tx, alias, kept)
    await _tell_readers(tx, ids, card)
    await changes.keep(tx, caller, alias.id, Change.ALIAS, alias.status, card.status)
    await changes.record(tx, caller, deeds.ALIAS_CHANGED, card, moved=changes.Moved(None, card.status))


async def _as_it_was(tx: Transaction, alias: Card, kept: set_aside.SetAside) -> Card:
    """Give a parted card back its ids, status and phones; return it."""
    if kept.aliases:
        await store.point_aliases(tx, kept.aliases, alias.id)
        await store.add_alias(tx, alias.id, kept.aliases)
    await set_aside.forget(tx, alias.id)
    if alias.status != kept.became:
        return alias
    was = replace(alias, status=kept.status, reason=kept.reason, kind=kept.kind, deadline=kept.deadline)
    ids = [alias.id, *kept.aliases]
    await store.write_change(tx, ids, was, tx.clock.now(), raise_epoch=False)
    await restore_phones(tx, was, kept.phones)
    return was


async def _tell_readers(tx: Transaction, ids: list[bytes], card: Card) -> None:
    """Note that what phones held under these ids is void, and whether anything new under them may be good."""
    await revoking.stand(tx, ids, stopped=card.status != CardStatus.NORMAL)
    for one in ids:
        await revoking.void(tx, one)
