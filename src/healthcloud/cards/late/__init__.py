"""Late: uses that readers made with no network, told of when there is one again, each kept exactly once."""

from healthcloud.cards.late.actions import keep_late_uses
from healthcloud.cards.late.jobs import RECURRING
from healthcloud.cards.late.model import MOST_ITEMS, LateAnswer, LateItem, Mark, Outcome

__all__ = ["MOST_ITEMS", "RECURRING", "LateAnswer", "LateItem", "Mark", "Outcome", "keep_late_uses"]
