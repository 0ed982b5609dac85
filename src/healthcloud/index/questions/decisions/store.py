"""Every statement about decisions, and about what people say of pairs."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from healthcloud.core.db import Read, Transaction
from healthcloud.index.questions.model import Decided, Pair


class SaidPair(NamedTuple):
    """What a person says of a pair, under one of its records."""

    record_id: UUID
    other_id: UUID
    human: str | None
    human_by: UUID | None
    human_at: datetime | None


class Moved(NamedTuple):
    """Where a record was before a decision."""

    record_id: UUID
    state: str
    person_id: UUID | None
    outcome: str | None
    rule: str | None
    weight: float | None
    placed_at: datetime | None


async def add_decision(tx: Transaction, row: Decided) -> None:
    """Keep a decision, done or proposed."""
    await tx.run(
        """
        INSERT INTO index.decisions (question_id, id, verdict, state, sides, reason, account_id, at, from_id, into_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        """,
        row.question_id,
        row.id,
        row.verdict,
        row.state,
        row.sides,
        row.reason,
        row.account_id,
        row.at,
        row.from_id,
        row.into_id,
    )


async def lock_decision(tx: Transaction, question_id: UUID, decision_id: UUID) -> Decided | None:
    """Return a decision and keep it from changing until this transaction ends."""
    return await tx.one(
        Decided,
        """
        SELECT question_id, id, verdict, state, sides, reason, account_id, at, from_id, into_id, second_account,
               second_at, undone_by, undone_at, undone_reason
          FROM index.decisions WHERE question_id = $1 AND id = $2
           FOR UPDATE
        """,
        question_id,
        decision_id,
    )


async def decisions_of(read: Read, question_id: UUID) -> list[Decided]:
    """Return what was decided of a question, the newest first."""
    return await read.all(
        Decided,
        """
        SELECT question_id, id, verdict, state, sides, reason, account_id, at, from_id, into_id, second_account,
               second_at, undone_by, undone_at, undone_reason
          FROM index.decisions WHERE question_id = $1
         ORDER BY id DESC
        """,
        question_id,
    )


async def history(read: Read, before: tuple[datetime, UUID], limit: int) -> list[Decided]:
    """Return decisions before a place in time, the newest first."""
    return await read.all(
        Decided,
        """
        SELECT question_id, id, verdict, state, sides, reason, account_id, at, from_id, into_id, second_account,
               second_at, undone_by, undone_at, undone_reason
          FROM index.decisions WHERE (at, id) < ($1, $2)
         ORDER BY at DESC, id DESC
         LIMIT $3
        """,
        *before,
        limit,
    )


async def second(tx: Transaction, decided: Decided, state: str, account_id: UUID, at: datetime) -> None:
    """Write what a second person made of a proposal."""
    await tx.run(
        """
        UPDATE index.decisions SET state = $3, second_account = $4, second_at = $5 WHERE question_id = $1 AND id = $2
        """,
        decided.question_id,
        decided.id,
        state,
        account_id,
        at,
    )


async def mark_undone(tx: Transaction, decided: Decided, account_id: UUID, at: datetime, reason: str) -> None:
    """Write that a decision was taken back."""
    await tx.run(
        """
        UPDATE index.decisions SET state = 'undone', undone_by = $3, undone_at = $4, undone_reason = $5
         WHERE question_id = $1 AND id = $2
        """,
        decided.question_id,
        decided.id,
        account_id,
        at,
        reason,
    )


async def said_among(read: Read, record_ids: list[UUID]) -> list[SaidPair]:
    """Return what people say of pairs among these records."""
    return await read.all(
        SaidPair,
        """
        SELECT record_id, other_id, human, human_by, human_at
          FROM index.pairs
         WHERE record_id = ANY ($1::uuid[]) AND other_id = ANY ($1::uuid[]) AND human IS NOT NULL
        """,
        record_ids,
    )


async def keep_said(tx: Transaction, decided: Decided, pairs: Sequence[Pair]) -> None:
    """Keep what people have said of these pairs so far, to be given back with the decision."""
    await tx.run(
        """
        INSERT INTO index.decided_pairs (question_id, decision_id, record_id, other_id, human, human_by, human_at)
        SELECT $1, $2, new.record_id, new.other_id, p.human, p.human_by, p.human_at
          FROM unnest($3::uuid[], $4::uuid[]) AS new (record_id, other_id)
          LEFT JOIN index.pairs AS p ON p.record_id = new.record_id AND p.other_id = new.other_id
        """,
        decided.question_id,
        decided.id,
        [one for one, _ in pairs],
        [other for _, other in pairs],
    )


async def kept_said(read: Read, decided: Decided) -> list[SaidPair]:
    """Return what people had said of the pairs before a decision."""
    return await read.all(
        SaidPair,
        """
        SELECT record_id, other_id, human, human_by, human_at
          FROM index.decided_pairs WHERE question_id = $1 AND decision_id = $2
         ORDER BY record_id, other_id
        """,
        decided.question_id,
        decided.id,
    )


async def say(tx: Transaction, said: Sequence[SaidPair]) -> None:
    """Write what people say of pairs, each under both of its records; what the machine decided stays."""
    await tx.run(
        """
        INSERT INTO index.pairs AS p
               (record_id, other_id, outcome, rule, weight, model, decided_at, human, human_by, human_at)
        SELECT a, b, 'none', 'human', 0, 0, human_at, human, human_by, human_at
          FROM (SELECT record_id AS a, other_id AS b, human, human_by, human_at
                  FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::timestamptz[])
                       AS new (record_id, other_id, human, human_by, human_at)
                UNION ALL
                SELECT other_id, record_id, human, human_by, human_at
                  FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::timestamptz[])
                       AS new (record_id, other_id, human, human_by, human_at)) AS either
         ORDER BY a, b
        ON CONFLICT (record_id, other_id) DO UPDATE
           SET human = excluded.human, human_by = excluded.human_by, human_at = excluded.human_at
        """,
        *(list(column) for column in zip(*said, strict=True)),
    )


async def unsay(tx: Transaction, pairs: Sequence[Pair]) -> None:
    """Take back what people say of pairs, under both of their records."""
    await tx.run(
        """
        UPDATE index.pairs AS p SET human = NULL, human_by = NULL, human_at = NULL
          FROM unnest($1::uuid[], $2::uuid[]) AS gone (record_id, other_id)
         WHERE (p.record_id = gone.record_id AND p.other_id = gone.other_id)
            OR (p.record_id = gone.other_id AND p.other_id = gone.record_id)
        """,
        [one for one, _ in pairs],
        [other for _, other in pairs],
    )


async def drop_silent(tx: Transaction, record_ids: list[UUID]) -> None:
    """Forget pairs among these records of which neither the machine nor a person says anything."""
    await tx.run(
        """
        DELETE FROM index.pairs
         WHERE record_id = ANY ($1::uuid[]) AND other_id = ANY ($1::uuid[]) AND human IS NULL AND outcome = 'none'
           AND rule = 'human'
        """,
        record_ids,
    )


async def keep_moved(tx: Transaction, decided: Decided, moved: Sequence[Moved]) -> None:
    """Keep where records were before a decision."""
    await tx.run(
        """
        INSERT INTO index.decided_records
               (question_id, decision_id, record_id, state, person_id, outcome, rule, weight, placed_at)
        SELECT $1, $2, record_id, state, person_id, outcome, rule, weight, placed_at
          FROM unnest($3::uuid[], $4::text[], $5::uuid[], $6::text[], $7::text[], $8::real[], $9::timestamptz[])
            AS new (record_id, state, person_id, outcome, rule, weight, placed_at)
        """,
        decided.question_id,
        decided.id,
        *(list(column) for column in zip(*moved, strict=True)),
    )


async def kept_moved(read: Read, decided: Decided) -> list[Moved]:
    """Return where the records that a decision moved were before."""
    return await read.all(
        Moved,
        """
        SELECT record_id, state, person_id, outcome, rule, weight, placed_at
          FROM index.decided_records WHERE question_id = $1 AND decision_id = $2
         ORDER BY record_id
        """,
        decided.question_id,
        decided.id,
    )


async def move(tx: Transaction, moved: Sequence[Moved]) -> None:
    """Write where records are."""
    await tx.run(
        """
        UPDATE index.records AS r
           SET state = new.state, person_id = new.person_id, outcome = new.outcome, rule = new.rule,
               weight = new.weight, placed_at = new.placed_at
          FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::text[], $6::real[], $7::timestamptz[])
            AS new (record_id, state, person_id, outcome, rule, weight, placed_at)
         WHERE r.id = new.record_id
        """,
        *(list(column) for column in zip(*moved, strict=True)),
    )
