"""What operators look at: texts as they stand, their addresses masked."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from healthcloud.channels import store
from healthcloud.channels.model import OutgoingText
from healthcloud.core.db import Read


@dataclass(frozen=True, slots=True)
class TextLine:
    """One text in a list; never what it says."""

    id: UUID
    channel: str
    address: str  # masked: 138****0000
    state: str
    attempts: int
    error: str | None
    created_at: datetime
    ended_at: datetime | None


async def text_line(read: Read, text_id: UUID) -> TextLine | None:
    """Return how one text stands, or None."""
    text = await store.text(read, text_id)
    return None if text is None else _line(text)


def _line(text: OutgoingText) -> TextLine:
    return TextLine(
        text.id,
        text.channel,
        text.address_shown,
        text.state,
        text.attempts,
        text.error,
        text.created_at,
        text.ended_at,
    )
