"""Every statement about requests."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from healthcloud.core.db import Read, Transaction


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A request as stored; both texts are sealed for person, request and which of the two they are."""

    person_id: UUID
    id: UUID
    kind: str
    subject: str
    text_sealed: bytes
    asked_at: datetime
    account_id: UUID
    state: str
    closed_at: datetime | None
    institution_id: UUID | None
    answer_sealed: bytes | None


async def add_request(tx: Transaction, row: RequestRow) -> int:
    """Write a request unless the same one is open; return how many were written."""
    return await tx.run(
        """
        INSERT INTO people.requests (person_id, id, kind, subject, text_sealed, asked_at, account_id, state)
        VALUES ($1, $2, $3, $4, $5, $6, $7, 'open')
        ON CONFLICT (person_id, kind, subject) WHERE state = 'open' DO NOTHING
        """,
        row.person_id,
        row.id,
        row.kind,
        row.subject,
        row.text_sealed,
        row.asked_at,
        row.account_id,
    )


async def open_count(read: Read, person_id: UUID) -> int:
    """Return how many requests of a person are open."""
    count = await read.value(
        int, "SELECT count(*)::integer FROM people.requests WHERE person_id = $1 AND state = 'open'", person_id
    )
    return count or 0


async def requests_of(read: Read, person_ids: list[UUID], before: UUID, limit: int) -> list[RequestRow]:
    """Return requests of these persons before one of them, the newest first."""
    return await read.all(
        RequestRow,
        """
        SELECT person_id, id, kind, subject, text_sealed, asked_at, account_id, state, closed_at, institution_id,
               answer_sealed
          FROM people.requests
         WHERE person_id = ANY ($1::uuid[]) AND id < $2
         ORDER BY id DESC
         LIMIT $3
        """,
        person_ids,
        before,
        limit,
    )


async def request(read: Read, person_ids: list[UUID], request_id: UUID) -> RequestRow | None:
    """Return one request of these persons."""
    return await read.one(
        RequestRow,
        """
        SELECT person_id, id, kind, subject, text_sealed, asked_at, account_id, state, closed_at, institution_id,
               answer_sealed
          FROM people.requests
         WHERE person_id = ANY ($1::uuid[]) AND id = $2
        """,
        person_ids,
        request_id,
    )


async def open_requests(read: Read, after: UUID, limit: int) -> list[RequestRow]:
    """Return open requests of anybody, the oldest first, after one of them."""
    return await read.all(
        RequestRow,
        """
        SELECT person_id, id, kind, subject, text_sealed, asked_at, account_id, state, closed_at, institution_id,
               answer_sealed
          FROM people.requests
         WHERE state = 'open' AND id > $1
         ORDER BY id
         LIMIT $2
        """,
        after,
        limit,
    )


async def close_request(
    tx: Transaction,
    person_id: UUID,
    request_id: UUID,
    state: str,
    at: datetime,
    institution_id: UUID | None,
    answer_sealed: bytes | None,
) -> int:
    """Close an open request, and let go of a correction prepared for it; return how many were."""
    closed = await tx.values(
        UUID,
        """
        WITH closed AS (
            UPDATE people.requests
               SET state = $3, closed_at = $4, institution_id = $5, answer_sealed = $6
             WHERE person_id = $1 AND id = $2 AND state = 'open'
            RETURNING person_id, id
        ), gone AS (
            DELETE FROM people.proposed_corrections AS p
             USING closed AS c
             WHERE p.person_id = c.person_id AND p.request_id = c.id
        )
        SELECT id FROM closed
        """,
        person_id,
        request_id,
        state,
        at,
        institution_id,
        answer_sealed,
    )
    return len(closed)
