"""Every statement about messages that go out, and the circuits of institutions."""

from datetime import datetime
from uuid import UUID

from healthcloud.core.db import Read, Transaction
from healthcloud.exchange.outward.breaker import Breaker
from healthcloud.exchange.outward.model import DeadLetter, Message, NewMessage, QueueLine


async def next_number(tx: Transaction, institution_id: UUID, sequence: str, at: datetime) -> int | None:
    """Return the next number of a sequence; until this transaction ends nobody else takes or frees one of it."""
    return await tx.value(
        int,
        """
        INSERT INTO exchange.sequences AS s (institution_id, sequence, last, used_at) VALUES ($1, $2, 1, $3)
        ON CONFLICT (institution_id, sequence) DO UPDATE SET last = s.last + 1, used_at = excluded.used_at
        RETURNING last
        """,
        institution_id,
        sequence,
        at,
    )


async def lock_sequence(tx: Transaction, institution_id: UUID, sequence: str) -> int | None:
    """Hold a sequence as it is until this transaction ends."""
    return await tx.value(
        int,
        "SELECT last FROM exchange.sequences WHERE institution_id = $1 AND sequence = $2 FOR UPDATE",
        institution_id,
        sequence,
    )


async def first_of(tx: Transaction, institution_id: UUID, sequence: str) -> int | None:
    """Return the lowest number of a sequence that is not through; None where all are."""
    return await tx.value(
        int,
        """
        SELECT number FROM exchange.outgoing
         WHERE institution_id = $1 AND sequence = $2 AND state IN ('waiting', 'held', 'dead')
         ORDER BY number LIMIT 1
        """,
        institution_id,
        sequence,
    )


async def free(tx: Transaction, institution_id: UUID, sequence: str, number: int, at: datetime) -> int:
    """Have a message wait for its turn no more."""
    return await tx.run(
        """
        UPDATE exchange.outgoing SET state = 'waiting', due_at = $4
         WHERE institution_id = $1 AND sequence = $2 AND number = $3 AND state = 'held'
        """,
        institution_id,
        sequence,
        number,
        at,
    )


async def add_message(tx: Transaction, new: NewMessage, at: datetime) -> int:
    """Write a message unless its key is there; return how many were written."""
    return await tx.run(
        """
        INSERT INTO exchange.outgoing (institution_id, id, key, kind, person_id, sequence, number, body_sealed, state,
                                       attempts, due_at, last_at, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10, $11, $12)
        ON CONFLICT (institution_id, key) DO NOTHING
        """,
        new.institution_id,
        new.id,
        new.key,
        new.kind,
        new.person_id,
        new.sequence,
        new.number,
        new.body_sealed,
        new.state,
        new.due_at,
        new.last_at,
        at,
    )


async def id_of_key(tx: Transaction, institution_id: UUID, key: str) -> UUID | None:
    """Return the message that has a key."""
    return await tx.value(
        UUID, "SELECT id FROM exchange.outgoing WHERE institution_id = $1 AND key = $2", institution_id, key
    )


async def due(read: Read, at: datetime, resting: list[UUID], in_hand: list[UUID], limit: int) -> list[Message]:
    """Return what is due, at most `limit` for each open address, save of these institutions and these messages."""
    return await read.all(
        Message,
        """
        SELECT m.institution_id, m.id, m.kind, m.sequence, m.number, m.body_sealed, m.attempts, m.last_at, m.created_at
          FROM exchange.endpoints AS e
         CROSS JOIN LATERAL (
               SELECT o.institution_id, o.id, o.kind, o.sequence, o.number, o.body_sealed, o.attempts, o.last_at,
                      o.created_at
                 FROM exchange.outgoing AS o
                WHERE o.institution_id = e.institution_id AND o.state = 'waiting' AND o.due_at <= $1
                  AND o.id <> ALL ($3::uuid[])
                ORDER BY o.due_at, o.id
                LIMIT $4) AS m
         WHERE e.is_open AND e.institution_id <> ALL ($2::uuid[])
        """,
        at,
        resting,
        in_hand,
        limit,
    )


async def end_message(tx: Transaction, message: Message, state: str, error: str | None, at: datetime) -> int:
    """End a message that waits after an attempt; what is sent is erased. Return how many that were."""
    return await tx.run(
        """
        UPDATE exchange.outgoing
           SET state = $3, error = $4, ended_at = $5, attempts = attempts + 1,
               body_sealed = CASE WHEN $3 = 'sent' THEN NULL ELSE body_sealed END
         WHERE institution_id = $1 AND id = $2 AND state = 'waiting'
        """,
        message.institution_id,
        message.id,
        state,
        error,
        at,
    )


async def postpone(tx: Transaction, message: Message, due_at: datetime, error: str) -> int:
    """Count a failed attempt, to be repeated; return how many messages that were."""
    return await tx.run(
        """
        UPDATE exchange.outgoing SET due_at = $3, error = $4, attempts = attempts + 1
         WHERE institution_id = $1 AND id = $2 AND state = 'waiting'
        """,
        message.institution_id,
        message.id,
        due_at,
        error,
    )


async def replay_letters(
    tx: Transaction, institution_id: UUID, ids: list[UUID], at: datetime, last_at: datetime
) -> list[UUID]:
    """Put dead letters of an institution back into its queue; return them."""
    return await tx.values(
        UUID,
        """
        UPDATE exchange.outgoing
           SET state = 'waiting', attempts = 0, due_at = $3, last_at = $4, ended_at = NULL
         WHERE institution_id = $1 AND id = ANY ($2::uuid[]) AND state = 'dead'
        RETURNING id
        """,
        institution_id,
        ids,
        at,
        last_at,
    )


async def discard_letter(tx: Transaction, institution_id: UUID, message_id: UUID, at: datetime) -> int:
    """Give a dead letter up and erase it; return how many that were."""
    return await tx.run(
        """
        UPDATE exchange.outgoing SET state = 'discarded', body_sealed = NULL, ended_at = $3
         WHERE institution_id = $1 AND id = $2 AND state = 'dead'
        """,
        institution_id,
        message_id,
        at,
    )


async def sequence_of(tx: Transaction, institution_id: UUID, message_id: UUID) -> str | None:
    """Return the sequence a message is of; None where it is of none."""
    return await tx.value(
        str,
        "SELECT sequence FROM exchange.outgoing WHERE institution_id = $1 AND id = $2",
        institution_id,
        message_id,
    )


async def dead_letters(
    read: Read, institution_id: UUID | None, after: tuple[datetime, UUID], limit: int
) -> list[DeadLetter]:
    """Return dead letters, of one institution if asked, the first to die first, after a place in that list."""
    return await read.all(
        DeadLetter,
        """
        SELECT institution_id, id, kind, attempts, error, created_at, ended_at
          FROM exchange.outgoing
         WHERE state = 'dead' AND (ended_at, id) > ($2, $3) AND ($1::uuid IS NULL OR institution_id = $1)
         ORDER BY ended_at, id LIMIT $4
        """,
        institution_id,
        *after,
        limit,
    )


async def dead_letter(read: Read, message_id: UUID) -> DeadLetter | None:
    """Return one dead letter."""
    return await read.one(
        DeadLetter,
        """
        SELECT institution_id, id, kind, attempts, error, created_at, ended_at
          FROM exchange.outgoing WHERE id = $1 AND state = 'dead'
        """,
        message_id,
    )


async def queues(read: Read, after: UUID, limit: int) -> list[QueueLine]:
    """Return queues of institutions that have an address, after one of them."""
    return await read.all(
        QueueLine,
        """
        SELECT e.institution_id, e.is_open,
               count(*) FILTER (WHERE o.state = 'waiting') AS waiting,
               count(*) FILTER (WHERE o.state = 'held') AS held,
               count(*) FILTER (WHERE o.state = 'dead') AS dead,
               min(o.created_at) FILTER (WHERE o.state IN ('waiting', 'held')) AS oldest_at,
               coalesce(max(c.failures), 0) AS failures, max(c.open_until) AS open_until, max(c.error) AS error
          FROM (SELECT institution_id, is_open FROM exchange.endpoints
                 WHERE institution_id > $1 ORDER BY institution_id LIMIT $2) AS e
          LEFT JOIN exchange.outgoing AS o
            ON o.institution_id = e.institution_id AND o.state IN ('waiting', 'held', 'dead')
          LEFT JOIN exchange.circuits AS c ON c.institution_id = e.institution_id
         GROUP BY e.institution_id, e.is_open
         ORDER BY e.institution_id
        """,
        after,
        limit,
    )


async def put_circuit(tx: Transaction, institution_id: UUID, breaker: Breaker, error: str, at: datetime) -> None:
    """Keep what is known of an institution that does not answer."""
    await tx.run(
        """
        INSERT INTO exchange.circuits (institution_id, failures, openings, open_until, error, changed_at)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (institution_id) DO UPDATE
           SET failures = excluded.failures, openings = excluded.openings, open_until = excluded.open_until,
               error = excluded.error, changed_at = excluded.changed_at
        """,
        institution_id,
        breaker.failures,
        breaker.openings,
        breaker.open_until,
        error,
        at,
    )


async def close_circuit(tx: Transaction, institution_id: UUID) -> None:
    """Forget what was known of an institution that answers again."""
    await tx.run("DELETE FROM exchange.circuits WHERE institution_id = $1", institution_id)
