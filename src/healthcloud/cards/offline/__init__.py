"""Offline: what readers with no network are told: whom to believe, and which certificates are void."""

from healthcloud.cards.offline.kept import keep_reading
from healthcloud.cards.offline.model import Policy
from healthcloud.cards.offline.publishing import publish, publishing
from healthcloud.cards.offline.reads import Revocations, is_fresh, revocations_after, standing, trust_list
from healthcloud.cards.offline.store import Standing

__all__ = [
    "Policy",
    "Revocations",
    "Standing",
    "is_fresh",
    "keep_reading",
    "publish",
    "publishing",
    "revocations_after",
    "standing",
    "trust_list",
]
