"""What cards do when persons change; `server/wiring.py` names these. Each may be repeated."""

from typing import Any
from uuid import UUID

from healthcloud import channels, people
from healthcloud.cards import aliases, store
from healthcloud.cards.actions import end, release
from healthcloud.cards.changes import Moved, change, hold_card, record
from healthcloud.cards.deeds import RESTORED
from healthcloud.cards.events import CardRestored, PhoneEnrolled, UseMarked
from healthcloud.cards.late import Mark
from healthcloud.cards.model import Card, CardStatus, Change, Why
from healthcloud.cards.offline import revoking
from healthcloud.cards.phones import remove_phones_where
from healthcloud.core.background import Reaction
from healthcloud.core.caller import SYSTEM
from healthcloud.core.db import Transaction
from healthcloud.core.ids import new_id
from healthcloud.core.wording import CHINESE, words_in

_CERTIFIED = {"name", "sex", "birth_date"}


async def on_death(tx: Transaction, event: people.events.PersonDied) -> None:
    """Cancel the card of somebody who died."""
    card = await hold_card(tx, event.person_id)
    if card is not None and card.status != CardStatus.CANCELLED:
        await end(tx, SYSTEM, card, Change.CANCEL, Why.DECEASED)


async def on_death_undone(tx: Transaction, event: people.events.DeathUndone) -> None:
    """Restore a card that was cancelled for a death recorded in error."""
    card = await hold_card(tx, event.person_id)
    if card is not None and card.status == CardStatus.CANCELLED and card.reason == Why.DECEASED:
        restored = await change(tx, SYSTEM, card, Change.RESTORE)
        await record(tx, SYSTEM, RESTORED, restored, moved=Moved(card.status, restored.status))
        await tx.announce(CardRestored(restored.person_id))


async def on_withdrawal(tx: Transaction, event: people.events.PersonWithdrawn) -> None:
    """Cancel the card of a registration made in error, for good."""
    card = await hold_card(tx, event.person_id)
    if card is not None and card.reason != Why.WITHDRAWN:
        ended = await end(tx, SYSTEM, card, Change.TAKE_BACK, Why.WITHDRAWN)
        await release(tx, ended)


async def on_merge(tx: Transaction, event: people.events.PersonsMerged) -> None:
    """Of two cards of one person the later stands for the earlier; an only card becomes the canonical person's."""
    theirs = await hold_card(tx, event.person_id)
    if theirs is None:
        return
    own_id = await store.claim_holder(tx, event.canonical_id, theirs.id)
    # What its phones say of the holder may differ from whom it shows now.
    await revoking.void(tx, theirs.id)
    if own_id == theirs.id:
        return
    own = await hold_card(tx, event.canonical_id)
    if own is None or own.id == theirs.id:
        return
    earlier, later = sorted((own, theirs), key=lambda card: (card.created_at, card.id))
    await aliases.stand_for(tx, SYSTEM, later, later.id, earlier)


async def on_unmerge(tx: Transaction, event: people.events.PersonsUnmerged) -> None:
    """Give each of two persons the card that was theirs."""
    for person_id in (event.person_id, event.canonical_id):
        card_id = await store.held_card_id(tx, person_id)
        card = None if card_id is None else await store.lock_card(tx, card_id)
        if card is None:
            continue
        await revoking.void(tx, card.id)
        if card.alias_of is not None:
            if not await _is_still_one(tx, card):
                await aliases.part(tx, SYSTEM, card)
        elif await people.canonical_of(tx, card.person_id) != await people.canonical_of(tx, person_id):
            # Claimed in the merge by who had none of their own.
            await store.release_holder(tx, person_id, card.id)


async def _is_still_one(tx: Transaction, alias: Card) -> bool:
    """Tell whether the holders of an alias and of the card it stands for are one person, by an earlier merge."""
    other = None if alias.alias_of is None else await store.find_card(tx, alias.alias_of)
    if other is None:
        return False
    whose = await people.resolved(tx, {alias.person_id, other.person_id})
    return len({whose[one].person_id for one in (alias.person_id, other.person_id)}) == 1


async def on_correction(tx: Transaction, event: people.events.PersonCorrected) -> None:
    """Have phones ask for new certificates when what these say of the holder was wrong."""
    if _CERTIFIED.isdisjoint(event.fields.split(",")):
        return
    card = await hold_card(tx, await people.canonical_of(tx, event.person_id) or event.person_id)
    if card is not None:
        await revoking.void(tx, card.id)


async def on_account_detached(tx: Transaction, event: people.events.AccountDetached) -> None:
    """Remove the phones an account enrolled, once it is no longer the person's."""
    await remove_phones_where(tx, SYSTEM, event.person_id, lambda phone: phone.account_id == event.account_id)


async def on_grant_ended(tx: Transaction, event: people.events.GrantEnded) -> None:
    """Remove the phones a keeper enrolled, once they keep the card no longer."""
    await remove_phones_where(tx, SYSTEM, event.person_id, lambda phone: phone.keeper_id == event.keeper_id)


async def tell_of_phone(tx: Transaction, event: PhoneEnrolled) -> None:
    """Send a text to the number the holder gave, so that a phone enrolled by somebody else does not go unseen."""
    await _tell_holder(tx, event.person_id, "texts.phone-kept", event.phone_id)


async def tell_of_mark(tx: Transaction, event: UseMarked) -> None:
    """Send a text to the holder whose card was used off line although it was stopped, or at two institutions."""
    words = "texts.use-void" if event.mark == Mark.VOID else "texts.use-elsewhere"
    await _tell_holder(tx, event.person_id, words, new_id())


async def _tell_holder(tx: Transaction, person_id: UUID, words: str, reference: UUID) -> None:
    seen = (await people.faces(tx, None, [person_id])).get(person_id)
    number = None if seen is None else seen.face.phone
    if number is not None and channels.mobile_number(number) is not None:
        await channels.send_text(tx, channels.Channel.SMS, number, words_in(CHINESE)(words), reference=reference)


REACTIONS: tuple[Reaction[Any], ...] = (
    Reaction(people.events.PersonDied, "cards.on-death", on_death),
    Reaction(people.events.DeathUndone, "cards.on-death-undone", on_death_undone),
    Reaction(people.events.PersonWithdrawn, "cards.on-withdrawal", on_withdrawal),
    Reaction(people.events.PersonsMerged, "cards.on-merge", on_merge),
    Reaction(people.events.PersonsUnmerged, "cards.on-unmerge", on_unmerge),
    Reaction(people.events.PersonCorrected, "cards.on-correction", on_correction),
    Reaction(people.events.AccountDetached, "cards.on-account-detached", on_account_detached),
    Reaction(people.events.GrantEnded, "cards.on-grant-ended", on_grant_ended),
    Reaction(PhoneEnrolled, "cards.tell-of-phone", tell_of_phone),
    Reaction(UseMarked, "cards.tell-of-mark", tell_of_mark),
)
