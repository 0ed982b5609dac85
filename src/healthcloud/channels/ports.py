"""What channels need from outside, and the two ways it can fail."""

from typing import Protocol


class TextUndelivered(Exception):
    """The text was not taken, or nobody knows: the same reference may be sent again. Holds no address and no text."""


class TextRefused(Exception):
    """The text will never be taken, whoever sends it again; the argument is the partner's code for why."""


class SmsSender(Protocol):
    """An aggregator of short messages."""

    async def send(self, phone: str, text: str, reference: str) -> None:
        """Hand one text over; the same reference is one message. Raise TextUndelivered or TextRefused."""
        ...
