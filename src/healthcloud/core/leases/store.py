"""Every statement about leases."""

from datetime import datetime
from uuid import UUID

from healthcloud.core.db import Transaction


async def take_lease(tx: Transaction, name: str, holder: UUID, now: datetime, until: datetime) -> int | None:
    """Take or renew a lease and return its fence; None while another holds it."""
    return await tx.value(
        int,
        """
        INSERT INTO core.leases AS l (name, holder, fence, until)
        VALUES ($1, $2, 1, $4)
        ON CONFLICT (name) DO UPDATE
           SET holder = excluded.holder,
               until = excluded.until,
               fence = l.fence + CASE WHEN l.holder = excluded.holder THEN 0 ELSE 1 END
         WHERE l.holder = excluded.holder OR l.until <= $3
        RETURNING fence
        """,
        name,
        holder,
        now,
        until,
    )


async def lock_lease(tx: Transaction, name: str, holder: UUID, fence: int) -> int | None:
    """Return the fence while this holder has the lease; until this transaction ends nobody can take it over."""
    return await tx.value(
        int,
        "SELECT fence FROM core.leases WHERE name = $1 AND holder = $2 AND fence = $3 FOR SHARE",
        name,
        holder,
        fence,
    )


async def end_lease(tx: Transaction, name: str, holder: UUID, now: datetime) -> None:
    """Let the next machine take the lease at once."""
    await tx.run("UPDATE core.leases SET until = $3 WHERE name = $1 AND holder = $2", name, holder, now)
