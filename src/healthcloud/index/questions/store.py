"""Every statement about questions: the queue, who works on what, the records they are about."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from healthcloud.core.db import Read, Transaction
from healthcloud.index.questions.model import Filter, NewQuestion, Question


async def open_questions(tx: Transaction, asked: Sequence[NewQuestion], at: datetime) -> list[UUID]:
    """Open these questions, new ones and closed ones alike; return which were not open already."""
    return await tx.values(
        UUID,
        """
        INSERT INTO index.questions AS q (id, kind, state, record_ids, person_ids, weight, source_id, opened_at)
        SELECT new.id, new.kind, 'open', string_to_array(new.records, ',')::uuid[],
               string_to_array(new.persons, ',')::uuid[], new.weight, new.source_id, $7
          FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::real[], $6::uuid[])
               AS new (id, kind, records, persons, weight, source_id)
         ORDER BY new.id
        ON CONFLICT (id) DO UPDATE
           SET state = 'open', person_ids = excluded.person_ids, weight = excluded.weight,
               source_id = excluded.source_id, opened_at = excluded.opened_at, later_until = NULL,
               claimed_by = NULL, claimed_until = NULL, closed_at = NULL, closed_as = NULL
         WHERE q.state = 'closed'
        RETURNING q.id
        """,
        [one.id for one in asked],
        [one.kind.value for one in asked],
        [one.records_text for one in asked],
        [one.persons_text for one in asked],
        [one.weight for one in asked],
        [one.source_id for one in asked],
        at,
    )


async def add_split(tx: Transaction, question_id: UUID, record_ids: list[UUID], person_id: UUID, at: datetime) -> None:
    """Keep a question that nobody asked, for the decision that took records off a person."""
    await tx.run(
        """
        INSERT INTO index.questions (id, kind, state, record_ids, person_ids, weight, opened_at, closed_at, closed_as)
        VALUES ($1, 'split', 'closed', $2, ARRAY[$3::uuid], 0, $4, $4, 'split')
        """,
        question_id,
        record_ids,
        person_id,
        at,
    )


async def find_by_records(tx: Transaction, question_ids: list[UUID]) -> None:
    """Have these open questions be found by their records."""
    await tx.run(
        """
        INSERT INTO index.record_questions (record_id, question_id)
        SELECT record_id, q.id
          FROM index.questions AS q
         CROSS JOIN LATERAL unnest(q.record_ids) AS about (record_id)
         WHERE q.id = ANY ($1::uuid[])
         ORDER BY record_id, q.id
        ON CONFLICT (record_id, question_id) DO NOTHING
        """,
        question_ids,
    )


async def forget_by_records(tx: Transaction, question_id: UUID, record_ids: list[UUID]) -> None:
    """No longer find a closed question by its records."""
    await tx.run(
        "DELETE FROM index.record_questions WHERE record_id = ANY ($2::uuid[]) AND question_id = $1",
        question_id,
        record_ids,
    )


async def questions_about(read: Read, record_ids: list[UUID]) -> list[UUID]:
    """Return the questions not closed that are about any of these records."""
    return await read.values(
        UUID,
        "SELECT DISTINCT question_id FROM index.record_questions WHERE record_id = ANY ($1::uuid[])",
        record_ids,
    )


async def question(read: Read, question_id: UUID) -> Question | None:
    """Return a question."""
    return await read.one(
        Question,
        """
        SELECT id, kind, state, record_ids, person_ids, weight, source_id, opened_at, later_until, claimed_by,
               claimed_until, closed_at, closed_as
          FROM index.questions WHERE id = $1
        """,
        question_id,
    )


async def lock_question(tx: Transaction, question_id: UUID) -> Question | None:
    """Return a question and keep it from changing until this transaction ends."""
    return await tx.one(
        Question,
        """
        SELECT id, kind, state, record_ids, person_ids, weight, source_id, opened_at, later_until, claimed_by,
               claimed_until, closed_at, closed_as
          FROM index.questions WHERE id = $1
           FOR UPDATE
        """,
        question_id,
    )


async def queue(read: Read, wanted: Filter, after: tuple[datetime, UUID], limit: int, now: datetime) -> list[Question]:
    """Return the next questions in hand, the oldest first."""
    return await read.all(
        Question,
        """
        SELECT id, kind, state, record_ids, person_ids, weight, source_id, opened_at, later_until, claimed_by,
               claimed_until, closed_at, closed_as
          FROM index.questions
         WHERE state <> 'closed' AND (opened_at, id) > ($1, $2)
           AND ($3::text IS NULL OR kind = $3)
           AND ($4::text IS NULL OR state = $4)
           AND ($5::uuid IS NULL OR source_id = $5)
           AND ($6::timestamptz IS NULL OR opened_at < $6)
           AND weight BETWEEN $7 AND $8
           AND ($9 OR later_until IS NULL OR later_until <= $10)
         ORDER BY opened_at, id
         LIMIT $11
        """,
        *after,
        wanted.kind,
        wanted.state,
        wanted.source_id,
        wanted.opened_before,
        wanted.weight_from,
        wanted.weight_to,
        wanted.put_off,
        now,
        limit,
    )


async def queue_back(
    read: Read, wanted: Filter, before: tuple[datetime, UUID], limit: int, now: datetime
) -> list[Question]:
    """Return the questions in hand before a place, the nearest first."""
    return await read.all(
        Question,
        """
        SELECT id, kind, state, record_ids, person_ids, weight, source_id, opened_at, later_until, claimed_by,
               claimed_until, closed_at, closed_as
          FROM index.questions
         WHERE state <> 'closed' AND (opened_at, id) < ($1, $2)
           AND ($3::text IS NULL OR kind = $3)
           AND ($4::text IS NULL OR state = $4)
           AND ($5::uuid IS NULL OR source_id = $5)
           AND ($6::timestamptz IS NULL OR opened_at < $6)
           AND weight BETWEEN $7 AND $8
           AND ($9 OR later_until IS NULL OR later_until <= $10)
         ORDER BY opened_at DESC, id DESC
         LIMIT $11
        """,
        *before,
        wanted.kind,
        wanted.state,
        wanted.source_id,
        wanted.opened_before,
        wanted.weight_from,
        wanted.weight_to,
        wanted.put_off,
        now,
        limit,
    )


async def claim(tx: Transaction, question_id: UUID, account_id: UUID, until: datetime, now: datetime) -> UUID | None:
    """Take a question for oneself unless a colleague has it; return it where it was free."""
    return await tx.value(
        UUID,
        """
        UPDATE index.questions SET claimed_by = $2, claimed_until = $3
         WHERE id = $1 AND state <> 'closed' AND (claimed_by IS NULL OR claimed_by = $2 OR claimed_until <= $4)
        RETURNING id
        """,
        question_id,
        account_id,
        until,
        now,
    )


async def give_back(tx: Transaction, question_id: UUID, account_id: UUID) -> None:
    """Let others take a question that this account had."""
    await tx.run(
        "UPDATE index.questions SET claimed_by = NULL, claimed_until = NULL WHERE id = $1 AND claimed_by = $2",
        question_id,
        account_id,
    )


async def put_off(tx: Transaction, question_id: UUID, until: datetime) -> None:
    """Show a question again from this instant on; nobody has it meanwhile."""
    await tx.run(
        """
        UPDATE index.questions SET later_until = $2, claimed_by = NULL, claimed_until = NULL WHERE id = $1
        """,
        question_id,
        until,
    )


async def set_state(tx: Transaction, question_id: UUID, state: str) -> None:
    """Say that a question is open, or waits for a second person; nobody has it."""
    await tx.run(
        """
        UPDATE index.questions
           SET state = $2, later_until = NULL, claimed_by = NULL, claimed_until = NULL, closed_at = NULL,
               closed_as = NULL
         WHERE id = $1
        """,
        question_id,
        state,
    )


async def close(tx: Transaction, question_id: UUID, closed_as: str, at: datetime) -> None:
    """Close a question."""
    await tx.run(
        """
        UPDATE index.questions
           SET state = 'closed', closed_as = $2, closed_at = $3, later_until = NULL, claimed_by = NULL,
               claimed_until = NULL
         WHERE id = $1
        """,
        question_id,
        closed_as,
        at,
    )
