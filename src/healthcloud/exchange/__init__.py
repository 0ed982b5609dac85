"""Exchange: the evidence of every message, and what goes out to hospitals or waits for its feature."""

from healthcloud.exchange import confirmations, evidence, held, outward
from healthcloud.exchange.evidence import Evidence, EvidenceSealer, HeadFile, Message

__all__ = ("Evidence", "EvidenceSealer", "HeadFile", "Message", "confirmations", "evidence", "held", "outward")
