"""Every statement about forgetting the rows of imports, and about sealing them again."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from healthcloud.core.db import Read, Transaction


class SealedPortion(NamedTuple):
    """A portion with what is sealed of it."""

    import_id: UUID
    n: int
    rows_sealed: bytes
    answers_sealed: bytes | None


class SealedPiece(NamedTuple):
    """A piece of a file."""

    import_id: UUID
    n: int
    piece_sealed: bytes


class SealedShape(NamedTuple):
    """What a file looks like."""

    id: UUID
    shape_sealed: bytes


async def old_imports(tx: Transaction, before: datetime, limit: int) -> list[UUID]:
    """Return imports begun before an instant whose rows are still kept, the oldest first."""
    return await tx.values(
        UUID,
        """
        SELECT id FROM index.imports
         WHERE created_at < $1 AND forgotten_at IS NULL
         ORDER BY created_at
         LIMIT $2
           FOR UPDATE SKIP LOCKED
        """,
        before,
        limit,
    )


async def forget_pieces(tx: Transaction, import_id: UUID) -> int:
    """Delete the bytes of a file."""
    return await tx.run("DELETE FROM index.import_pieces WHERE import_id = $1", import_id)


async def forget_portions(tx: Transaction, import_id: UUID) -> int:
    """Delete the rows of a file, and what became of them."""
    return await tx.run("DELETE FROM index.import_portions WHERE import_id = $1", import_id)


async def set_forgotten(tx: Transaction, import_id: UUID, at: datetime) -> None:
    """Write that the rows are kept no longer; one that has not ended by then is cancelled."""
    await tx.run(
        """
        UPDATE index.imports
           SET forgotten_at = $2, shape_sealed = NULL, ended_at = coalesce(ended_at, $2),
               state = CASE WHEN state IN ('done', 'failed') THEN state ELSE 'cancelled' END
         WHERE id = $1
        """,
        import_id,
        at,
    )


async def portions_after(read: Read, import_id: UUID, n: int, limit: int) -> list[SealedPortion]:
    """Return the next portions of all imports."""
    return await read.all(
        SealedPortion,
        """
        SELECT import_id, n, rows_sealed, answers_sealed
          FROM index.import_portions
         WHERE (import_id, n) > ($1, $2)
         ORDER BY import_id, n
         LIMIT $3
        """,
        import_id,
        n,
        limit,
    )


async def reseal_portion(
    tx: Transaction, import_id: UUID, n: int, rows_sealed: bytes, answers_sealed: bytes | None, former: bytes | None
) -> None:
    """Write a portion sealed anew, unless it was settled meanwhile."""
    await tx.run(
        """
        UPDATE index.import_portions SET rows_sealed = $3, answers_sealed = $4
         WHERE import_id = $1 AND n = $2 AND answers_sealed IS NOT DISTINCT FROM $5
        """,
        import_id,
        n,
        rows_sealed,
        answers_sealed,
        former,
    )


async def pieces_after(read: Read, import_id: UUID, n: int, limit: int) -> list[SealedPiece]:
    """Return the next pieces of all files."""
    return await read.all(
        SealedPiece,
        """
        SELECT import_id, n, piece_sealed
          FROM index.import_pieces
         WHERE (import_id, n) > ($1, $2)
         ORDER BY import_id, n
         LIMIT $3
        """,
        import_id,
        n,
        limit,
    )


async def reseal_piece(tx: Transaction, import_id: UUID, n: int, sealed: bytes, former: bytes) -> None:
    """Write a piece sealed anew, unless another came in its place."""
    await tx.run(
        "UPDATE index.import_pieces SET piece_sealed = $3 WHERE import_id = $1 AND n = $2 AND piece_sealed = $4",
        import_id,
        n,
        sealed,
        former,
    )


async def shapes_after(read: Read, import_id: UUID, limit: int) -> list[SealedShape]:
    """Return the next imports that keep what their file looks like."""
    return await read.all(
        SealedShape,
        """
        SELECT id, shape_sealed FROM index.imports
         WHERE id > $1 AND shape_sealed IS NOT NULL
         ORDER BY id
         LIMIT $2
        """,
        import_id,
        limit,
    )


async def reseal_shape(tx: Transaction, import_id: UUID, sealed: bytes, former: bytes) -> None:
    """Write a shape sealed anew, unless it was forgotten meanwhile."""
    await tx.run(
        "UPDATE index.imports SET shape_sealed = $2 WHERE id = $1 AND shape_sealed = $3", import_id, sealed, former
    )
