"""Every statement about visits, their former versions and whose they are."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from healthcloud.core.db import Read, Transaction


class EncounterRow(NamedTuple):
    """A visit as stored."""

    id: UUID
    institution_id: UUID
    number: str
    version: int
    kind: str
    status: str
    patient_number: str | None
    person_id: UUID | None
    at: datetime
    content_sealed: bytes
    told_at: datetime
    received_at: datetime
    received_by: UUID


class VersionRow(NamedTuple):
    """A former version of a visit."""

    encounter_id: UUID
    version: int
    kind: str
    status: str
    patient_number: str | None
    person_id: UUID | None
    content_sealed: bytes
    told_at: datetime
    received_at: datetime
    replaced_at: datetime


class OfInstitution(NamedTuple):
    """A visit and where it was."""

    encounter_id: UUID
    institution_id: UUID


async def add(tx: Transaction, rows: Sequence[EncounterRow]) -> list[UUID]:
    """Write visits never told of before, in the order of their ids; return which were not there."""
    return await tx.values(
        UUID,
        """
        INSERT INTO encounters.encounters
               (id, institution_id, number, version, kind, status, patient_number, person_id, at, content_sealed,
                told_at, received_at, received_by)
        SELECT id, institution_id, number, version, kind, status, patient_number, person_id, at, content_sealed,
               told_at, received_at, received_by
          FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::integer[], $5::text[], $6::text[], $7::text[],
                      $8::uuid[], $9::timestamptz[], $10::bytea[], $11::timestamptz[], $12::timestamptz[],
                      $13::uuid[])
            AS new (id, institution_id, number, version, kind, status, patient_number, person_id, at,
                    content_sealed, told_at, received_at, received_by)
         ORDER BY id
        ON CONFLICT (id) DO NOTHING
        RETURNING id
        """,
        *(list(column) for column in zip(*rows, strict=True)),
    )


async def rows(read: Read, ids: list[UUID]) -> list[EncounterRow]:
    """Return visits as they stand."""
    return await read.all(
        EncounterRow,
        """
        SELECT id, institution_id, number, version, kind, status, patient_number, person_id, at, content_sealed,
               told_at, received_at, received_by
          FROM encounters.encounters
         WHERE id = ANY ($1::uuid[])
        """,
        ids,
    )


async def lock(tx: Transaction, ids: list[UUID]) -> list[EncounterRow]:
    """Return visits as they stand and keep them so until this transaction ends; locked in the order of their ids."""
    return await tx.all(
        EncounterRow,
        """
        SELECT id, institution_id, number, version, kind, status, patient_number, person_id, at, content_sealed,
               told_at, received_at, received_by
          FROM encounters.encounters
         WHERE id = ANY ($1::uuid[])
         ORDER BY id
           FOR NO KEY UPDATE
        """,
        ids,
    )


async def keep_versions(tx: Transaction, ids: list[UUID], at: datetime) -> None:
    """Keep what is known of these visits as a former version."""
    await tx.run(
        """
        INSERT INTO encounters.versions
               (encounter_id, version, kind, status, patient_number, person_id, content_sealed, told_at, received_at,
                received_by, replaced_at)
        SELECT id, version, kind, status, patient_number, person_id, content_sealed, told_at, received_at,
               received_by, $2
          FROM encounters.encounters
         WHERE id = ANY ($1::uuid[])
        """,
        ids,
        at,
    )


async def replace(tx: Transaction, changed: Sequence[EncounterRow]) -> None:
    """Write visits as they are known now."""
    await tx.run(
        """
        UPDATE encounters.encounters AS e
           SET version = new.version, kind = new.kind, status = new.status, patient_number = new.patient_number,
               person_id = new.person_id, at = new.at, content_sealed = new.content_sealed, told_at = new.told_at,
               received_at = new.received_at, received_by = new.received_by
          FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::integer[], $5::text[], $6::text[], $7::text[],
                      $8::uuid[], $9::timestamptz[], $10::bytea[], $11::timestamptz[], $12::timestamptz[],
                      $13::uuid[])
            AS new (id, institution_id, number, version, kind, status, patient_number, person_id, at,
                    content_sealed, told_at, received_at, received_by)
         WHERE e.id = new.id
        """,
        *(list(column) for column in zip(*changed, strict=True)),
    )


async def add_patients(tx: Transaction, rows: Sequence[tuple[UUID, str, UUID]]) -> None:
    """Have visits be found by patient numbers: institution, number, visit."""
    await tx.run(
        """
        INSERT INTO encounters.of_patients (institution_id, patient_number, encounter_id)
        SELECT institution_id, patient_number, encounter_id
          FROM unnest($1::uuid[], $2::text[], $3::uuid[]) AS new (institution_id, patient_number, encounter_id)
        ON CONFLICT (institution_id, patient_number, encounter_id) DO NOTHING
        """,
        *(list(column) for column in zip(*rows, strict=True)),
    )


async def drop_patients(tx: Transaction, rows: Sequence[tuple[UUID, str, UUID]]) -> None:
    """Have visits be found by these patient numbers no more."""
    await tx.run(
        """
        DELETE FROM encounters.of_patients AS p
         USING unnest($1::uuid[], $2::text[], $3::uuid[]) AS gone (institution_id, patient_number, encounter_id)
         WHERE p.institution_id = gone.institution_id AND p.patient_number = gone.patient_number
           AND p.encounter_id = gone.encounter_id
        """,
        *(list(column) for column in zip(*rows, strict=True)),
    )


async def add_persons(tx: Transaction, rows: Sequence[tuple[UUID, UUID]]) -> None:
    """Have visits be found by persons: person, visit."""
    await tx.run(
        """
        INSERT INTO encounters.of_persons (person_id, encounter_id)
        SELECT person_id, encounter_id
          FROM unnest($1::uuid[], $2::uuid[]) AS new (person_id, encounter_id)
        ON CONFLICT (person_id, encounter_id) DO NOTHING
        """,
        *(list(column) for column in zip(*rows, strict=True)),
    )


async def drop_persons(tx: Transaction, rows: Sequence[tuple[UUID, UUID]]) -> None:
    """Have visits be found by these persons no more."""
    await tx.run(
        """
        DELETE FROM encounters.of_persons AS p
         USING unnest($1::uuid[], $2::uuid[]) AS gone (person_id, encounter_id)
         WHERE p.person_id = gone.person_id AND p.encounter_id = gone.encounter_id
        """,
        *(list(column) for column in zip(*rows, strict=True)),
    )


async def of_patients(read: Read, institution_ids: list[UUID], numbers: list[str]) -> list[OfInstitution]:
    """Return the visits of these patient numbers, institution and number side by side."""
    return await read.all(
        OfInstitution,
        """
        SELECT p.encounter_id, p.institution_id
          FROM unnest($1::uuid[], $2::text[]) AS asked (institution_id, patient_number)
          JOIN encounters.of_patients AS p
            ON p.institution_id = asked.institution_id AND p.patient_number = asked.patient_number
        """,
        institution_ids,
        numbers,
    )


async def of_persons(read: Read, person_ids: list[UUID]) -> list[UUID]:
    """Return the visits said to be these persons'."""
    return await read.values(
        UUID, "SELECT encounter_id FROM encounters.of_persons WHERE person_id = ANY ($1::uuid[])", person_ids
    )


async def page(read: Read, ids: list[UUID], before: tuple[datetime, UUID], limit: int) -> list[EncounterRow]:
    """Return those of these visits that stand before a place in lists, the newest first."""
    return await read.all(
        EncounterRow,
        """
        SELECT id, institution_id, number, version, kind, status, patient_number, person_id, at, content_sealed,
               told_at, received_at, received_by
          FROM encounters.encounters
         WHERE id = ANY ($1::uuid[]) AND (at, id) < ($2, $3)
         ORDER BY at DESC, id DESC
         LIMIT $4
        """,
        ids,
        *before,
        limit,
    )


async def versions_of(read: Read, encounter_id: UUID) -> list[VersionRow]:
    """Return the former versions of a visit, the newest first."""
    return await read.all(
        VersionRow,
        """
        SELECT encounter_id, version, kind, status, patient_number, person_id, content_sealed, told_at, received_at,
               replaced_at
          FROM encounters.versions
         WHERE encounter_id = $1
         ORDER BY version DESC
        """,
        encounter_id,
    )
