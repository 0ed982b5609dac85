"""Every statement about care grants."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from healthcloud.core.db import Read, Transaction
from healthcloud.people.grants.model import Grant


@dataclass(frozen=True, slots=True)
class MemberRow:
    """Somebody with a face, and what the keeper who asked is to them; nothing for themself."""

    asker_id: UUID
    canonical_id: UUID
    relation: str
    state: str
    level: int
    face_sealed: bytes = field(repr=False)


async def add_grant(tx: Transaction, grant: Grant) -> int:
    """Write a grant unless one between the two is open; return how many were written."""
    return await tx.run(
        """
        INSERT INTO people.grants
               (person_id, id, keeper_id, relation, scopes, state, asked_at, until, decided_at, ended_at, evidence)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        ON CONFLICT (person_id, keeper_id) WHERE state IN ('asked', 'accepted') DO NOTHING
        """,
        grant.person_id,
        grant.id,
        grant.keeper_id,
        grant.relation,
        grant.scopes,
        grant.state,
        grant.asked_at,
        grant.until,
        grant.decided_at,
        grant.ended_at,
        grant.evidence,
    )


async def add_keeper(tx: Transaction, keeper_id: UUID, person_id: UUID, grant_id: UUID) -> None:
    """Write an open grant where its keeper finds it."""
    await tx.run(
        "INSERT INTO people.keepers (keeper_id, person_id, grant_id) VALUES ($1, $2, $3)",
        keeper_id,
        person_id,
        grant_id,
    )


async def drop_keeper(tx: Transaction, keeper_id: UUID, person_id: UUID, grant_id: UUID) -> None:
    """Forget an ended grant where its keeper found it."""
    await tx.run(
        "DELETE FROM people.keepers WHERE keeper_id = $1 AND person_id = $2 AND grant_id = $3",
        keeper_id,
        person_id,
        grant_id,
    )


async def grant(read: Read, person_id: UUID, grant_id: UUID) -> Grant | None:
    """Return one grant."""
    return await read.one(
        Grant,
        """
        SELECT person_id, id, keeper_id, relation, scopes, state, asked_at, until, decided_at, ended_at, evidence
          FROM people.grants
         WHERE person_id = $1 AND id = $2
        """,
        person_id,
        grant_id,
    )


async def decide(
    tx: Transaction,
    person_id: UUID,
    grant_id: UUID,
    state: str,
    at: datetime,
    until: datetime | None,
    evidence: str | None,
) -> int:
    """Accept or refuse a grant that is asked; return how many were."""
    return await tx.run(
        """
        UPDATE people.grants
           SET state = $3, decided_at = $4::timestamptz, until = $5, evidence = $6,
               ended_at = CASE WHEN $3 = 'refused' THEN $4::timestamptz END
         WHERE person_id = $1 AND id = $2 AND state = 'asked'
        """,
        person_id,
        grant_id,
        state,
        at,
        until,
        evidence,
    )


async def end(tx: Transaction, person_id: UUID, grant_id: UUID, state: str, at: datetime) -> int:
    """End an open grant as withdrawn or ended; return how many were."""
    return await tx.run(
        """
        UPDATE people.grants
           SET state = $3, ended_at = $4
         WHERE person_id = $1 AND id = $2 AND state IN ('asked', 'accepted')
        """,
        person_id,
        grant_id,
        state,
        at,
    )


async def grants_of(read: Read, person_ids: list[UUID]) -> list[Grant]:
    """Return every grant over these persons, the newest first."""
    return await read.all(
        Grant,
        """
        SELECT person_id, id, keeper_id, relation, scopes, state, asked_at, until, decided_at, ended_at, evidence
          FROM people.grants
         WHERE person_id = ANY ($1::uuid[])
         ORDER BY id DESC
        """,
        person_ids,
    )


async def kept_by(read: Read, keeper_ids: list[UUID]) -> list[Grant]:
    """Return the open grants of these keepers, the newest first."""
    return await read.all(
        Grant,
        """
        SELECT g.person_id, g.id, g.keeper_id, g.relation, g.scopes, g.state, g.asked_at, g.until, g.decided_at,
               g.ended_at, g.evidence
          FROM people.keepers AS k
          JOIN people.grants AS g ON g.person_id = k.person_id AND g.id = k.grant_id
         WHERE k.keeper_id = ANY ($1::uuid[])
         ORDER BY g.id DESC
        """,
        keeper_ids,
    )


async def members_of(read: Read, person_ids: list[UUID], scope: str, at: datetime) -> list[MemberRow]:
    """
    Return each of these persons, and everyone they act for in this matter, each as whom they resolve to; oneself first.

    LIMIT 1 keeps the planner from reading all grants while there are few.
    """
    return await read.all(
        MemberRow,
        """
        SELECT asked.person_id AS asker_id, m.canonical_id, m.relation, m.state, m.level, m.face_sealed
          FROM unnest($1::uuid[]) AS asked (person_id)
         CROSS JOIN LATERAL (
               SELECT c.id AS canonical_id, '' AS relation, c.state, c.level, c.face_sealed
                 FROM people.persons AS p
                 JOIN people.persons AS c ON c.id = p.canonical_id
                WHERE p.id = asked.person_id
               UNION ALL
               (SELECT c.id, g.relation, c.state, c.level, c.face_sealed
                  FROM people.keepers AS k
                 CROSS JOIN LATERAL (
                       SELECT f.id, f.person_id, f.relation, f.scopes, f.state, f.until
                         FROM people.grants AS f WHERE f.person_id = k.person_id AND f.id = k.grant_id LIMIT 1
                       ) AS g
                  JOIN people.persons AS p ON p.id = g.person_id
                  JOIN people.persons AS c ON c.id = p.canonical_id
                 WHERE k.keeper_id = ANY (
                       SELECT asked.person_id
                       UNION ALL
                       SELECT m.person_id
                         FROM people.persons AS me
                         JOIN people.canonical_members AS m ON m.canonical_id = me.canonical_id
                        WHERE me.id = asked.person_id AND me.grouped)
                   AND g.state = 'accepted' AND (g.until IS NULL OR g.until > $3) AND $2 = ANY (g.scopes)
                 ORDER BY g.id)
               ) AS m
        """,
        person_ids,
        scope,
        at,
    )


async def expired(tx: Transaction, now: datetime, limit: int) -> list[Grant]:
    """End grants whose time is over, the longest over first; return them."""
    return await tx.all(
        Grant,
        """
        UPDATE people.grants AS g
           SET state = 'ended', ended_at = $1
          FROM (SELECT person_id, id
                  FROM people.grants
                 WHERE state IN ('asked', 'accepted') AND until <= $1
                 ORDER BY until
                 LIMIT $2
                   FOR UPDATE SKIP LOCKED) AS over
         WHERE g.person_id = over.person_id AND g.id = over.id
        RETURNING g.person_id, g.id, g.keeper_id, g.relation, g.scopes, g.state, g.asked_at, g.until, g.decided_at,
                  g.ended_at, g.evidence
        """,
        now,
        limit,
    )


async def newborns_of(read: Read, mother_ids: list[UUID], since: date) -> list[UUID]:
    """Return who was registered by a birth of these mothers on or after a day."""
    return await read.values(
        UUID,
        """
        SELECT person_id FROM people.newborns
         WHERE mother_id = ANY ($1::uuid[]) AND birth_date >= $2
         ORDER BY person_id
        """,
        mother_ids,
        since,
    )
