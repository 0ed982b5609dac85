"""Every statement about what a counter did with a card."""

from datetime import datetime
from uuid import UUID

from healthcloud.core.db import Read


async def opened_by(read: Read, card_id: bytes, institution_id: UUID, since: datetime) -> bool:
    """Tell whether an institution opened this card, or restored it, after an instant."""
    return bool(
        await read.value(
            bool,
            """
            SELECT EXISTS (
                   SELECT 1 FROM cards.history
                    WHERE card_id = $1 AND institution_id = $2 AND at >= $3
                      AND change IN ('issue', 'activate', 'restore'))
            """,
            card_id,
            institution_id,
            since,
        )
    )
