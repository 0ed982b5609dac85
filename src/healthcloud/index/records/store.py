"""Every statement about records, their former versions, their numbers and whose they are."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from healthcloud.core.db import Read, Transaction


class RecordRow(NamedTuple):
    """A record as stored."""

    id: UUID
    source_id: UUID
    number: str
    version: int
    content_sealed: bytes
    digest: bytes
    state: str
    person_id: UUID | None
    outcome: str | None
    rule: str | None
    weight: float | None
    model: int
    received_at: datetime
    placed_at: datetime | None
    import_id: UUID | None
    line: int | None
    received_by: UUID


class NewRecord(NamedTuple):
    """A record, or what another version of one says, to be written; it waits to be placed."""

    id: UUID
    source_id: UUID
    number: str
    version: int
    content_sealed: bytes
    digest: bytes
    state: str
    person_id: UUID | None
    import_id: UUID | None
    line: int | None
    received_by: UUID


class Settled(NamedTuple):
    """What becomes of a record still at this version."""

    id: UUID
    version: int
    state: str
    person_id: UUID | None
    outcome: str
    rule: str | None
    weight: float | None


class Numbered(NamedTuple):
    """The record under a local number."""

    number: str
    record_id: UUID


async def claim_numbers(tx: Transaction, source_id: UUID, numbers: list[str], record_ids: list[UUID]) -> list[str]:
    """Claim those of a source's local numbers that have no record yet, in their order; return them."""
    return await tx.values(
        str,
        """
        INSERT INTO index.record_numbers (source_id, number, record_id)
        SELECT $1, number, record_id
          FROM unnest($2::text[], $3::uuid[]) AS new (number, record_id)
         ORDER BY number
        ON CONFLICT (source_id, number) DO NOTHING
        RETURNING number
        """,
        source_id,
        numbers,
        record_ids,
    )


async def numbered(read: Read, source_id: UUID, numbers: list[str]) -> list[Numbered]:
    """Return the records under these local numbers of a source."""
    return await read.all(
        Numbered,
        """
        SELECT number, record_id
          FROM index.record_numbers
         WHERE source_id = $1 AND number = ANY ($2::text[])
        """,
        source_id,
        numbers,
    )


async def add_records(tx: Transaction, records: Sequence[NewRecord], model: int, at: datetime) -> list[UUID]:
    """Write new records; one that is there already stays as it is. Return those written."""
    return await tx.values(
        UUID,
        """
        INSERT INTO index.records
               (id, source_id, number, version, content_sealed, digest, state, person_id, model, received_at,
                placed_at, import_id, line, received_by)
        SELECT id, source_id, number, version, content_sealed, digest, state, person_id, $1, $2,
               CASE WHEN state = 'placed' THEN $2::timestamptz END, import_id, line, received_by
          FROM unnest($3::uuid[], $4::uuid[], $5::text[], $6::integer[], $7::bytea[], $8::bytea[], $9::text[],
                      $10::uuid[], $11::uuid[], $12::integer[], $13::uuid[])
            AS new (id, source_id, number, version, content_sealed, digest, state, person_id, import_id, line,
                    received_by)
         ORDER BY id
        ON CONFLICT (id) DO NOTHING
        RETURNING id
        """,
        model,
        at,
        *(list(column) for column in zip(*records, strict=True)),
    )


async def records(read: Read, record_ids: list[UUID]) -> list[RecordRow]:
    """Return records as they stand."""
    return await read.all(
        RecordRow,
        """
        SELECT id, source_id, number, version, content_sealed, digest, state, person_id, outcome, rule, weight, model,
               received_at, placed_at, import_id, line, received_by
          FROM index.records
         WHERE id = ANY ($1::uuid[])
        """,
        record_ids,
    )


async def lock(tx: Transaction, record_ids: list[UUID]) -> list[RecordRow]:
    """Return records as they stand and keep them so until this transaction ends; locked in the order of their ids."""
    return await tx.all(
        RecordRow,
        """
        SELECT id, source_id, number, version, content_sealed, digest, state, person_id, outcome, rule, weight, model,
               received_at, placed_at, import_id, line, received_by
          FROM index.records
         WHERE id = ANY ($1::uuid[])
         ORDER BY id
           FOR NO KEY UPDATE
        """,
        record_ids,
    )


async def keep_versions(tx: Transaction, record_ids: list[UUID], at: datetime) -> None:
    """Keep what these records say as a former version."""
    await tx.run(
        """
        INSERT INTO index.record_versions
               (record_id, version, content_sealed, received_at, replaced_at, import_id, line, received_by)
        SELECT id, version, content_sealed, received_at, $2, import_id, line, received_by
          FROM index.records
         WHERE id = ANY ($1::uuid[])
        """,
        record_ids,
        at,
    )


async def replace_contents(tx: Transaction, records: Sequence[NewRecord], at: datetime) -> None:
    """Have records say something else, to be placed anew; whose they are stays until then."""
    await tx.run(
        """
        UPDATE index.records AS r
           SET version = new.version, content_sealed = new.content_sealed, digest = new.digest, state = new.state,
               person_id = new.person_id, import_id = new.import_id, line = new.line, received_by = new.received_by,
               received_at = $1
          FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::integer[], $6::bytea[], $7::bytea[], $8::text[],
                      $9::uuid[], $10::uuid[], $11::integer[], $12::uuid[])
            AS new (id, source_id, number, version, content_sealed, digest, state, person_id, import_id, line,
                    received_by)
         WHERE r.id = new.id
        """,
        at,
        *(list(column) for column in zip(*records, strict=True)),
    )


async def settle(tx: Transaction, settled: Sequence[Settled], model: int, at: datetime) -> None:
    """Write where records are, each still at the version that was looked at."""
    await tx.run(
        """
        UPDATE index.records AS r
           SET state = new.state, person_id = new.person_id, outcome = new.outcome, rule = new.rule,
               weight = new.weight, model = $1, placed_at = $2
          FROM unnest($3::uuid[], $4::integer[], $5::text[], $6::uuid[], $7::text[], $8::text[], $9::real[])
            AS new (id, version, state, person_id, outcome, rule, weight)
         WHERE r.id = new.id AND r.version = new.version
        """,
        model,
        at,
        *(list(column) for column in zip(*settled, strict=True)),
    )


async def wait_again(tx: Transaction, record_ids: list[UUID], source_id: UUID) -> list[UUID]:
    """Have a source's records that are placed be compared anew; they stay whose they are. Return those that wait."""
    return await tx.values(
        UUID,
        """
        UPDATE index.records SET state = 'waiting'
         WHERE id = ANY ($1::uuid[]) AND source_id = $2 AND state = 'placed'
        RETURNING id
        """,
        record_ids,
        source_id,
    )


async def end_records(tx: Transaction, record_ids: list[UUID]) -> None:
    """Have records be found no more as anybody's."""
    await tx.run("UPDATE index.records SET state = 'ended' WHERE id = ANY ($1::uuid[])", record_ids)


async def add_members(tx: Transaction, person_ids: list[UUID], record_ids: list[UUID]) -> None:
    """Write which records are a person's."""
    await tx.run(
        """
        INSERT INTO index.person_records (person_id, record_id)
        SELECT person_id, record_id
          FROM unnest($1::uuid[], $2::uuid[]) AS new (person_id, record_id)
        ON CONFLICT (person_id, record_id) DO NOTHING
        """,
        person_ids,
        record_ids,
    )


async def drop_members(tx: Transaction, person_ids: list[UUID], record_ids: list[UUID]) -> None:
    """Forget that records are a person's."""
    await tx.run(
        """
        DELETE FROM index.person_records AS m
         USING unnest($1::uuid[], $2::uuid[]) AS gone (person_id, record_id)
         WHERE m.person_id = gone.person_id AND m.record_id = gone.record_id
        """,
        person_ids,
        record_ids,
    )


async def members_of(read: Read, person_ids: list[UUID]) -> list[UUID]:
    """Return the records placed with these persons."""
    return await read.values(
        UUID,
        "SELECT record_id FROM index.person_records WHERE person_id = ANY ($1::uuid[]) ORDER BY record_id",
        person_ids,
    )


async def waiting(read: Read, before: datetime, limit: int) -> list[UUID]:
    """Return records that have waited since before an instant, the oldest first."""
    return await read.values(
        UUID,
        """
        SELECT id FROM index.records
         WHERE state = 'waiting' AND received_at < $1
         ORDER BY received_at, id
         LIMIT $2
        """,
        before,
        limit,
    )
