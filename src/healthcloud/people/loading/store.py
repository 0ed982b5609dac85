"""Statements of loading: what COPY can't do, as residents of a chunk may share a phone, and walking over all."""

from typing import NamedTuple
from uuid import UUID

from healthcloud.core.db import Read, Transaction


class FaceRow(NamedTuple):
    """A canonical person's sealed face."""

    id: UUID
    face_sealed: bytes


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


async def last_of(read: Read, after: UUID, count: int) -> UUID | None:
    """Return the last of the next so many persons."""
    return await read.value(
        UUID,
        """
        SELECT id
          FROM (SELECT id FROM people.persons WHERE id > $1 ORDER BY id LIMIT $2) AS part
         ORDER BY id DESC
         LIMIT 1
        """,
        after,
        count,
    )


async def faces_between(read: Read, after: UUID, upto: UUID) -> list[FaceRow]:
    """Return the faces of the persons after one id up to another who stand for somebody themselves."""
    return await read.all(
        FaceRow,
        """
        SELECT id, face_sealed
          FROM people.persons
         WHERE id > $1 AND id <= $2 AND canonical_id = id AND state <> 'withdrawn'
         ORDER BY id
        """,
        after,
        upto,
    )
