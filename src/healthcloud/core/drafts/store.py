"""Every statement about drafts."""

from datetime import datetime
from uuid import UUID

from healthcloud.core.db import Read, Transaction


async def add_draft(
    tx: Transaction, caller_id: UUID, draft_id: UUID, form: str, fields_sealed: bytes, expires_at: datetime
) -> None:
    """Keep a draft."""
    await tx.run(
        """
        INSERT INTO core.drafts (caller_id, id, form, fields_sealed, expires_at)
        VALUES ($1, $2, $3, $4, $5)
        """,
        caller_id,
        draft_id,
        form,
        fields_sealed,
        expires_at,
    )


async def sealed_draft(read: Read, caller_id: UUID, draft_id: UUID, form: str, now: datetime) -> bytes | None:
    """Return the sealed fields of a draft of this caller and form that has not expired."""
    return await read.value(
        bytes,
        """
        SELECT fields_sealed
          FROM core.drafts
         WHERE caller_id = $1 AND id = $2 AND form = $3 AND expires_at > $4
        """,
        caller_id,
        draft_id,
        form,
        now,
    )


async def forget(tx: Transaction, now: datetime, limit: int) -> int:
    """Delete up to `limit` expired drafts, the oldest first; say how many."""
    return await tx.run(
        """
        DELETE FROM core.drafts
         WHERE (caller_id, id) IN (
               SELECT caller_id, id
                 FROM core.drafts
                WHERE expires_at <= $1
                ORDER BY expires_at
                LIMIT $2
                  FOR UPDATE SKIP LOCKED)
        """,
        now,
        limit,
    )
