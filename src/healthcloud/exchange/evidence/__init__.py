"""Evidence: every message kept as it came and was answered, in signed Merkle batches that a third party can prove."""

from healthcloud.exchange.evidence.api import router
from healthcloud.exchange.evidence.checking import Finding, Verdict, check
from healthcloud.exchange.evidence.deeds import DEEDS
from healthcloud.exchange.evidence.errors import EvidenceDamaged, NoSuchMessage, NotSealedYet
from healthcloud.exchange.evidence.exporting import Opened, export, opened
from healthcloud.exchange.evidence.gathering import Evidence
from healthcloud.exchange.evidence.heads import HeadFile
from healthcloud.exchange.evidence.model import NOBODY, PURPOSES, SCOPE, Message, MessageLine
from healthcloud.exchange.evidence.reads import Wanted, find, last_messages, search
from healthcloud.exchange.evidence.rotation import KINDS, keep_seals
from healthcloud.exchange.evidence.sealer import EvidenceSealer

__all__ = [
    "DEEDS",
    "KINDS",
    "NOBODY",
    "PURPOSES",
    "SCOPE",
    "Evidence",
    "EvidenceDamaged",
    "EvidenceSealer",
    "Finding",
    "HeadFile",
    "Message",
    "MessageLine",
    "NoSuchMessage",
    "NotSealedYet",
    "Opened",
    "Verdict",
    "Wanted",
    "check",
    "export",
    "find",
    "keep_seals",
    "last_messages",
    "opened",
    "router",
    "search",
]
