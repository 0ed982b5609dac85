"""What a text on its way is, and how an address is written; pure."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

LONGEST_TEXT = 500  # characters; an aggregator splits longer ones at a price

_MAINLAND = re.compile(r"(?:\+?86)?(1[3-9]\d{9})", re.ASCII)
_ABROAD = re.compile(r"\+(?!86)[1-9]\d{6,14}", re.ASCII)  # ITU-T E.164
_FILLING = str.maketrans(dict.fromkeys(" -()（）\xa0"))
_FULL_WIDTH = str.maketrans("０１２３４５６７８９＋－", "0123456789+-")


class Channel(StrEnum):
    """A way to reach an address."""

    SMS = "sms"


class TextState(StrEnum):
    """Where a text stands; every state but WAITING is final."""

    WAITING = "waiting"
    SENT = "sent"  # the aggregator has taken it
    REFUSED = "refused"  # the aggregator will never take it
    EXPIRED = "expired"  # its time was over first


@dataclass(frozen=True, slots=True)
class OutgoingText:
    """One text to one address, as stored; what is sealed is there only while it waits."""

    id: UUID
    channel: str
    state: str
    address_shown: str
    address_sealed: bytes | None
    text_sealed: bytes | None
    attempts: int
    error: str | None
    created_at: datetime
    good_until: datetime
    ended_at: datetime | None


def mobile_number(written: str) -> str | None:
    """
    Return a mobile number in its one form: 11 digits for the mainland, `+` and digits (E.164) for elsewhere.

    Blanks, hyphens, brackets, full-width digits and +86 are understood; anything else is None.
    """
    bare = written.translate(_FULL_WIDTH).translate(_FILLING)
    mainland = _MAINLAND.fullmatch(bare)
    if mainland:
        return mainland[1]
    return bare if _ABROAD.fullmatch(bare) else None


def masked_number(number: str) -> str:
    """Return a mobile number as it may be shown: `138****0000`; from elsewhere its last four digits."""
    return f"{number[:3]}****{number[-4:]}" if not number.startswith("+") else f"+****{number[-4:]}"
