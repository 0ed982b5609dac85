"""Every statement about messages carried out, and kept."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from healthcloud.core.db import Read, Transaction
from healthcloud.exchange.held.model import HeldCount, HeldLine


class Seen(NamedTuple):
    """A message carried out before."""

    institution_id: UUID
    control_id: str
    digest: bytes


class HeldRow(NamedTuple):
    """A kept message as stored."""

    id: UUID
    institution_id: UUID
    face: str
    kind: str
    control_id: str
    patient_number: str | None
    person_id: UUID | None
    body_sealed: bytes
    told_at: datetime | None
    received_at: datetime


class Body(NamedTuple):
    """A sealed body."""

    id: UUID
    sealed: bytes


async def seen(read: Read, rows: Sequence[Seen]) -> list[Seen]:
    """Return those of these messages that were carried out before."""
    return await read.all(
        Seen,
        """
        SELECT c.institution_id, c.control_id, c.digest
          FROM unnest($1::uuid[], $2::text[], $3::bytea[]) AS asked (institution_id, control_id, digest)
          JOIN exchange.carried_out AS c
            ON c.institution_id = asked.institution_id AND c.control_id = asked.control_id
           AND c.digest = asked.digest
        """,
        *(list(column) for column in zip(*rows, strict=True)),
    )


async def note(tx: Transaction, rows: Sequence[Seen], at: datetime) -> list[Seen]:
    """Note messages as carried out, in one order for everybody; return those that were not noted before."""
    return await tx.all(
        Seen,
        """
        INSERT INTO exchange.carried_out (institution_id, control_id, digest, at)
        SELECT institution_id, control_id, digest, $4
          FROM unnest($1::uuid[], $2::text[], $3::bytea[]) AS new (institution_id, control_id, digest)
         ORDER BY institution_id, control_id, digest
        ON CONFLICT (institution_id, control_id, digest) DO NOTHING
        RETURNING institution_id, control_id, digest
        """,
        *(list(column) for column in zip(*rows, strict=True)),
        at,
    )


async def forget(tx: Transaction, before: datetime, limit: int) -> int:
    """Forget some messages carried out before an instant; return how many."""
    return await tx.run(
        """
        DELETE FROM exchange.carried_out
         WHERE (institution_id, control_id, digest) IN (
               SELECT institution_id, control_id, digest
                 FROM exchange.carried_out
                WHERE at < $1
                ORDER BY at
                LIMIT $2
                  FOR UPDATE SKIP LOCKED)
        """,
        before,
        limit,
    )


async def add(tx: Transaction, rows: Sequence[HeldRow], received_by: list[UUID]) -> None:
    """Keep messages."""
    await tx.run(
        """
        INSERT INTO exchange.held
               (id, institution_id, face, kind, control_id, patient_number, person_id, body_sealed, told_at,
                received_at, received_by)
        SELECT id, institution_id, face, kind, control_id, patient_number, person_id, body_sealed, told_at,
               received_at, received_by
          FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::uuid[],
                      $8::bytea[], $9::timestamptz[], $10::timestamptz[], $11::uuid[])
            AS new (id, institution_id, face, kind, control_id, patient_number, person_id, body_sealed, told_at,
                    received_at, received_by)
        """,
        *(list(column) for column in zip(*rows, strict=True)),
        received_by,
    )


async def lines_after(read: Read, kind: str | None, after: UUID, limit: int) -> list[HeldLine]:
    """Return kept messages that wait, by id after a place in the list, of one kind if asked."""
    return await read.all(
        HeldLine,
        """
        SELECT id, institution_id, face, kind, control_id, person_id IS NOT NULL AS has_person, told_at, received_at,
               taken_at
          FROM exchange.held
         WHERE id > $2 AND taken_at IS NULL AND ($1::text IS NULL OR kind = $1)
         ORDER BY id
         LIMIT $3
        """,
        kind,
        after,
        limit,
    )


async def counts(read: Read) -> list[HeldCount]:
    """Return how many of each kind wait."""
    return await read.all(
        HeldCount,
        """
        SELECT kind, count(*) AS waiting, min(received_at) AS since
          FROM exchange.held
         WHERE taken_at IS NULL
         GROUP BY kind
         ORDER BY kind
        """,
    )


async def held(read: Read, held_id: UUID) -> HeldRow | None:
    """Return one kept message."""
    return await read.one(
        HeldRow,
        """
        SELECT id, institution_id, face, kind, control_id, patient_number, person_id, body_sealed, told_at,
               received_at
          FROM exchange.held
         WHERE id = $1
        """,
        held_id,
    )


async def waiting(tx: Transaction, kind: str, limit: int) -> list[HeldRow]:
    """Return the oldest waiting messages of a kind and keep them so until this transaction ends."""
    return await tx.all(
        HeldRow,
        """
        SELECT id, institution_id, face, kind, control_id, patient_number, person_id, body_sealed, told_at,
               received_at
          FROM exchange.held
         WHERE kind = $1 AND taken_at IS NULL
         ORDER BY id
         LIMIT $2
           FOR NO KEY UPDATE SKIP LOCKED
        """,
        kind,
        limit,
    )


async def set_taken(tx: Transaction, ids: list[UUID], at: datetime) -> None:
    """Have messages be waiting no more."""
    await tx.run("UPDATE exchange.held SET taken_at = $2 WHERE id = ANY ($1::uuid[])", ids, at)


async def bodies_after(tx: Transaction, after: UUID, limit: int) -> list[Body]:
    """Return the next bodies and keep them as they are until this transaction ends."""
    return await tx.all(
        Body,
        """
        SELECT id, body_sealed AS sealed FROM exchange.held WHERE id > $1 ORDER BY id LIMIT $2 FOR NO KEY UPDATE
        """,
        after,
        limit,
    )


async def reseal(tx: Transaction, ids: list[UUID], new: list[bytes]) -> None:
    """Write bodies sealed anew."""
    await tx.run(
        """
        UPDATE exchange.held AS h
           SET body_sealed = n.new
          FROM unnest($1::uuid[], $2::bytea[]) AS n (id, new)
         WHERE h.id = n.id
        """,
        ids,
        new,
    )
