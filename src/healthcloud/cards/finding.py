"""Finding a card by its number, for staff who look after cards: a deed with a reason that its holder reads."""

import re
import unicodedata
from uuid import UUID

from healthcloud import audit, people
from healthcloud.cards import deeds, store
from healthcloud.cards.errors import CardNotFound
from healthcloud.cards.model import Card, HistoryLine
from healthcloud.core.caller import Caller
from healthcloud.core.db import Read, Transaction
from healthcloud.core.errors import FieldFault, Unacceptable

MANAGE = "cards.manage"
_NUMBER = re.compile(r"[0-9A-F]{64}")


def read_number(text: str) -> bytes:
    """Return the card id somebody typed: 64 hexadecimal digits in any spelling; raise Unacceptable."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).upper()
    if not _NUMBER.fullmatch(plain):
        fault = FieldFault("#/number", "is not 64 hexadecimal digits", "应为 64 位十六进制卡号")
        raise Unacceptable(faults=(fault,))
    return bytes.fromhex(plain)


async def find_by_number(tx: Transaction, caller: Caller, number: str, reason: str) -> Card:
    """
    Return the card with this number, or the one it now stands for (scope cards.manage).

    Raises Unacceptable without a number of 64 hexadecimal digits or a reason, and CardNotFound.
    """
    caller.must(MANAGE)
    why = people.read_evidence(reason, "reason")
    card = await store.find_card(tx, read_number(number))
    if card is not None and card.alias_of is not None:
        card = await store.find_card(tx, card.alias_of)
    if card is None:
        raise CardNotFound
    await audit.record(tx, caller, deeds.LOOKED_UP, card.person_id, reason=why)
    return card


async def holder_of_number(read: Read, number: str) -> UUID | None:
    """Return whose card has this number, as people resolve it; None for nobody's. Who may ask is decided before."""
    try:
        card = await store.find_card(read, read_number(number))
    except Unacceptable:
        return None
    return None if card is None else await people.canonical_of(read, card.person_id)


async def history_of(read: Read, caller: Caller, card: Card) -> list[HistoryLine]:
    """Return what happened to a card, the newest first (scope cards.manage)."""
    caller.must(MANAGE)
    return await store.history_of(read, card.id)


async def aliases_of(read: Read, caller: Caller, card: Card) -> list[str]:
    """Return the other numbers of a card (scope cards.manage)."""
    caller.must(MANAGE)
    return [one.hex().upper() for one in await store.alias_ids(read, card.id)]
