"""Census: cards and uses as numbers, for whoever counts them; no card id leaves."""

from healthcloud.cards.census.reads import (
    batch_of,
    cards_by_status,
    changes_by_kind,
    holders_in,
    uses_at_desks,
    uses_by_place,
    uses_in,
    uses_of_hour,
)
from healthcloud.cards.census.store import ByStatus, Changed, HolderSeen, UsedAtDesk, UsedHere, UsePlace, UseTold

__all__ = [
    "ByStatus",
    "Changed",
    "HolderSeen",
    "UsePlace",
    "UseTold",
    "UsedAtDesk",
    "UsedHere",
    "batch_of",
    "cards_by_status",
    "changes_by_kind",
    "holders_in",
    "uses_at_desks",
    "uses_by_place",
    "uses_in",
    "uses_of_hour",
]
