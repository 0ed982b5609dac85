"""Revocations as the lists name them: a card's short digest, a slot, and the minute before which all is void."""

from hashlib import sha256

KEY_LENGTH = 8
EVERY_SLOT = 0
ALL_VOID = 0xFFFF_FFFF


def revocation_key(card_id: bytes) -> bytes:
    """Return the 8 bytes a list names a card by, so that the list tells nobody a card id."""
    return sha256(b"EHC-REV-1\0" + card_id).digest()[:KEY_LENGTH]


def is_void(issued: int, void_before: int) -> bool:
    """Tell whether a certificate issued in this minute is void under an entry."""
    return issued < void_before or void_before == ALL_VOID
