"""A clerk's hands on a card (scope cards.issue): looking, printing, freezing for who stands there, taking back."""

from datetime import timedelta
from uuid import UUID

from healthcloud import people
from healthcloud.cards import actions, changes, deeds
from healthcloud.cards.changes import hold_card
from healthcloud.cards.codes.model import PrintedCode, printed_code
from healthcloud.cards.codes.reads import check_usable
from healthcloud.cards.counter import store
from healthcloud.cards.counter.errors import NotOpenedHere
from healthcloud.cards.errors import CardNotFound
from healthcloud.cards.model import Card, CardStatus, Change, Why
from healthcloud.cards.reads import card_of
from healthcloud.cards.subject import subject_of
from healthcloud.core.caller import Caller
from healthcloud.core.db import Read, Transaction
from healthcloud.core.errors import Forbidden

ISSUE = "cards.issue"
TAKEN_BACK_WITHIN = timedelta(days=1)


async def card_at_counter(read: Read, caller: Caller, person_id: UUID) -> Card | None:
    """Return how the card of somebody at the counter stands; None who has none."""
    return await card_of(read, await subject_of(read, caller, person_id, ISSUE))


async def print_at_counter(tx: Transaction, caller: Caller, person_id: UUID) -> PrintedCode:
    """Give out the static code of the card of somebody at the counter, for a label; a deed its holder reads."""
    card = await card_of(tx, await subject_of(tx, caller, person_id, ISSUE))
    if card is None:
        raise CardNotFound
    check_usable(card)
    await changes.record(tx, caller, deeds.PRINTED, card)
    return printed_code(card)


async def freeze_shown(tx: Transaction, caller: Caller, document: people.DocumentForm) -> Card:
    """
    Freeze the card of whoever shows this document at the counter (挂失), as lost.

    The document finds the person, so that nobody's card is frozen for somebody else. Raises people's PersonNotFound.
    """
    caller.must(ISSUE)
    found = await people.find_by_document(tx, caller, document)
    held = await hold_card(tx, found.person_id)
    if held is None:
        raise CardNotFound
    return await actions.freeze_held(tx, caller, held, Why.LOST)


async def unfreeze_shown(tx: Transaction, caller: Caller, document: people.DocumentForm) -> Card:
    """
    Unfreeze the card of whoever shows this document at the counter (解除挂失): a clerk seeing them is the new check.

    A card stopped for a risk is unfrozen by the city's card operators only: Forbidden.
    """
    caller.must(ISSUE)
    found = await people.find_by_document(tx, caller, document)
    held = await hold_card(tx, found.person_id)
    if held is None:
        raise CardNotFound
    if held.status == CardStatus.FROZEN and held.reason == Why.RISK:
        raise Forbidden(scope=actions.MANAGE)
    return await actions.unfreeze_held(tx, caller, held)


async def take_back_own(tx: Transaction, caller: Caller, person_id: UUID) -> Card:
    """
    Take back a card this institution opened for the wrong person within the last day.

    As with `take_back` its id never comes back, and its holder may apply for another. Raises NotOpenedHere.
    """
    held = await hold_card(tx, await subject_of(tx, caller, person_id, ISSUE))
    if held is None:
        raise CardNotFound
    since = tx.clock.now() - TAKEN_BACK_WITHIN
    if caller.institution_id is None or not await store.opened_by(tx, held.id, caller.institution_id, since):
        raise NotOpenedHere
    card = await actions.end(tx, caller, held, Change.TAKE_BACK, Why.TAKEN_BACK)
    await actions.release(tx, card)
    return card
