"""Statements about phone numbers and who uses them."""

from datetime import datetime
from uuid import UUID

from healthcloud.core.db import Read, Transaction


async def shrink_phones(tx: Transaction, fingerprints: list[bytes], person_ids: list[UUID]) -> None:
    """Take each person off the phone at the same place, where somebody else still uses it."""
    await tx.run(
        """
        UPDATE people.phones AS p
           SET person_ids = array_remove(p.person_ids, gone.person_id)
          FROM unnest($1::bytea[], $2::uuid[]) AS gone (fingerprint, person_id)
         WHERE p.fingerprint = gone.fingerprint AND p.person_ids <> ARRAY[gone.person_id]
        """,
        fingerprints,
        person_ids,
    )


async def drop_phones(tx: Transaction, fingerprints: list[bytes], person_ids: list[UUID]) -> None:
    """Forget each phone that nobody but the person at the same place uses."""
    await tx.run(
        """
        DELETE FROM people.phones AS p
         USING unnest($1::bytea[], $2::uuid[]) AS gone (fingerprint, person_id)
         WHERE p.fingerprint = gone.fingerprint AND p.person_ids = ARRAY[gone.person_id]
        """,
        fingerprints,
        person_ids,
    )


async def follow_phones(tx: Transaction, phones: list[tuple[int, bytes, UUID]]) -> None:
    """Add persons under a number's other live keys; the limit was held under the current one."""
    await tx.run(
        """
        INSERT INTO people.phones AS kept (fingerprint, key_number, person_ids)
        SELECT fingerprint, key_number, ARRAY[person_id]
          FROM unnest($1::bytea[], $2::smallint[], $3::uuid[]) AS new (fingerprint, key_number, person_id)
         ORDER BY fingerprint
        ON CONFLICT (fingerprint) DO UPDATE
           SET person_ids = kept.person_ids || excluded.person_ids
         WHERE NOT excluded.person_ids <@ kept.person_ids
        """,
        [fingerprint for _, fingerprint, _ in phones],
        [key_number for key_number, _, _ in phones],
        [person_id for _, _, person_id in phones],
    )


async def join_phone(tx: Transaction, fingerprint: bytes, key_number: int, person_id: UUID, limit: int) -> int:
    """Add one person to a phone number, at most `limit`; return 0 when it has as many already."""
    return await tx.run(
        """
        INSERT INTO people.phones AS kept (fingerprint, key_number, person_ids)
        VALUES ($1, $2, ARRAY[$3::uuid])
        ON CONFLICT (fingerprint) DO UPDATE
           SET person_ids = CASE WHEN $3::uuid = ANY (kept.person_ids) THEN kept.person_ids
                                 ELSE array_append(kept.person_ids, $3::uuid) END
         WHERE cardinality(kept.person_ids) < $4 OR $3::uuid = ANY (kept.person_ids)
        """,
        fingerprint,
        key_number,
        person_id,
        limit,
    )


async def end_contact(tx: Transaction, person_id: UUID, at: datetime) -> None:
    """End the phone number a person had."""
    await tx.run(
        "UPDATE people.contacts SET ended_at = $2 WHERE person_id = $1 AND ended_at IS NULL",
        person_id,
        at,
    )


async def add_contact(
    tx: Transaction,
    person_id: UUID,
    contact_id: UUID,
    phone_sealed: bytes,
    at: datetime,
    institution_id: UUID | None,
) -> None:
    """Write a person's phone number."""
    await tx.run(
        """
        INSERT INTO people.contacts (person_id, id, phone_sealed, added_at, institution_id)
        VALUES ($1, $2, $3, $4, $5)
        """,
        person_id,
        contact_id,
        phone_sealed,
        at,
        institution_id,
    )


async def persons_of_phone(read: Read, fingerprints: list[bytes]) -> list[UUID]:
    """Return who uses the number with these fingerprints."""
    return await read.values(
        UUID,
        """
        SELECT DISTINCT p.person_id
          FROM people.phones AS f, unnest(f.person_ids) AS p (person_id)
         WHERE f.fingerprint = ANY ($1::bytea[])
        """,
        fingerprints,
    )
