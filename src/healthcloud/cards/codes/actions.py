"""Giving out the printed code (静态二维码下载): a deed, since the paper is half of what a scan needs."""

from uuid import UUID

from healthcloud.cards import changes, deeds
from healthcloud.cards.codes.model import PrintedCode, printed_code
from healthcloud.cards.codes.reads import check_usable
from healthcloud.cards.reads import my_card
from healthcloud.core.caller import Caller
from healthcloud.core.db import Transaction


async def print_code(tx: Transaction, caller: Caller, person_id: UUID | None) -> PrintedCode:
    """Return the static code of the caller's card, of a card they keep, or, to staff who manage cards, of any."""
    card = await my_card(tx, caller, person_id)
    check_usable(card)
    await changes.record(tx, caller, deeds.PRINTED, card)
    return printed_code(card)
