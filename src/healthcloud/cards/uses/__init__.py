"""Uses: what a card was used for, read by its owner, sealed batch by batch."""

from healthcloud.cards.uses.checking import UseFinding, UsesVerdict, check_use_batches
from healthcloud.cards.uses.following import uses_of_batches
from healthcloud.cards.uses.model import NEWEST, PRINTED_SLOT, Use, UseLine
from healthcloud.cards.uses.reads import my_uses, open_uses
from healthcloud.cards.uses.store import UseInBatch

__all__ = [
    "NEWEST",
    "PRINTED_SLOT",
    "Use",
    "UseFinding",
    "UseInBatch",
    "UseLine",
    "UsesVerdict",
    "check_use_batches",
    "my_uses",
    "open_uses",
    "uses_of_batches",
]
