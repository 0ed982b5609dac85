"""Every statement about versions of the model."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from healthcloud.core.db import Read, Transaction


@dataclass(frozen=True, slots=True)
class Live:
    """Which version is adopted."""

    version: int
    digest: bytes


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version as stored."""

    version: int
    state: str
    measures: bytes
    proposed_at: datetime
    proposed_by: UUID
    adopted_at: datetime | None
    adopted_by: UUID | None
    retired_at: datetime | None
    retired_by: UUID | None


async def live(read: Read) -> Live | None:
    """Return which version is adopted, if one is."""
    return await read.one(Live, "SELECT version, digest FROM index.models WHERE state = 'adopted'")


async def packed(read: Read, version: int) -> bytes | None:
    """Return a model as it is stored."""
    return await read.value(bytes, "SELECT model FROM index.models WHERE version = $1", version)


async def versions(read: Read) -> list[VersionRow]:
    """Return every version with a row, the newest first."""
    return await read.all(
        VersionRow,
        """
        SELECT version, state, measures, proposed_at, proposed_by, adopted_at, adopted_by, retired_at, retired_by
          FROM index.models
         ORDER BY version DESC
        """,
    )


async def newest(tx: Transaction) -> int | None:
    """Return the newest version's number."""
    return await tx.value(int, "SELECT max(version) FROM index.models")


async def add(
    tx: Transaction,
    version: int,
    model: bytes,
    digest: bytes,
    measures: bytes,
    at: datetime,
    by: UUID,
) -> int:
    """Write a proposed version; return 0 where another took its number meanwhile."""
    return await tx.run(
        """
        INSERT INTO index.models (version, state, model, digest, measures, proposed_at, proposed_by)
        VALUES ($1, 'proposed', $2, $3, $4, $5, $6)
        ON CONFLICT (version) DO NOTHING
        """,
        version,
        model,
        digest,
        measures,
        at,
        by,
    )


async def retire(tx: Transaction, version: int, at: datetime, by: UUID) -> int:
    """Have the live version live no more."""
    return await tx.run(
        """
        UPDATE index.models SET state = 'retired', retired_at = $2, retired_by = $3
         WHERE version = $1 AND state = 'adopted'
        """,
        version,
        at,
        by,
    )


async def adopt(tx: Transaction, version: int, at: datetime, by: UUID) -> int:
    """Have a version live from now on."""
    return await tx.run(
        """
        UPDATE index.models SET state = 'adopted', adopted_at = $2, adopted_by = $3
         WHERE version = $1 AND state <> 'adopted'
        """,
        version,
        at,
        by,
    )
