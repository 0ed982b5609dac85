"""Statements about patient numbers of institutions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from healthcloud.core.db import Read, Transaction


@dataclass(frozen=True, slots=True)
class LocalNumber:
    """A patient number of one institution."""

    person_id: UUID
    institution_id: UUID
    number: str
    linked_at: datetime


@dataclass(frozen=True, slots=True)
class NumberLine:
    """A patient number linked or unlinked, and by whom."""

    person_id: UUID
    id: UUID
    at: datetime
    institution_id: UUID
    number: str
    what: str
    account_id: UUID


@dataclass(frozen=True, slots=True)
class NumberOwner:
    """Whose a patient number of an institution is."""

    institution_id: UUID
    number: str
    person_id: UUID


async def number_owners(read: Read, numbers: Sequence[tuple[UUID, str]]) -> list[NumberOwner]:
    """Return whose these patient numbers of institutions are."""
    return await read.all(
        NumberOwner,
        """
        SELECT i.institution_id, i.number, i.person_id
          FROM unnest($1::uuid[], $2::text[]) AS asked (institution_id, number)
          JOIN people.local_number_index AS i
            ON i.institution_id = asked.institution_id AND i.number = asked.number
        """,
        [institution_id for institution_id, _ in numbers],
        [number for _, number in numbers],
    )


async def release_numbers(tx: Transaction, numbers: Sequence[tuple[UUID, str]]) -> None:
    """Give patient numbers back."""
    await tx.run(
        """
        DELETE FROM people.local_number_index AS i
         USING unnest($1::uuid[], $2::text[]) AS gone (institution_id, number)
         WHERE i.institution_id = gone.institution_id AND i.number = gone.number
        """,
        [institution_id for institution_id, _ in numbers],
        [number for _, number in numbers],
    )


async def claim_number(tx: Transaction, institution_id: UUID, number: str, person_id: UUID) -> int:
    """Claim a patient number that is free; return how many were."""
    return await tx.run(
        """
        INSERT INTO people.local_number_index (institution_id, number, person_id)
        VALUES ($1, $2, $3)
        ON CONFLICT (institution_id, number) DO NOTHING
        """,
        institution_id,
        number,
        person_id,
    )


async def add_number(tx: Transaction, person_id: UUID, institution_id: UUID, number: str, at: datetime) -> None:
    """Write a patient number beside its person."""
    await tx.run(
        "INSERT INTO people.local_numbers (person_id, institution_id, number, linked_at) VALUES ($1, $2, $3, $4)",
        person_id,
        institution_id,
        number,
        at,
    )


async def claim_numbers(tx: Transaction, institution_id: UUID, numbers: list[str], person_ids: list[UUID]) -> list[str]:
    """Claim those of an institution's patient numbers that are free, in their order; return them."""
    return await tx.values(
        str,
        """
        INSERT INTO people.local_number_index (institution_id, number, person_id)
        SELECT $1, number, person_id
          FROM unnest($2::text[], $3::uuid[]) AS new (number, person_id)
         ORDER BY number
        ON CONFLICT (institution_id, number) DO NOTHING
        RETURNING number
        """,
        institution_id,
        numbers,
        person_ids,
    )


async def add_numbers(
    tx: Transaction, institution_id: UUID, lines: list[tuple[str, UUID, UUID]], at: datetime, account_id: UUID
) -> None:
    """Write patient numbers beside their persons with a line of history each: number, person, the line's id."""
    await tx.run(
        """
        WITH linked AS (
            INSERT INTO people.local_numbers (person_id, institution_id, number, linked_at)
            SELECT person_id, $1, number, $2
              FROM unnest($3::text[], $4::uuid[], $5::uuid[]) AS new (number, person_id, id)
        )
        INSERT INTO people.local_number_history (person_id, id, at, institution_id, number, what, account_id)
        SELECT person_id, id, $2, $1, number, 'linked', $6
          FROM unnest($3::text[], $4::uuid[], $5::uuid[]) AS new (number, person_id, id)
        """,
        institution_id,
        at,
        *(list(column) for column in zip(*lines, strict=True)),
        account_id,
    )


async def drop_number(tx: Transaction, person_id: UUID, institution_id: UUID, number: str) -> int:
    """Take a patient number off its person; return how many were there."""
    return await tx.run(
        "DELETE FROM people.local_numbers WHERE person_id = $1 AND institution_id = $2 AND number = $3",
        person_id,
        institution_id,
        number,
    )


async def numbers_of(read: Read, person_ids: list[UUID]) -> list[LocalNumber]:
    """Return every patient number of these persons, the newest first."""
    return await read.all(
        LocalNumber,
        """
        SELECT person_id, institution_id, number, linked_at
          FROM people.local_numbers
         WHERE person_id = ANY ($1::uuid[])
         ORDER BY linked_at DESC, institution_id, number
        """,
        person_ids,
    )


async def add_history(tx: Transaction, line: NumberLine) -> None:
    """Keep a linking or unlinking."""
    await tx.run(
        """
        INSERT INTO people.local_number_history (person_id, id, at, institution_id, number, what, account_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """,
        line.person_id,
        line.id,
        line.at,
        line.institution_id,
        line.number,
        line.what,
        line.account_id,
    )


async def line_of(read: Read, person_id: UUID, line_id: UUID) -> NumberLine | None:
    """Return one line of how patient numbers came and went."""
    return await read.one(
        NumberLine,
        """
        SELECT person_id, id, at, institution_id, number, what, account_id
          FROM people.local_number_history WHERE person_id = $1 AND id = $2
        """,
        person_id,
        line_id,
    )


async def history_of(read: Read, person_ids: list[UUID], institution_id: UUID) -> list[NumberLine]:
    """Return how an institution's patient numbers of these persons came and went, the newest first."""
    return await read.all(
        NumberLine,
        """
        SELECT person_id, id, at, institution_id, number, what, account_id
          FROM people.local_number_history
         WHERE person_id = ANY ($1::uuid[]) AND institution_id = $2
         ORDER BY id DESC
        """,
        person_ids,
        institution_id,
    )
