"""The statements that read faces; `seen_at` stands on the hot path of every scan."""

from typing import NamedTuple
from uuid import UUID

from healthcloud.core.db import Read


class SeenRow(NamedTuple):
    """The n-th person asked for (from 1), as the institution asked with them meets them."""

    n: int
    person_id: UUID
    canonical_id: UUID
    grouped: bool
    state: str
    level: int
    face_sealed: bytes
    local_number: str | None


async def seen_at(read: Read, institution_ids: list[UUID | None], person_ids: list[UUID]) -> list[SeenRow]:
    """
    Return persons as they stand, each with its institution's latest number: the second statement of every scan.

    LIMIT 1 keeps the planner from starting at persons, which it would while few are registered.
    """
    return await read.all(
        SeenRow,
        """
        SELECT asked.n::integer AS n, p.id AS person_id, p.canonical_id, p.grouped, p.state, p.level, p.face_sealed,
               (SELECT l.number
                  FROM people.local_numbers AS l
                 WHERE l.person_id = p.id AND l.institution_id = asked.institution_id
                 ORDER BY l.linked_at DESC, l.number
                 LIMIT 1) AS local_number
          FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS asked (institution_id, person_id, n)
         CROSS JOIN LATERAL (
               SELECT f.id, f.canonical_id, f.grouped, f.state, f.level, f.face_sealed
                 FROM people.persons AS f WHERE f.id = asked.person_id LIMIT 1
               ) AS p
        """,
        institution_ids,
        person_ids,
    )


async def seen_resolved_at(read: Read, institution_ids: list[UUID | None], person_ids: list[UUID]) -> list[SeenRow]:
    """Return whom merged persons resolve to, each with its institution's latest number for any of the group."""
    return await read.all(
        SeenRow,
        """
        SELECT asked.n::integer AS n, p.id AS person_id, c.id AS canonical_id, c.grouped, c.state, c.level,
               c.face_sealed,
               (SELECT l.number
                  FROM people.canonical_members AS m
                  JOIN people.local_numbers AS l ON l.person_id = m.person_id
                 WHERE m.canonical_id = c.id AND l.institution_id = asked.institution_id
                 ORDER BY l.linked_at DESC, l.number
                 LIMIT 1) AS local_number
          FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS asked (institution_id, person_id, n)
          JOIN people.persons AS p ON p.id = asked.person_id
          JOIN people.persons AS c ON c.id = p.canonical_id
        """,
        institution_ids,
        person_ids,
    )


async def canonical_of(read: Read, person_id: UUID) -> UUID | None:
    """Return whom a person resolves to."""
    return await read.value(UUID, "SELECT canonical_id FROM people.persons WHERE id = $1", person_id)


class Whose(NamedTuple):
    """Whom a person resolves to, and the state of that one."""

    person_id: UUID
    canonical_id: UUID
    state: str


async def whose(read: Read, person_ids: list[UUID]) -> list[Whose]:
    """Return whom these persons resolve to."""
    return await read.all(
        Whose,
        """
        SELECT p.id AS person_id, c.id AS canonical_id, c.state
          FROM people.persons AS p
          JOIN people.persons AS c ON c.id = p.canonical_id
         WHERE p.id = ANY ($1::uuid[])
        """,
        person_ids,
    )


async def group_of(read: Read, person_id: UUID) -> list[UUID]:
    """Return everyone who resolves to the same canonical person as this one, that one first."""
    return await read.values(
        UUID,
        """
        SELECT p.canonical_id
          FROM people.persons AS p
         WHERE p.id = $1
        UNION ALL
        SELECT m.person_id
          FROM people.persons AS p
          JOIN people.canonical_members AS m ON m.canonical_id = p.canonical_id
         WHERE p.id = $1 AND p.grouped AND m.person_id <> p.canonical_id
        """,
        person_id,
    )
