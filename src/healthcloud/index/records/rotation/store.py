"""The statements that walk over records and blocks by their keys."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from healthcloud.core.db import Read, Transaction
from healthcloud.index.records.store import RecordRow


class Renewed(NamedTuple):
    """A record's content sealed anew, with the digest under the current key."""

    id: UUID
    content_sealed: bytes
    digest: bytes


class VersionValue(NamedTuple):
    """A former version's sealed content."""

    record_id: UUID
    version: int
    sealed: bytes


async def records_after(tx: Transaction, record_id: UUID, limit: int) -> list[RecordRow]:
    """Return the next records and keep them as they are until this transaction ends."""
    return await tx.all(
        RecordRow,
        """
        SELECT id, source_id, number, version, content_sealed, digest, state, person_id, outcome, rule, weight, model,
               received_at, placed_at, import_id, line, received_by
          FROM index.records
         WHERE id > $1
         ORDER BY id
         LIMIT $2
           FOR NO KEY UPDATE
        """,
        record_id,
        limit,
    )


async def renew(tx: Transaction, renewed: Sequence[Renewed]) -> None:
    """Write contents sealed anew and their digests."""
    await tx.run(
        """
        UPDATE index.records AS r
           SET content_sealed = new.content_sealed, digest = new.digest
          FROM unnest($1::uuid[], $2::bytea[], $3::bytea[]) AS new (id, content_sealed, digest)
         WHERE r.id = new.id
        """,
        *(list(column) for column in zip(*renewed, strict=True)),
    )


async def versions_after(read: Read, record_id: UUID, version: int, limit: int) -> list[VersionValue]:
    """Return the next former versions."""
    return await read.all(
        VersionValue,
        """
        SELECT record_id, version, content_sealed AS sealed
          FROM index.record_versions
         WHERE (record_id, version) > ($1, $2)
         ORDER BY record_id, version
         LIMIT $3
        """,
        record_id,
        version,
        limit,
    )


async def reseal_versions(tx: Transaction, record_ids: list[UUID], versions: list[int], new: list[bytes]) -> None:
    """Write former contents sealed anew."""
    await tx.run(
        """
        UPDATE index.record_versions AS v
           SET content_sealed = n.new
          FROM unnest($1::uuid[], $2::integer[], $3::bytea[]) AS n (record_id, version, new)
         WHERE v.record_id = n.record_id AND v.version = n.version
        """,
        record_ids,
        versions,
        new,
    )


async def prune_blocks(tx: Transaction, after: int, live: list[int], limit: int) -> list[int]:
    """Delete the next blocks under keys no longer live, never under newer ones; return their keys."""
    return await tx.values(
        int,
        """
        DELETE FROM index.blocks
         WHERE key_number < $2 AND key_number <> ALL ($3::smallint[])
           AND key = ANY (ARRAY(
               SELECT key
                 FROM index.blocks
                WHERE key > $1 AND key_number < $2 AND key_number <> ALL ($3::smallint[])
                ORDER BY key
                LIMIT $4))
        RETURNING key
        """,
        after,
        max(live),
        live,
        limit,
    )
