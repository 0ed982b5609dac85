"""Every statement about counted tries."""

from datetime import datetime

from healthcloud.access.limits.model import Counted
from healthcloud.core.db import Transaction


async def count_try(tx: Transaction, subject: bytes, at: datetime, over_before: datetime, last: int) -> Counted | None:
    """Count one try; a window that began at or before `over_before` is over, and the `last` try begins it anew."""
    return await tx.one(
        Counted,
        """
        INSERT INTO access.tries AS t (subject, since, count) VALUES ($1, $2, 1)
        ON CONFLICT (subject) DO UPDATE
           SET count = CASE WHEN t.since <= $3 THEN 1 ELSE t.count + 1 END,
               since = CASE WHEN t.since <= $3 OR t.count + 1 = $4 THEN $2 ELSE t.since END
        RETURNING count, since
        """,
        subject,
        at,
        over_before,
        last,
    )


async def take_back(tx: Transaction, subject: bytes) -> None:
    """Uncount one try."""
    await tx.run("UPDATE access.tries SET count = count - 1 WHERE subject = $1 AND count > 0", subject)


async def forget(tx: Transaction, subject: bytes) -> None:
    """Forget every try of this subject."""
    await tx.run("DELETE FROM access.tries WHERE subject = $1", subject)


async def forget_old(tx: Transaction, before: datetime) -> int:
    """Forget windows that began before this instant; return how many."""
    return await tx.run("DELETE FROM access.tries WHERE since < $1", before)
