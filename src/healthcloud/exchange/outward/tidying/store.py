"""Statements of tidying."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from healthcloud.core.db import Read, Transaction


class Breakers(NamedTuple):
    """A circuit as it was kept."""

    institution_id: UUID
    failures: int
    openings: int
    open_until: datetime | None


class Depth(NamedTuple):
    """How much stands in a state, and since when the oldest."""

    state: str
    messages: int
    oldest_at: datetime | None


async def forget_ended(tx: Transaction, before: datetime, limit: int) -> int:
    """Delete messages that ended before an instant, at most `limit`; return how many."""
    return await tx.run(
        """
        DELETE FROM exchange.outgoing
         WHERE (institution_id, id) IN (
               SELECT o.institution_id, o.id FROM exchange.outgoing AS o
                WHERE o.state IN ('sent', 'discarded') AND o.ended_at < $1 ORDER BY o.ended_at LIMIT $2)
        """,
        before,
        limit,
    )


async def forget_sequences(tx: Transaction, before: datetime) -> int:
    """Delete sequences not used since an instant in which nothing waits; return how many."""
    return await tx.run(
        """
        DELETE FROM exchange.sequences AS s
         WHERE s.used_at < $1
           AND NOT EXISTS (SELECT FROM exchange.outgoing AS o
                            WHERE o.institution_id = s.institution_id AND o.sequence = s.sequence
                              AND o.state IN ('waiting', 'held', 'dead'))
        """,
        before,
    )


async def bury_untried(tx: Transaction, before: datetime, error: str, at: datetime) -> int:
    """End as dead what still waits though its last attempt was to be before an instant; return how many."""
    return await tx.run(
        """
        UPDATE exchange.outgoing SET state = 'dead', error = coalesce(error, $2), ended_at = $3
         WHERE state = 'waiting' AND last_at < $1
        """,
        before,
        error,
        at,
    )


async def depths(read: Read) -> list[Depth]:
    """Return how much waits, is held and is dead."""
    return await read.all(
        Depth,
        """
        SELECT state, count(*) AS messages, min(created_at) AS oldest_at
          FROM exchange.outgoing WHERE state IN ('waiting', 'held', 'dead') GROUP BY state
        """,
    )


async def circuits(read: Read) -> list[Breakers]:
    """Return every circuit that is kept."""
    return await read.all(Breakers, "SELECT institution_id, failures, openings, open_until FROM exchange.circuits")
