"""Public keys, and whether one of them signed a message: SM2, P-256 and Ed25519 alike."""

from healthcloud_reader.keys.algorithms import Algorithm
from healthcloud_reader.keys.errors import KeyFault, KeyUnreadable, Sm2Failed, Sm2Unavailable
from healthcloud_reader.keys.public import PublicKey, Verify

__all__ = ["Algorithm", "KeyFault", "KeyUnreadable", "PublicKey", "Sm2Failed", "Sm2Unavailable", "Verify"]
