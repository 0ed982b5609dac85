"""What people do with a card: apply, prepare, freeze, unfreeze, cancel, take back, convert."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from healthcloud import audit, people
from healthcloud.cards import changes, deeds, store
from healthcloud.cards.changes import change, hold_card
from healthcloud.cards.errors import CardNotFound, HolderGone, VerifyAgain
from healthcloud.cards.events import (
    CardCancelled,
    CardConverted,
    CardFrozen,
    CardIssued,
    CardRestored,
    CardUnfrozen,
)
from healthcloud.cards.model import (
    REAL_NAME_LEVEL,
    TEMPORARY_DAYS,
    Card,
    CardKind,
    CardStatus,
    Change,
    Mode,
    Why,
    change_on_applying,
    check_application,
    check_deadline,
)
from healthcloud.cards.phones import retire_phones
from healthcloud.cards.ports import RANDOM_CARD_IDS, CardIdStrategy
from healthcloud.cards.subject import subject_of
from healthcloud.core.caller import Caller, CallerKind
from healthcloud.core.db import Transaction
from healthcloud.core.errors import Forbidden
from healthcloud.core.ids import new_id

ISSUE = "cards.issue"
MANAGE = "cards.manage"


class Outcome(StrEnum):
    """What applying did."""

    ISSUED = "issued"
    ACTIVATED = "activated"
    RESTORED = "restored"
    CONVERTED = "converted"
    EXISTING = "existing"


@dataclass(frozen=True, slots=True)
class Application:
    """A wish for a card; `person_id` may be left out by a resident, `deadline` is a temporary card's."""

    person_id: UUID | None = None
    kind: CardKind = CardKind.STANDARD
    mode: Mode = Mode.ONLINE
    deadline: datetime | None = None


@dataclass(frozen=True, slots=True)
class Applied:
    """The person's card after applying, and what that did."""

    card: Card
    outcome: Outcome


_DONE = {
    Change.ISSUE: (Outcome.ISSUED, deeds.ISSUED),
    Change.ACTIVATE: (Outcome.ACTIVATED, deeds.ACTIVATED),
    Change.RESTORE: (Outcome.RESTORED, deeds.RESTORED),
}


async def apply(
    tx: Transaction,
    caller: Caller,
    wish: Application,
    *,
    card_ids: CardIdStrategy = RANDOM_CARD_IDS,
    temporary_days: int = TEMPORARY_DAYS,
) -> Applied:
    """
    Give a person their card (申请): a new one, the one they have, or the same one restored after its cancellation.

    However many apply at once, a person has one card: the holder's row is claimed first. A frozen card stays frozen; a
    temporary or newborn one is converted once its holder has a real name.
    """
    person_id = await subject_of(tx, caller, wish.person_id, ISSUE)
    if wish.kind is CardKind.TEMPORARY and caller.kind is CallerKind.RESIDENT:
        raise Forbidden(scope=ISSUE)
    seen = await _alive(tx, caller, person_id)
    card_id = card_ids.new_card_id(person_id)
    if await store.claim_holder(tx, person_id, card_id) == card_id:
        check_application(wish.kind, seen.level, seen.face.birth_date, tx.clock.now())
        check_deadline(wish.kind, wish.deadline, tx.clock.now(), temporary_days)
        card = await _add(tx, person_id, card_id, wish)
        return Applied(await _activate(tx, caller, card, Change.ISSUE), Outcome.ISSUED)
    held = await hold_card(tx, person_id)
    if held is None:
        raise CardNotFound
    what = change_on_applying(held.status)
    if what is None:
        if wish.kind is CardKind.STANDARD and held.kind != wish.kind and seen.level >= REAL_NAME_LEVEL:
            return Applied(await _convert(tx, caller, held), Outcome.CONVERTED)
        return Applied(held, Outcome.EXISTING)
    if held.kind == CardKind.STANDARD:
        check_application(CardKind.STANDARD, seen.level, seen.face.birth_date, tx.clock.now())
    return Applied(await _activate(tx, caller, held, what), _DONE[what][0])


async def prepare(
    tx: Transaction, caller: Caller, person_ids: Sequence[UUID], *, card_ids: CardIdStrategy = RANDOM_CARD_IDS
) -> int:
    """Make cards ahead (批量预生成) for persons who have none; return how many. Each is activated by applying."""
    caller.must(MANAGE)
    wanted = set()
    for person_id in sorted(set(person_ids)):
        canonical = await subject_of(tx, caller, person_id, MANAGE)
        await _alive(tx, caller, canonical)
        wanted.add(canonical)
    return await prepare_many(tx, caller, wanted, card_ids=card_ids)


async def prepare_many(
    tx: Transaction, caller: Caller, person_ids: Collection[UUID], *, card_ids: CardIdStrategy = RANDOM_CARD_IDS
) -> int:
    """Do as `prepare` for canonical persons the caller knows to be alive, by four statements however many they are."""
    caller.must(MANAGE)
    wanted = sorted(person_ids)
    new = {card_ids.new_card_id(person_id): person_id for person_id in wanted}
    claimed = await store.claim_holders(tx, list(new.values()), list(new)) if new else []
    if claimed:
        persons = [new[card_id] for card_id in claimed]
        now, mode = tx.clock.now(), Mode.PREGENERATED
        await store.add_prepared(tx, claimed, persons, mode, now)
        await store.add_preparations(tx, caller, claimed, [new_id() for _ in claimed], now)
        detail: audit.Detail = {
            "kind": CardKind.STANDARD,
            "before": CardStatus.UNISSUED,
            "after": CardStatus.PREPARED,
        }
        entries = [audit.Entry(deeds.PREPARED, one, reason=caller.reason, detail=detail) for one in persons]
        await audit.record_many(tx, caller, entries)
    return len(claimed)


async def freeze(tx: Transaction, caller: Caller, person_id: UUID | None, why: Why = Why.LOST) -> Card:
    """Freeze a card (挂失), at the next scan everywhere; its phones stay enrolled."""
    held = await _held(tx, caller, person_id)
    return await freeze_held(tx, caller, held, Why.LOST if caller.kind is CallerKind.RESIDENT else why)


async def freeze_held(tx: Transaction, caller: Caller, held: Card, why: Why) -> Card:
    """Freeze a card held still, whoever was found to have the right to ask."""
    card = await change(tx, caller, held, Change.FREEZE, why)
    moved = changes.Moved(held.status, card.status)
    await changes.record(tx, caller, deeds.FROZEN, card, card.reason, moved=moved)
    await tx.announce(CardFrozen(card.person_id, card.reason or Why.LOST))
    return card


async def unfreeze(tx: Transaction, caller: Caller, person_id: UUID | None) -> Card:
    """
    Unfreeze a card (解除挂失).

    A resident has been verified again since the freeze, or gets VerifyAgain; staff look at the person. A card stopped
    for a risk is unfrozen by staff only.
    """
    held = await _held(tx, caller, person_id)
    if caller.kind is CallerKind.RESIDENT and held.status == CardStatus.FROZEN:
        level = await people.verified_since(tx, held.person_id, held.changed_at)
        if held.reason == Why.RISK or level is None or level < REAL_NAME_LEVEL:
            raise VerifyAgain
    return await unfreeze_held(tx, caller, held)


async def unfreeze_held(tx: Transaction, caller: Caller, held: Card) -> Card:
    """Unfreeze a card held still, whoever was found to have the right to ask."""
    card = await change(tx, caller, held, Change.UNFREEZE)
    await changes.record(tx, caller, deeds.UNFROZEN, card, moved=changes.Moved(held.status, card.status))
    await tx.announce(CardUnfrozen(card.person_id))
    return card


async def cancel(tx: Transaction, caller: Caller, person_id: UUID | None) -> Card:
    """Cancel a card (注销) and remove its phones; applying again restores it with the same id."""
    return await end(tx, caller, await _held(tx, caller, person_id), Change.CANCEL, Why.WISH)


async def take_back(tx: Transaction, caller: Caller, person_id: UUID) -> Card:
    """
    Take back a card opened for the wrong person: it never comes back, and its holder may apply for another.

    Its id may be in the wrong hands, so it is not restored; the uses it had stay where they are.
    """
    caller.must(MANAGE)
    held = await _held(tx, caller, person_id)
    card = await end(tx, caller, held, Change.TAKE_BACK, Why.TAKEN_BACK)
    await release(tx, card)
    return card


async def convert(tx: Transaction, caller: Caller, person_id: UUID | None) -> Card:
    """Make a temporary or newborn card a standard one, with the same id, once its holder has a real name."""
    held = await _held(tx, caller, person_id)
    if held.kind == CardKind.STANDARD:
        return held
    seen = await _alive(tx, caller, held.person_id)
    check_application(CardKind.STANDARD, seen.level, seen.face.birth_date, tx.clock.now())
    return await _convert(tx, caller, held)


async def end(tx: Transaction, caller: Caller, held: Card, what: Change, why: Why) -> Card:
    """End a card, whoever asks, with its phones."""
    card = await change(tx, caller, held, what, why)
    await retire_phones(tx, caller, card)
    deed = deeds.TAKEN_BACK if what is Change.TAKE_BACK else deeds.CANCELLED
    await changes.record(tx, caller, deed, card, why, moved=changes.Moved(held.status, card.status))
    await tx.announce(CardCancelled(card.person_id, why))
    return card


async def release(tx: Transaction, card: Card) -> None:
    """Let whoever holds this card apply for another."""
    canonical = await people.canonical_of(tx, card.person_id)
    for person_id in {card.person_id, canonical or card.person_id}:
        await store.release_holder(tx, person_id, card.id)


async def _convert(tx: Transaction, caller: Caller, held: Card) -> Card:
    card = await change(tx, caller, held, Change.CONVERT)
    await changes.record(tx, caller, deeds.CONVERTED, card, moved=changes.Moved(held.status, card.status))
    await tx.announce(CardConverted(card.person_id))
    return card


async def _activate(tx: Transaction, caller: Caller, card: Card, what: Change) -> Card:
    changed = await change(tx, caller, card, what)
    await changes.record(tx, caller, _DONE[what][1], changed, moved=changes.Moved(card.status, changed.status))
    if what is Change.RESTORE:
        await tx.announce(CardRestored(changed.person_id))
    else:
        await tx.announce(CardIssued(changed.person_id, changed.kind))
    return changed


async def _add(tx: Transaction, person_id: UUID, card_id: bytes, wish: Application) -> Card:
    now = tx.clock.now()
    card = Card(
        id=card_id,
        person_id=person_id,
        alias_of=None,
        status=CardStatus.UNISSUED,
        reason=None,
        kind=wish.kind,
        epoch=0,
        deadline=wish.deadline,
        mode=wish.mode,
        version=1,
        created_at=now,
        changed_at=now,
    )
    await store.add_card(tx, card)
    return card


async def _held(tx: Transaction, caller: Caller, person_id: UUID | None) -> Card:
    card = await hold_card(tx, await subject_of(tx, caller, person_id, MANAGE))
    if card is None:
        raise CardNotFound
    return card


async def _alive(tx: Transaction, caller: Caller, person_id: UUID) -> people.Seen:
    seen = (await people.faces(tx, caller.institution_id, [person_id])).get(person_id)
    if seen is None:
        raise CardNotFound
    if seen.state is not people.PersonState.ALIVE:
        raise HolderGone
    return seen
