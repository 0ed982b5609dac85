"""Every statement about the schedule of recurring jobs."""

from datetime import datetime

from healthcloud.core.background.schedule.model import ScheduleState
from healthcloud.core.db import Read, Transaction


async def enter_schedule(tx: Transaction, names: list[str], now: datetime, next_ats: list[datetime]) -> None:
    """Enter recurring jobs: a new one is due now, one that recurs more often than before is due sooner."""
    await tx.run(
        """
        INSERT INTO core.schedule AS s (name, next_at)
        SELECT name, $2::timestamptz FROM unnest($1::text[]) AS new (name) ORDER BY name
        ON CONFLICT (name) DO UPDATE
           SET next_at = least(s.next_at, ($3::timestamptz[])[array_position($1::text[], s.name)])
        """,
        names,
        now,
        next_ats,
    )


async def due_schedules(tx: Transaction, names: list[str], now: datetime) -> list[ScheduleState]:
    """Return and lock the recurring jobs that are due."""
    return await tx.all(
        ScheduleState,
        """
        SELECT name, next_at, last_at
          FROM core.schedule
         WHERE name = ANY ($1) AND next_at <= $2
         ORDER BY name
           FOR UPDATE SKIP LOCKED
        """,
        names,
        now,
    )


async def move_schedule(tx: Transaction, name: str, next_at: datetime, last_at: datetime) -> None:
    """Say when a recurring job ran and is due again."""
    await tx.run("UPDATE core.schedule SET next_at = $2, last_at = $3 WHERE name = $1", name, next_at, last_at)


async def schedules(read: Read) -> list[ScheduleState]:
    """Return every recurring job."""
    return await read.all(ScheduleState, "SELECT name, next_at, last_at FROM core.schedule ORDER BY name")
