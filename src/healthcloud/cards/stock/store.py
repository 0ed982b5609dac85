"""Every statement about batches of cards made ahead."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from healthcloud.cards.stock.model import Batch
from healthcloud.core.db import Read, Transaction


@dataclass(frozen=True, slots=True)
class SealedRow:
    """A row as stored, sealed for batch and place."""

    n: int
    row_sealed: bytes
    fault: str | None


class Settled(NamedTuple):
    """What became of a row."""

    n: int
    outcome: str
    fault: str | None
    card_id: bytes | None


class Count(NamedTuple):
    """How many rows came to this."""

    outcome: str | None
    rows: int


async def add_batch(tx: Transaction, one: Batch) -> None:
    """Write a batch."""
    await tx.run(
        """
        INSERT INTO cards.stock_batches (id, name, institution_id, account_id, created_at, rows, done_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """,
        one.id,
        one.name,
        one.institution_id,
        one.account_id,
        one.created_at,
        one.rows,
        one.done_at,
    )


async def add_rows(tx: Transaction, batch_id: UUID, sealed: Sequence[bytes]) -> None:
    """Write a batch's rows, in their order."""
    await tx.run(
        """
        INSERT INTO cards.stock_rows (batch_id, n, row_sealed)
        SELECT $1, n, row_sealed FROM unnest($2::bytea[]) WITH ORDINALITY AS r (row_sealed, n)
        """,
        batch_id,
        list(sealed),
    )


async def batch(read: Read, batch_id: UUID) -> Batch | None:
    """Return a batch."""
    return await read.one(
        Batch,
        """
        SELECT id, name, institution_id, account_id, created_at, rows, done_at
          FROM cards.stock_batches
         WHERE id = $1
        """,
        batch_id,
    )


async def batches(read: Read, before: UUID, limit: int) -> list[Batch]:
    """Return batches, the newest first."""
    return await read.all(
        Batch,
        """
        SELECT id, name, institution_id, account_id, created_at, rows, done_at
          FROM cards.stock_batches
         WHERE id < $1
         ORDER BY id DESC
         LIMIT $2
        """,
        before,
        limit,
    )


async def open_rows(tx: Transaction, batch_id: UUID, after: int, limit: int) -> list[SealedRow]:
    """Return the next rows nothing was done for yet."""
    return await tx.all(
        SealedRow,
        """
        SELECT n, row_sealed, fault
          FROM cards.stock_rows
         WHERE batch_id = $1 AND n > $2 AND outcome IS NULL
         ORDER BY n
         LIMIT $3
        """,
        batch_id,
        after,
        limit,
    )


async def rejected(read: Read, batch_id: UUID) -> list[SealedRow]:
    """Return the rows that made no card."""
    return await read.all(
        SealedRow,
        """
        SELECT n, row_sealed, fault
          FROM cards.stock_rows
         WHERE batch_id = $1 AND outcome = 'rejected'
         ORDER BY n
        """,
        batch_id,
    )


async def settle(tx: Transaction, batch_id: UUID, rows: Sequence[Settled]) -> None:
    """Write what became of rows."""
    await tx.run(
        """
        UPDATE cards.stock_rows AS r
           SET outcome = s.outcome, fault = s.fault, card_id = s.card_id
          FROM unnest($2::int4[], $3::text[], $4::text[], $5::bytea[]) AS s (n, outcome, fault, card_id)
         WHERE r.batch_id = $1 AND r.n = s.n
        """,
        batch_id,
        [one.n for one in rows],
        [one.outcome for one in rows],
        [one.fault for one in rows],
        [one.card_id for one in rows],
    )


async def finish(tx: Transaction, batch_id: UUID, at: datetime) -> None:
    """Note that every row of a batch is settled."""
    await tx.run("UPDATE cards.stock_batches SET done_at = $2 WHERE id = $1 AND done_at IS NULL", batch_id, at)


async def counts(read: Read, batch_id: UUID) -> list[Count]:
    """Return how many rows of a batch came to what."""
    return await read.all(
        Count,
        "SELECT outcome, count(*)::int4 AS rows FROM cards.stock_rows WHERE batch_id = $1 GROUP BY outcome",
        batch_id,
    )


async def made(read: Read, batch_id: UUID) -> list[bytes]:
    """Return the cards a batch made."""
    return await read.values(
        bytes, "SELECT card_id FROM cards.stock_rows WHERE batch_id = $1 AND outcome = 'prepared'", batch_id
    )


async def still_prepared(read: Read, card_ids: list[bytes]) -> int:
    """Return how many of these cards wait for their holders."""
    found = await read.value(
        int, "SELECT count(*)::int4 AS count FROM cards.cards WHERE id = ANY ($1::bytea[]) AND status = 4", card_ids
    )
    return found or 0


class SealedAfter(NamedTuple):
    """A sealed row with where it stands."""

    batch_id: UUID
    n: int
    row_sealed: bytes


async def rows_after(read: Read, batch_id: UUID, n: int, limit: int) -> list[SealedAfter]:
    """Return the next rows of all batches."""
    return await read.all(
        SealedAfter,
        """
        SELECT batch_id, n, row_sealed
          FROM cards.stock_rows
         WHERE (batch_id, n) > ($1, $2)
         ORDER BY batch_id, n
         LIMIT $3
        """,
        batch_id,
        n,
        limit,
    )


async def reseal_row(tx: Transaction, batch_id: UUID, n: int, sealed: bytes) -> None:
    """Write a row sealed anew; one never changes."""
    await tx.run("UPDATE cards.stock_rows SET row_sealed = $3 WHERE batch_id = $1 AND n = $2", batch_id, n, sealed)
