"""The statements of a registration; those on document_index are in identities, on phones in contacts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from healthcloud.core.db import Read, Transaction
from healthcloud.people.registration.rows import NewRows, Update


@dataclass(frozen=True, slots=True)
class Known:
    """A person that somebody resolves to, as stored."""

    person_id: UUID
    canonical_id: UUID
    state: str
    level: int
    version: int
    face_sealed: bytes


@dataclass(frozen=True, slots=True)
class Family:
    """A mother's canonical person and everyone who resolves to it."""

    person_id: UUID
    canonical_id: UUID
    state: str
    face_sealed: bytes
    member_ids: list[UUID]


@dataclass(frozen=True, slots=True)
class Joined:
    """A phone, or an institution's patient number, that somebody now has."""

    phone: bytes | None
    institution_id: UUID | None
    number: str | None


async def known(read: Read, person_ids: list[UUID]) -> list[Known]:
    """Return whom these persons resolve to."""
    return await read.all(
        Known,
        """
        SELECT p.id AS person_id, c.id AS canonical_id, c.state, c.level, c.version, c.face_sealed
          FROM people.persons AS p
          JOIN people.persons AS c ON c.id = p.canonical_id
         WHERE p.id = ANY ($1::uuid[])
        """,
        person_ids,
    )


async def families(read: Read, person_ids: list[UUID]) -> list[Family]:
    """Return these mothers with everyone who resolves to the same person."""
    return await read.all(
        Family,
        """
        SELECT p.id AS person_id, c.id AS canonical_id, c.state, c.face_sealed,
               array_append(
                   ARRAY(SELECT m.person_id
                           FROM people.canonical_members AS m
                          WHERE c.grouped AND m.canonical_id = c.id AND m.person_id <> c.id),
                   c.id) AS member_ids
          FROM people.persons AS p
          JOIN people.persons AS c ON c.id = p.canonical_id
         WHERE p.id = ANY ($1::uuid[])
        """,
        person_ids,
    )


async def join_lookups(
    tx: Transaction, phones: list[tuple[int, bytes, UUID]], limit: int, numbers: list[tuple[UUID, str, UUID]]
) -> list[Joined]:
    """
    Add persons to phones, each at most `limit`, and claim patient numbers that are free; return what was given.

    One row is one phone number, so that of two registrations racing for its last place one waits and is refused.
    """
    return await tx.all(
        Joined,
        """
        WITH phone AS (
            INSERT INTO people.phones AS kept (fingerprint, key_number, person_ids)
            SELECT fingerprint, key_number, ARRAY[person_id]
              FROM unnest($1::bytea[], $2::smallint[], $3::uuid[]) AS new (fingerprint, key_number, person_id)
             ORDER BY fingerprint
            ON CONFLICT (fingerprint) DO UPDATE
               SET person_ids = CASE WHEN excluded.person_ids <@ kept.person_ids THEN kept.person_ids
                                     ELSE kept.person_ids || excluded.person_ids END
             WHERE excluded.person_ids <@ kept.person_ids OR cardinality(kept.person_ids) < $4
            RETURNING fingerprint
        ), number AS (
            INSERT INTO people.local_number_index (institution_id, number, person_id)
            SELECT institution_id, number, person_id
              FROM unnest($5::uuid[], $6::text[], $7::uuid[]) AS new (institution_id, number, person_id)
             ORDER BY institution_id, number
            ON CONFLICT (institution_id, number) DO NOTHING
            RETURNING institution_id, number
        )
        SELECT fingerprint AS phone, NULL::uuid AS institution_id, NULL::text AS number FROM phone
        UNION ALL
        SELECT NULL::bytea, institution_id, number FROM number
        """,
        [fingerprint for _, fingerprint, _ in phones],
        [key_number for key_number, _, _ in phones],
        [person_id for _, _, person_id in phones],
        limit,
        [institution_id for institution_id, _, _ in numbers],
        [number for _, number, _ in numbers],
        [person_id for _, _, person_id in numbers],
    )


async def update_faces(tx: Transaction, updates: Sequence[Update]) -> list[UUID]:
    """Replace faces and raise levels of persons still at the version they were read at; return those who were."""
    return await tx.values(
        UUID,
        """
        UPDATE people.persons AS p
           SET face_sealed = new.face_sealed, level = greatest(p.level, new.level), kind = least(p.kind, new.kind),
               version = p.version + 1
          FROM unnest($1::uuid[], $2::integer[], $3::bytea[], $4::smallint[], $5::smallint[])
            AS new (id, version, face_sealed, level, kind)
         WHERE p.id = new.id AND p.version = new.version AND p.state <> 'withdrawn'
        RETURNING p.id
        """,
        [update.person_id for update in updates],
        [update.version for update in updates],
        [update.face_sealed for update in updates],
        [update.level for update in updates],
        [update.kind for update in updates],
    )


async def add_rows(tx: Transaction, rows: NewRows, at: datetime) -> None:
    """Write new persons and what is new of known ones, every row under its person's id."""
    await tx.run(
        """
        WITH person AS (
            INSERT INTO people.persons
                   (id, canonical_id, grouped, state, kind, level, version, face_sealed, created_at, institution_id)
            SELECT id, id, false, 'alive', kind, level, 1, face_sealed, $1, institution_id
              FROM unnest($2::uuid[], $3::smallint[], $4::smallint[], $5::bytea[], $6::uuid[])
                AS new (id, kind, level, face_sealed, institution_id)
        ), document AS (
            INSERT INTO people.documents
                   (person_id, id, kind, number_sealed, issuer, valid_from, valid_to, is_primary, state, added_at,
                    institution_id)
            SELECT person_id, id, kind, number_sealed, issuer, valid_from, valid_to, is_primary, 'live', $1,
                   institution_id
              FROM unnest($7::uuid[], $8::uuid[], $9::text[], $10::bytea[], $11::text[], $12::date[], $13::date[],
                          $14::boolean[], $15::uuid[])
                AS new (person_id, id, kind, number_sealed, issuer, valid_from, valid_to, is_primary, institution_id)
        ), contact AS (
            INSERT INTO people.contacts (person_id, id, phone_sealed, added_at, institution_id)
            SELECT person_id, id, phone_sealed, $1, institution_id
              FROM unnest($16::uuid[], $17::uuid[], $18::bytea[], $19::uuid[])
                AS new (person_id, id, phone_sealed, institution_id)
        ), verification AS (
            INSERT INTO people.verifications
                   (person_id, id, level, method, outcome, at, evidence, account_id, institution_id)
            SELECT person_id, id, level, method, 'passed', $1, evidence, account_id, institution_id
              FROM unnest($20::uuid[], $21::uuid[], $22::smallint[], $23::text[], $24::text[], $25::uuid[],
                          $26::uuid[])
                AS new (person_id, id, level, method, evidence, account_id, institution_id)
        ), newborn AS (
            INSERT INTO people.newborns (person_id, mother_id, born_at, birth_date, of_several, birth_order)
            SELECT person_id, mother_id, born_at, birth_date, of_several, birth_order
              FROM unnest($27::uuid[], $28::uuid[], $29::timestamptz[], $30::date[], $31::boolean[], $32::smallint[])
                AS new (person_id, mother_id, born_at, birth_date, of_several, birth_order)
            ON CONFLICT (person_id) DO NOTHING
        ), linked AS (
            INSERT INTO people.local_numbers (person_id, institution_id, number, linked_at)
            SELECT person_id, institution_id, number, $1
              FROM unnest($33::uuid[], $34::uuid[], $35::uuid[], $36::text[], $37::uuid[])
                AS new (person_id, id, institution_id, number, account_id)
        )
        INSERT INTO people.local_number_history (person_id, id, at, institution_id, number, what, account_id)
        SELECT person_id, id, $1, institution_id, number, 'linked', account_id
          FROM unnest($33::uuid[], $34::uuid[], $35::uuid[], $36::text[], $37::uuid[])
            AS new (person_id, id, institution_id, number, account_id)
        """,
        at,
        *rows.columns(),
    )
