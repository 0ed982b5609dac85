"""Every statement about identity-card records."""

from datetime import datetime
from uuid import UUID

from healthcloud.core.db import Read, Transaction
from healthcloud.people.sealed import SealedValue


async def put_record(
    tx: Transaction, person_id: UUID, sealed: bytes, read_at: datetime, account_id: UUID, institution_id: UUID | None
) -> None:
    """Keep a record in the place of the one before."""
    await tx.run(
        """
        INSERT INTO people.id_records (person_id, record_sealed, read_at, account_id, institution_id)
        VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (person_id) DO UPDATE
           SET record_sealed = excluded.record_sealed, read_at = excluded.read_at, account_id = excluded.account_id,
               institution_id = excluded.institution_id
        """,
        person_id,
        sealed,
        read_at,
        account_id,
        institution_id,
    )


async def delete_records(tx: Transaction, person_ids: list[UUID]) -> int:
    """Delete what is kept of these persons' cards; return how many readings."""
    return await tx.run("DELETE FROM people.id_records WHERE person_id = ANY ($1::uuid[])", person_ids)


async def newest_record(read: Read, person_ids: list[UUID]) -> SealedValue | None:
    """Return the latest reading of these persons' cards."""
    return await read.one(
        SealedValue,
        """
        SELECT person_id, person_id AS item_id, record_sealed AS sealed
          FROM people.id_records
         WHERE person_id = ANY ($1::uuid[])
         ORDER BY read_at DESC
         LIMIT 1
        """,
        person_ids,
    )


async def records_after(read: Read, person_id: UUID, limit: int) -> list[SealedValue]:
    """Return the next records."""
    return await read.all(
        SealedValue,
        """
        SELECT person_id, person_id AS item_id, record_sealed AS sealed
          FROM people.id_records
         WHERE person_id > $1
         ORDER BY person_id
         LIMIT $2
        """,
        person_id,
        limit,
    )


async def reseal_record(tx: Transaction, person_id: UUID, old: bytes, new: bytes) -> None:
    """Write a record sealed anew, unless another reading took its place meanwhile."""
    await tx.run(
        "UPDATE people.id_records SET record_sealed = $3 WHERE person_id = $1 AND record_sealed = $2",
        person_id,
        old,
        new,
    )
