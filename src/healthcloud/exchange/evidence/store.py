"""Every statement about evidence."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from healthcloud.core.db import Read, Transaction
from healthcloud.exchange.evidence.model import Batch, Block, MessageLine, Waiting


class LastMessage(NamedTuple):
    """When an institution last sent a message."""

    institution_id: UUID
    at: datetime


async def add_batch(tx: Transaction, batch: Batch, lines: Sequence[MessageLine]) -> None:
    """Write a batch, queue it for the sealer, and a line for each message; lines that are there already stay."""
    await tx.run(
        """
        WITH written AS (
            INSERT INTO exchange.evidence_batches (id, made_at, messages, root, body_sealed)
            VALUES ($1, $2, $3, $4, $5)
        ), queued AS (
            INSERT INTO exchange.evidence_unsealed (batch_id, made_at, root) VALUES ($1, $2, $4)
        )
        INSERT INTO exchange.evidence_messages (id, at, institution_id, client_id, face, method, request_id, outcome,
                                                batch_id, batch_at, place)
        SELECT n.id, n.at, n.institution_id, n.client_id, n.face, n.method, n.request_id, n.outcome, $1, $2,
               (n.place - 1)::integer
          FROM unnest($6::uuid[], $7::timestamptz[], $8::uuid[], $9::uuid[], $10::text[], $11::text[], $12::text[],
                      $13::text[])
               WITH ORDINALITY AS n (id, at, institution_id, client_id, face, method, request_id, outcome, place)
        ON CONFLICT (id, at) DO NOTHING
        """,
        batch.id,
        batch.made_at,
        batch.messages,
        batch.root,
        batch.body_sealed,
        [one.id for one in lines],
        [one.at for one in lines],
        [one.institution_id for one in lines],
        [one.client_id for one in lines],
        [one.face for one in lines],
        [one.method for one in lines],
        [one.request_id for one in lines],
        [one.outcome for one in lines],
    )


async def claim_unsealed(tx: Transaction, limit: int) -> list[Waiting]:
    """Take the oldest batches, by their ids, that nobody else is sealing off the queue."""
    return await tx.all(
        Waiting,
        """
        WITH chosen AS MATERIALIZED (
            SELECT batch_id FROM exchange.evidence_unsealed ORDER BY batch_id LIMIT $1 FOR UPDATE SKIP LOCKED
        ), claimed AS (
            DELETE FROM exchange.evidence_unsealed AS u USING chosen AS c WHERE u.batch_id = c.batch_id
            RETURNING u.batch_id, u.made_at, u.root
        )
        SELECT batch_id, made_at, root FROM claimed ORDER BY batch_id
        """,
        limit,
    )


async def last_block(read: Read) -> Block | None:
    """Return the newest block."""
    return await read.one(
        Block,
        """
        SELECT seq, sealed_at, batch_ids, made_ats, roots, previous, head, key, algorithm, signature
          FROM exchange.evidence_blocks ORDER BY seq DESC LIMIT 1
        """,
    )


async def add_block(tx: Transaction, block: Block) -> None:
    """Append a block; a second sealer on the same number fails on the primary key."""
    await tx.run(
        """
        INSERT INTO exchange.evidence_blocks (seq, sealed_at, batch_ids, made_ats, roots, previous, head, key,
                                              algorithm, signature)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        """,
        block.seq,
        block.sealed_at,
        block.batch_ids,
        block.made_ats,
        block.roots,
        block.previous,
        block.head,
        block.key,
        block.algorithm,
        block.signature,
    )


async def blocks_after(read: Read, seq: int, limit: int) -> list[Block]:
    """Return the next blocks of the chain after this number."""
    return await read.all(
        Block,
        """
        SELECT seq, sealed_at, batch_ids, made_ats, roots, previous, head, key, algorithm, signature
          FROM exchange.evidence_blocks WHERE seq > $1 ORDER BY seq LIMIT $2
        """,
        seq,
        limit,
    )


async def block_holding(read: Read, batch_id: UUID) -> Block | None:
    """Return the block that holds a batch."""
    return await read.one(
        Block,
        """
        SELECT seq, sealed_at, batch_ids, made_ats, roots, previous, head, key, algorithm, signature
          FROM exchange.evidence_blocks WHERE batch_ids @> ARRAY[$1::uuid] ORDER BY seq LIMIT 1
        """,
        batch_id,
    )


async def batch(read: Read, batch_id: UUID, made_at: datetime) -> Batch | None:
    """Return one batch."""
    return await read.one(
        Batch,
        """
        SELECT id, made_at, messages, root, body_sealed
          FROM exchange.evidence_batches WHERE id = $1 AND made_at = $2
        """,
        batch_id,
        made_at,
    )


async def batches_in_no_block(read: Read, limit: int) -> list[UUID]:
    """Return batches that are neither sealed nor waiting: written behind the sealer's back, or taken off its queue."""
    return await read.values(
        UUID,
        """
        SELECT id FROM exchange.evidence_batches
        EXCEPT SELECT unnest(batch_ids) FROM exchange.evidence_blocks
        EXCEPT SELECT batch_id FROM exchange.evidence_unsealed
        LIMIT $1
        """,
        limit,
    )


async def line(read: Read, message_id: UUID) -> MessageLine | None:
    """Return where one message is."""
    return await read.one(
        MessageLine,
        """
        SELECT id, at, institution_id, client_id, face, method, request_id, outcome, batch_id, batch_at, place
          FROM exchange.evidence_messages WHERE id = $1
        """,
        message_id,
    )


async def lines(read: Read, ids: list[UUID], ats: list[datetime]) -> list[MessageLine]:
    """Return where these messages are, in any order; those that are there."""
    return await read.all(
        MessageLine,
        """
        SELECT m.id, m.at, m.institution_id, m.client_id, m.face, m.method, m.request_id, m.outcome, m.batch_id,
               m.batch_at, m.place
          FROM unnest($1::uuid[], $2::timestamptz[]) AS k (id, at)
          JOIN exchange.evidence_messages AS m ON m.id = k.id AND m.at = k.at
        """,
        ids,
        ats,
    )


async def lines_of(
    read: Read,
    institution_id: UUID,
    span: tuple[datetime, datetime, UUID],
    wanted: tuple[str | None, str | None, str | None, str | None],
    limit: int,
) -> list[MessageLine]:
    """
    Return an institution's messages since an instant and before a place, newest first.

    Of one face, method, request or outcome where `wanted` names one, in this order.
    """
    return await read.all(
        MessageLine,
        """
        SELECT id, at, institution_id, client_id, face, method, request_id, outcome, batch_id, batch_at, place
          FROM exchange.evidence_messages
         WHERE institution_id = $1 AND at >= $2 AND (at, id) < ($3, $4)
           AND ($5::text IS NULL OR face = $5) AND ($6::text IS NULL OR method = $6)
           AND ($7::text IS NULL OR request_id = $7) AND ($8::text IS NULL OR outcome = $8)
         ORDER BY at DESC, id DESC
         LIMIT $9
        """,
        institution_id,
        *span,
        *wanted,
        limit,
    )


async def last_messages(read: Read, institution_ids: list[UUID]) -> list[LastMessage]:
    """Return when institutions last sent a message; those that did."""
    return await read.all(
        LastMessage,
        """
        SELECT i.id AS institution_id, m.at
          FROM unnest($1::uuid[]) AS i (id)
          CROSS JOIN LATERAL (SELECT at FROM exchange.evidence_messages
                               WHERE institution_id = i.id ORDER BY at DESC LIMIT 1) AS m
        """,
        institution_ids,
    )


async def batches_after(read: Read, after: UUID, limit: int) -> list[Batch]:
    """Return the next batches by id."""
    return await read.all(
        Batch,
        """
        SELECT id, made_at, messages, root, body_sealed
          FROM exchange.evidence_batches WHERE id > $1 ORDER BY id LIMIT $2
        """,
        after,
        limit,
    )


async def reseal(tx: Transaction, batch_id: UUID, made_at: datetime, body_sealed: bytes) -> None:
    """Write a body sealed anew; its root stays, and proves that it is the same."""
    await tx.run(
        "UPDATE exchange.evidence_batches SET body_sealed = $3 WHERE id = $1 AND made_at = $2",
        batch_id,
        made_at,
        body_sealed,
    )
