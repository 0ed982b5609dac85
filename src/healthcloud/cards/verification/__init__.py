"""Verification: a code is scanned at an institution's terminal for a step of treatment, and used or refused."""

from healthcloud.cards.verification.answers import Verified
from healthcloud.cards.verification.edge import VerifyEdge
from healthcloud.cards.verification.endpoints import HOT_DOCUMENTS, hot_endpoints

__all__ = ["HOT_DOCUMENTS", "Verified", "VerifyEdge", "hot_endpoints"]
