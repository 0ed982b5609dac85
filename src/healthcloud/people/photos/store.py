"""Every statement about photographs."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from healthcloud.core.db import Read, Transaction
from healthcloud.people.sealed import SealedValue


@dataclass(frozen=True, slots=True)
class PhotoRow:
    """A photograph as stored, sealed for the person and its id."""

    person_id: UUID
    id: UUID
    photo_sealed: bytes
    consent_id: UUID
    taken_at: datetime
    until: datetime
    account_id: UUID
    institution_id: UUID | None


async def put_photo(tx: Transaction, row: PhotoRow) -> None:
    """Keep a photograph in the place of the one before."""
    await tx.run(
        """
        INSERT INTO people.photos
               (person_id, id, photo_sealed, consent_id, taken_at, until, account_id, institution_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (person_id) DO UPDATE
           SET id = excluded.id, photo_sealed = excluded.photo_sealed, consent_id = excluded.consent_id,
               taken_at = excluded.taken_at, until = excluded.until, account_id = excluded.account_id,
               institution_id = excluded.institution_id
        """,
        row.person_id,
        row.id,
        row.photo_sealed,
        row.consent_id,
        row.taken_at,
        row.until,
        row.account_id,
        row.institution_id,
    )


async def photo_of(read: Read, person_ids: list[UUID], at: datetime) -> PhotoRow | None:
    """Return the newest photograph of these persons whose consent stands."""
    return await read.one(
        PhotoRow,
        """
        SELECT p.person_id, p.id, p.photo_sealed, p.consent_id, p.taken_at, p.until, p.account_id, p.institution_id
          FROM people.photos p
          JOIN people.consents c ON c.person_id = p.person_id AND c.id = p.consent_id
         WHERE p.person_id = ANY ($1::uuid[]) AND p.until > $2 AND c.withdrawn_at IS NULL
         ORDER BY p.taken_at DESC
         LIMIT 1
        """,
        person_ids,
        at,
    )


async def delete_photos(tx: Transaction, person_ids: list[UUID]) -> list[UUID]:
    """Delete the photographs of these persons; return the consents they stood on."""
    return await tx.values(
        UUID,
        "DELETE FROM people.photos WHERE person_id = ANY ($1::uuid[]) RETURNING consent_id",
        person_ids,
    )


async def delete_ended(tx: Transaction, at: datetime) -> list[UUID]:
    """Delete photographs whose time is over; return whose. One whose consent is withdrawn goes with that."""
    return await tx.values(UUID, "DELETE FROM people.photos WHERE until <= $1 RETURNING person_id", at)


async def photos_after(read: Read, person_id: UUID, limit: int) -> list[SealedValue]:
    """Return the next photographs."""
    return await read.all(
        SealedValue,
        """
        SELECT person_id, id AS item_id, photo_sealed AS sealed
          FROM people.photos
         WHERE person_id > $1
         ORDER BY person_id
         LIMIT $2
        """,
        person_id,
        limit,
    )


async def reseal_photo(tx: Transaction, person_id: UUID, photo_id: UUID, sealed: bytes) -> None:
    """Write a photograph sealed anew, unless another took its place meanwhile."""
    await tx.run(
        "UPDATE people.photos SET photo_sealed = $3 WHERE person_id = $1 AND id = $2", person_id, photo_id, sealed
    )
