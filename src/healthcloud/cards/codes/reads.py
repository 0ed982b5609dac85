"""The code of this minute."""

from functools import partial
from uuid import UUID

from healthcloud.cards.codes.model import CodeShown, code_shown
from healthcloud.cards.errors import CardNotUsable
from healthcloud.cards.model import CODE_MASTER, Card, CardStatus
from healthcloud.cards.reads import my_card
from healthcloud.core.caller import Caller
from healthcloud.core.db import Read

WINDOW_STEPS = 1


async def code_of(
    read: Read, caller: Caller, person_id: UUID | None = None, *, window_steps: int = WINDOW_STEPS
) -> CodeShown:
    """Return the dynamic code of the caller's card, or of a card they keep; raise CardNotUsable for why it has none."""
    card = await my_card(read, caller, person_id)
    now = read.clock.now()
    if card.has_ended(now):
        raise CardNotUsable(status=card.status, reason="deadline")
    check_usable(card)
    return code_shown(partial(read.vault.derive, CODE_MASTER), card, now, window_steps)


def check_usable(card: Card) -> None:
    """Raise CardNotUsable unless the card is normal."""
    if card.status != CardStatus.NORMAL:
        raise CardNotUsable(status=card.status, reason=card.reason)
