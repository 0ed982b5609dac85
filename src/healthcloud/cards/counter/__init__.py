"""The counter: what a clerk who issues cards may do with one, each by what the clerk saw or did there."""

from healthcloud.cards.counter.actions import (
    card_at_counter,
    freeze_shown,
    print_at_counter,
    take_back_own,
    unfreeze_shown,
)
from healthcloud.cards.counter.errors import NotOpenedHere
from healthcloud.cards.counter.machines import (
    cancel_at_counter,
    code_at_counter,
    code_of_applied,
    holder_at_counter,
)

__all__ = [
    "NotOpenedHere",
    "cancel_at_counter",
    "card_at_counter",
    "code_at_counter",
    "code_of_applied",
    "freeze_shown",
    "holder_at_counter",
    "print_at_counter",
    "take_back_own",
    "unfreeze_shown",
]
