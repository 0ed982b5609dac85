"""The one statement that COPY can't do: several residents of one chunk may share a phone."""

from uuid import UUID

from healthcloud.core.db import Transaction


async def add_phones(
    tx: Transaction, fingerprints: list[bytes], key_numbers: list[int], person_ids: list[UUID]
) -> None:
    """Write who uses which phone number."""
    await tx.run(
        """
        INSERT INTO people.phones AS kept (fingerprint, key_number, person_ids)
        SELECT fingerprint, key_number, array_agg(person_id)
          FROM unnest($1::bytea[], $2::smallint[], $3::uuid[]) AS new (fingerprint, key_number, person_id)
         GROUP BY fingerprint, key_number
         ORDER BY fingerprint
        ON CONFLICT (fingerprint) DO UPDATE SET person_ids = kept.person_ids || excluded.person_ids
        """,
        fingerprints,
        key_numbers,
        person_ids,
    )
