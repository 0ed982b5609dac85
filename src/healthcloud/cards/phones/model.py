"""Which slot a phone gets, and when a number of them is spent; pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from healthcloud.cards.phones.errors import LabelTelling, PhonesFull, SlotsSpent

FIRST_SLOT, LAST_SLOT = 1, 254
# A slot whose removal raises its epoch to this is never given again.
SPENT_EPOCH = 65535
LONGEST_LABEL = 30
_NUMBER_INSIDE = re.compile(r"(?:\d[\s-]?){7}")


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone that makes a card's codes by itself; `keeper_id` is the person who enrolled it."""

    card_id: bytes
    slot: int
    id: UUID
    epoch: int
    label: str
    account_id: UUID
    keeper_id: UUID
    enrolled_at: datetime
    removed_at: datetime | None


def next_place(phones: Sequence[Phone], most: int) -> tuple[int, int]:
    """Return slot and epoch for another phone; raise PhonesFull or SlotsSpent."""
    if sum(phone.removed_at is None for phone in phones) >= most:
        raise PhonesFull(most=most)
    by_slot = {phone.slot: phone for phone in phones}
    for slot in range(FIRST_SLOT, LAST_SLOT + 1):
        former = by_slot.get(slot)
        if former is None:
            return slot, 0
        if former.removed_at is not None and former.epoch < SPENT_EPOCH:
            return slot, former.epoch
    raise SlotsSpent


def plain_label(text: str) -> str:
    """Return a phone's name as its owner will know it; raise LabelTelling for one that holds a number."""
    label = " ".join(text.split())
    if not 1 <= len(label) <= LONGEST_LABEL or _NUMBER_INSIDE.search(label):
        raise LabelTelling
    return label
