"""Every statement about how far somebody has read."""

from datetime import datetime
from uuid import UUID

from healthcloud.core.db import Read, Transaction


async def read_up_to(read: Read, account_id: UUID) -> datetime | None:
    """Return the instant of the newest message an account has looked at."""
    return await read.value(datetime, "SELECT up_to FROM people.messages_read WHERE account_id = $1", account_id)


async def mark_read(tx: Transaction, account_id: UUID, up_to: datetime) -> int:
    """Move an account's mark forward, never back; return how many were moved."""
    return await tx.run(
        """
        INSERT INTO people.messages_read AS mark (account_id, up_to)
        VALUES ($1, $2)
        ON CONFLICT (account_id) DO UPDATE SET up_to = excluded.up_to WHERE mark.up_to < excluded.up_to
        """,
        account_id,
        up_to,
    )
