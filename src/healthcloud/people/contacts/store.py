"""Statements about phone numbers and who uses them."""

from uuid import UUID

from healthcloud.core.db import Transaction


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
