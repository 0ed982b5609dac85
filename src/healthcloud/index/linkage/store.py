"""Every statement by which a batch reads the index."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from healthcloud.core.db import Read


class SealedRow(NamedTuple):
    """What a batch reads of a record."""

    id: UUID
    version: int
    content_sealed: bytes
    person_id: UUID | None


class Said(NamedTuple):
    """Two records of which a person has said something."""

    record_id: UUID
    other_id: UUID


async def ids_after(read: Read, after: UUID, limit: int) -> list[UUID]:
    """Return the next records' ids."""
    return await read.values(UUID, "SELECT id FROM index.records WHERE id > $1 ORDER BY id LIMIT $2", after, limit)


async def between(read: Read, after: UUID, upto: UUID) -> list[SealedRow]:
    """Return the records of a stretch of ids that have not ended."""
    return await read.all(
        SealedRow,
        """
        SELECT id, version, content_sealed, person_id
          FROM index.records
         WHERE id > $1 AND id <= $2 AND state <> 'ended'
         ORDER BY id
        """,
        after,
        upto,
    )


async def said_by_people(read: Read, record_ids: Sequence[UUID]) -> list[Said]:
    """Return the pairs among these records' that people have decided, from either side."""
    return await read.all(
        Said,
        """
        SELECT record_id, other_id FROM index.pairs
         WHERE record_id = ANY ($1::uuid[]) AND human IS NOT NULL
        """,
        list(record_ids),
    )
