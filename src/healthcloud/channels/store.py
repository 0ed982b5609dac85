"""Every statement channels send to PostgreSQL."""

from datetime import datetime
from uuid import UUID

from healthcloud.channels.model import OutgoingText
from healthcloud.core.db import Read, Transaction


async def add_text(tx: Transaction, text: OutgoingText) -> bool:
    """Write a text that waits; False when this id is there already."""
    return (
        await tx.run(
            """
        INSERT INTO channels.outgoing (id, channel, state, address_shown, address_sealed, text_sealed, created_at,
                                       good_until)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (id) DO NOTHING
        """,
            text.id,
            text.channel,
            text.state,
            text.address_shown,
            text.address_sealed,
            text.text_sealed,
            text.created_at,
            text.good_until,
        )
        == 1
    )


async def text(read: Read, text_id: UUID) -> OutgoingText | None:
    """Return one text as it stands."""
    return await read.one(
        OutgoingText,
        """
        SELECT id, channel, state, address_shown, address_sealed, text_sealed, attempts, error, created_at, good_until,
               ended_at
          FROM channels.outgoing WHERE id = $1
        """,
        text_id,
    )


async def end_text(tx: Transaction, text_id: UUID, state: str, error: str | None, at: datetime) -> bool:
    """Put a waiting text into its final state, erase it and its address; False when it waits no more."""
    return (
        await tx.run(
            """
        UPDATE channels.outgoing
           SET state = $2, error = $3, ended_at = $4, address_sealed = NULL, text_sealed = NULL, attempts = attempts + 1
         WHERE id = $1 AND state = 'waiting'
        """,
            text_id,
            state,
            error,
            at,
        )
        == 1
    )


async def note_failure(tx: Transaction, text_id: UUID, error: str) -> None:
    """Count an attempt that failed and may be repeated."""
    await tx.run(
        """
        UPDATE channels.outgoing SET error = $2, attempts = attempts + 1 WHERE id = $1 AND state = 'waiting'
        """,
        text_id,
        error,
    )


async def expire_texts(tx: Transaction, at: datetime) -> int:
    """End and erase what still waits though its time is over; return how many."""
    return await tx.run(
        """
        UPDATE channels.outgoing SET state = 'expired', ended_at = $1, address_sealed = NULL, text_sealed = NULL
         WHERE state = 'waiting' AND good_until <= $1
        """,
        at,
    )


async def forget_texts(tx: Transaction, before: datetime, limit: int) -> int:
    """Delete the oldest rows made before this instant, at most `limit`; return how many."""
    return await tx.run(
        """
        DELETE FROM channels.outgoing
         WHERE id IN (SELECT o.id FROM channels.outgoing o WHERE o.created_at < $1 ORDER BY o.created_at, o.id LIMIT $2)
        """,
        before,
        limit,
    )
