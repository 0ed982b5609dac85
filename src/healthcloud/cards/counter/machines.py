"""What an institution's machine does with a card for whoever stands there or asks it: find, show a code, cancel."""

from functools import partial
from uuid import UUID

from healthcloud import audit, people
from healthcloud.cards import actions, changes, deeds, store
from healthcloud.cards.codes.model import CodeShown, code_shown
from healthcloud.cards.codes.reads import check_usable
from healthcloud.cards.errors import CardNotFound, CardNotUsable
from healthcloud.cards.finding import read_number
from healthcloud.cards.model import CODE_MASTER, Card, CardStatus, Change, Why
from healthcloud.cards.reads import card_of
from healthcloud.cards.subject import subject_of
from healthcloud.core.caller import Caller
from healthcloud.core.db import Read, Transaction

ISSUE = "cards.issue"
CANCEL = "cards.cancel"


async def holder_at_counter(tx: Transaction, caller: Caller, number: str) -> UUID:
    """
    Return whose card has this number, resolved (scope cards.issue): a deed they read.

    Raises Unacceptable for what is no card number, CardNotFound.
    """
    caller.must(ISSUE)
    card = await store.find_card(tx, read_number(number))
    person_id = None if card is None else await people.canonical_of(tx, card.person_id)
    if person_id is None:
        raise CardNotFound
    await audit.record(tx, caller, deeds.LOOKED_UP, person_id)
    return person_id


async def code_at_counter(tx: Transaction, caller: Caller, person_id: UUID, window_steps: int) -> CodeShown:
    """Return the dynamic code of somebody the institution shows it to (scope cards.issue): a deed they read."""
    card = await card_of(tx, await subject_of(tx, caller, person_id, ISSUE))
    if card is None:
        raise CardNotFound
    if card.has_ended(tx.clock.now()):
        raise CardNotUsable(status=card.status, reason="deadline")
    check_usable(card)
    await changes.record(tx, caller, deeds.CODE_SHOWN, card)
    return _code(tx, card, window_steps)


def code_of_applied(read: Read, card: Card, window_steps: int) -> CodeShown | None:
    """Return the dynamic code of a card somebody has just applied for; None where it may not be shown now."""
    if card.status != CardStatus.NORMAL or card.has_ended(read.clock.now()):
        return None
    return _code(read, card, window_steps)


async def cancel_at_counter(tx: Transaction, caller: Caller, person_id: UUID) -> Card:
    """Cancel a card (注销) on its holder's word to an institution (scope cards.cancel); twice is once."""
    held = await changes.hold_card(tx, await subject_of(tx, caller, person_id, CANCEL))
    if held is None:
        raise CardNotFound
    if held.status == CardStatus.CANCELLED:
        return held
    return await actions.end(tx, caller, held, Change.CANCEL, Why.WISH)


def _code(read: Read, card: Card, window_steps: int) -> CodeShown:
    return code_shown(partial(read.vault.derive, CODE_MASTER), card, read.clock.now(), window_steps)
