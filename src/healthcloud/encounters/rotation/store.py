"""The statements that walk over visits and their former versions by their keys."""

from typing import NamedTuple
from uuid import UUID

from healthcloud.core.db import Read, Transaction


class Sealed(NamedTuple):
    """A sealed content."""

    encounter_id: UUID
    version: int
    sealed: bytes


async def encounters_after(tx: Transaction, after: UUID, limit: int) -> list[Sealed]:
    """Return the next visits and keep them as they are until this transaction ends."""
    return await tx.all(
        Sealed,
        """
        SELECT id AS encounter_id, version, content_sealed AS sealed
          FROM encounters.encounters
         WHERE id > $1
         ORDER BY id
         LIMIT $2
           FOR NO KEY UPDATE
        """,
        after,
        limit,
    )


async def versions_after(read: Read, after: UUID, version: int, limit: int) -> list[Sealed]:
    """Return the next former versions."""
    return await read.all(
        Sealed,
        """
        SELECT encounter_id, version, content_sealed AS sealed
          FROM encounters.versions
         WHERE (encounter_id, version) > ($1, $2)
         ORDER BY encounter_id, version
         LIMIT $3
        """,
        after,
        version,
        limit,
    )


async def reseal_encounters(tx: Transaction, ids: list[UUID], versions: list[int], new: list[bytes]) -> None:
    """Write contents sealed anew."""
    await tx.run(
        """
        UPDATE encounters.encounters AS e
           SET content_sealed = n.new
          FROM unnest($1::uuid[], $2::integer[], $3::bytea[]) AS n (id, version, new)
         WHERE e.id = n.id AND e.version = n.version
        """,
        ids,
        versions,
        new,
    )


async def reseal_versions(tx: Transaction, ids: list[UUID], versions: list[int], new: list[bytes]) -> None:
    """Write former contents sealed anew."""
    await tx.run(
        """
        UPDATE encounters.versions AS v
           SET content_sealed = n.new
          FROM unnest($1::uuid[], $2::integer[], $3::bytea[]) AS n (id, version, new)
         WHERE v.encounter_id = n.id AND v.version = n.version
        """,
        ids,
        versions,
        new,
    )
