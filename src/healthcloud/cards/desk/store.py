"""Every statement about the last scans of a desk."""

from datetime import datetime
from uuid import UUID

from healthcloud.cards.desk.model import DeskScan
from healthcloud.core.db import Read, Transaction


async def add(tx: Transaction, terminal_id: UUID, scan_id: UUID, account_id: UUID, scan: DeskScan) -> None:
    """Write one scan."""
    await tx.run(
        """
        INSERT INTO cards.desk_scans (terminal_id, at, id, account_id, person_id, outcome)
        VALUES ($1, $2, $3, $4, $5, $6)
        """,
        terminal_id,
        scan.at,
        scan_id,
        account_id,
        scan.person_id,
        scan.outcome,
    )


async def trim(tx: Transaction, terminal_id: UUID, most: int, since: datetime) -> None:
    """Delete what a desk shows no more: all but its newest, and whatever is older than an instant."""
    await tx.run(
        """
        DELETE FROM cards.desk_scans
         WHERE terminal_id = $1
           AND (at < $3 OR id NOT IN (
               SELECT id FROM cards.desk_scans WHERE terminal_id = $1 ORDER BY at DESC, id DESC LIMIT $2))
        """,
        terminal_id,
        most,
        since,
    )


async def newest(read: Read, terminal_id: UUID, most: int, since: datetime) -> list[DeskScan]:
    """Return the newest scans of a desk since an instant, the newest first."""
    return await read.all(
        DeskScan,
        """
        SELECT at, outcome, person_id
          FROM cards.desk_scans
         WHERE terminal_id = $1 AND at >= $3
         ORDER BY at DESC, id DESC
         LIMIT $2
        """,
        terminal_id,
        most,
        since,
    )
