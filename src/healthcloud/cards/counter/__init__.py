"""The counter: what a clerk who issues cards may do with one, each by what the clerk saw or did there."""

from healthcloud.cards.counter.actions import (
    card_at_counter,
    freeze_shown,
    print_at_counter,
    take_back_own,
    unfreeze_shown,
)
from healthcloud.cards.counter.errors import NotOpenedHere

__all__ = [
    "NotOpenedHere",
    "card_at_counter",
    "freeze_shown",
    "print_at_counter",
    "take_back_own",
    "unfreeze_shown",
]
