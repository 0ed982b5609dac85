"""Verification: a code is scanned at an institution's terminal for a step of treatment, and used or refused."""

from healthcloud.cards.verification.answers import SecondFact, Verified, VerifyWish
from healthcloud.cards.verification.edge import VerifyEdge
from healthcloud.cards.verification.endpoints import HOT_DOCUMENTS, hot_endpoints
from healthcloud.cards.verification.loading import Scan, load_uses

__all__ = [
    "HOT_DOCUMENTS",
    "Scan",
    "SecondFact",
    "Verified",
    "VerifyEdge",
    "VerifyWish",
    "hot_endpoints",
    "load_uses",
]
