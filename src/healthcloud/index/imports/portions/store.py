"""Every statement about the pieces of files, their rows in portions, and what became of these."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from healthcloud.core.db import Read, Transaction


class Arrived(NamedTuple):
    """How many pieces have come, the highest number among them, and their bytes together."""

    pieces: int
    last: int
    size: int


class Portion(NamedTuple):
    """Rows sealed as one, and what became of them."""

    n: int
    rows: int
    rows_sealed: bytes
    answers_sealed: bytes | None
    rejected: int | None


class Print(NamedTuple):
    """Fingerprints of a row's local number and content."""

    number: int
    line: int
    content: int


async def put_piece(tx: Transaction, import_id: UUID, n: int, size: int, sealed: bytes) -> None:
    """Write a piece of a file, in the place of the one before under its number."""
    await tx.run(
        """
        INSERT INTO index.import_pieces (import_id, n, size, piece_sealed)
        VALUES ($1, $2, $3, $4)
        ON CONFLICT (import_id, n) DO UPDATE SET size = excluded.size, piece_sealed = excluded.piece_sealed
        """,
        import_id,
        n,
        size,
        sealed,
    )


async def arrived(read: Read, import_id: UUID) -> Arrived | None:
    """Return what has come of a file."""
    return await read.one(
        Arrived,
        """
        SELECT count(*)::int4 AS pieces, coalesce(max(n), -1) AS last, coalesce(sum(size), 0)::int8 AS size
          FROM index.import_pieces
         WHERE import_id = $1
        """,
        import_id,
    )


async def numbers_of_pieces(read: Read, import_id: UUID) -> list[int]:
    """Return which pieces have come."""
    return await read.values(int, "SELECT n FROM index.import_pieces WHERE import_id = $1 ORDER BY n", import_id)


async def piece(read: Read, import_id: UUID, n: int) -> bytes | None:
    """Return a piece of a file, sealed."""
    return await read.value(
        bytes, "SELECT piece_sealed FROM index.import_pieces WHERE import_id = $1 AND n = $2", import_id, n
    )


async def add_portion(tx: Transaction, import_id: UUID, n: int, rows: int, sealed: bytes) -> None:
    """Write a portion of rows, in the place of one that was read before."""
    await tx.run(
        """
        INSERT INTO index.import_portions (import_id, n, rows, rows_sealed)
        VALUES ($1, $2, $3, $4)
        ON CONFLICT (import_id, n) DO UPDATE SET rows = excluded.rows, rows_sealed = excluded.rows_sealed
        """,
        import_id,
        n,
        rows,
        sealed,
    )


async def portion(read: Read, import_id: UUID, n: int) -> Portion | None:
    """Return a portion."""
    return await read.one(
        Portion,
        """
        SELECT n, rows, rows_sealed, answers_sealed, rejected
          FROM index.import_portions
         WHERE import_id = $1 AND n = $2
        """,
        import_id,
        n,
    )


async def next_open(read: Read, import_id: UUID) -> Portion | None:
    """Return the first portion that has not been worked."""
    return await read.one(
        Portion,
        """
        SELECT n, rows, rows_sealed, answers_sealed, rejected
          FROM index.import_portions
         WHERE import_id = $1 AND settled_at IS NULL
         ORDER BY n
         LIMIT 1
        """,
        import_id,
    )


async def settle(tx: Transaction, import_id: UUID, n: int, answers_sealed: bytes, rejected: int, at: datetime) -> int:
    """Write what became of a portion, once; return 1 if this was the first time."""
    return await tx.run(
        """
        UPDATE index.import_portions SET answers_sealed = $3, rejected = $4, settled_at = $5
         WHERE import_id = $1 AND n = $2 AND settled_at IS NULL
        """,
        import_id,
        n,
        answers_sealed,
        rejected,
        at,
    )


async def settled_after(read: Read, import_id: UUID, n: int, *, only_rejected: bool) -> Portion | None:
    """Return the next portion that was worked, or of which rows were rejected."""
    return await read.one(
        Portion,
        """
        SELECT n, rows, rows_sealed, answers_sealed, rejected
          FROM index.import_portions
         WHERE import_id = $1 AND n > $2 AND settled_at IS NOT NULL AND (rejected > 0 OR NOT $3)
         ORDER BY n
         LIMIT 1
        """,
        import_id,
        n,
        only_rejected,
    )


async def add_prints(tx: Transaction, import_id: UUID, prints: Sequence[Print]) -> None:
    """Write the fingerprints of rows."""
    await tx.run(
        """
        INSERT INTO index.import_numbers (import_id, number, line, content)
        SELECT $1, number, line, content
          FROM unnest($2::int8[], $3::int4[], $4::int8[]) AS r (number, line, content)
        ON CONFLICT (import_id, number, line) DO NOTHING
        """,
        import_id,
        [one.number for one in prints],
        [one.line for one in prints],
        [one.content for one in prints],
    )


async def contradictions(read: Read, import_id: UUID, numbers: Sequence[int]) -> list[Print]:
    """Return every row of these numbers that stands more than once in the file and says different things."""
    return await read.all(
        Print,
        """
        SELECT r.number, r.line, r.content
          FROM index.import_numbers r
         WHERE r.import_id = $1 AND r.number = ANY ($2::int8[])
           AND EXISTS (SELECT 1 FROM index.import_numbers o
                        WHERE o.import_id = r.import_id AND o.number = r.number AND o.content <> r.content)
         ORDER BY r.number, r.line
        """,
        import_id,
        list(numbers),
    )


async def forget_prints(tx: Transaction, import_id: UUID) -> int:
    """Delete the fingerprints of a file's rows."""
    return await tx.run("DELETE FROM index.import_numbers WHERE import_id = $1", import_id)
