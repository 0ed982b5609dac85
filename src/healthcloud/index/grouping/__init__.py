"""Groups of records that are one person: a pure function of what is decided of pairs (decision 0056)."""

from healthcloud.index.grouping.model import (
    MOST_TOGETHER,
    Grouping,
    Human,
    Kind,
    PairDecision,
    Question,
    groups,
    holds_together,
)

__all__ = [
    "MOST_TOGETHER",
    "Grouping",
    "Human",
    "Kind",
    "PairDecision",
    "Question",
    "groups",
    "holds_together",
]
