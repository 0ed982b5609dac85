"""Every statement audit sends to PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from healthcloud.audit.model import Block, Deed, Entry
from healthcloud.core.caller import Caller
from healthcloud.core.db import Read, Transaction


async def add_deeds(tx: Transaction, entries: Sequence[Entry], ids: list[UUID], at: datetime, caller: Caller) -> None:
    """Add deeds of one caller at one instant, and queue them for the sealer."""
    await tx.run(
        """
        WITH line AS (
            SELECT n.subject_id, n.id, n.deed, n.outcome, n.reason, n.detail
              FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::jsonb[])
                   AS n (subject_id, id, deed, outcome, reason, detail)
        ), written AS (
            INSERT INTO audit.deeds (subject_id, at, id, deed, actor_kind, actor_id, institution_id, terminal_id,
                                     on_behalf_of, outcome, reason, detail)
            SELECT subject_id, $7, id, deed, $8, $9, $10, $11, $12, outcome, reason, detail FROM line
        )
        INSERT INTO audit.unsealed (subject_id, deed_id, at)
        SELECT subject_id, id, $7 FROM line
        """,
        [entry.subject_id for entry in entries],
        ids,
        [entry.deed for entry in entries],
        [entry.outcome for entry in entries],
        [entry.reason or caller.reason for entry in entries],
        [dict(entry.detail) for entry in entries],
        at,
        caller.kind,
        caller.account_id,
        caller.institution_id,
        caller.terminal_id,
        caller.on_behalf_of,
    )


async def add_deeds_of_each(
    tx: Transaction, lines: Sequence[tuple[Caller, Entry]], ids: list[UUID], at: datetime
) -> None:
    """Add deeds of several callers at one instant, and queue them for the sealer."""
    await tx.run(
        """
        WITH line AS (
            SELECT n.subject_id, n.id, n.deed, n.outcome, n.reason, n.detail, n.actor_kind, n.actor_id,
                   n.institution_id, n.terminal_id, n.on_behalf_of
              FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::jsonb[], $7::text[],
                          $8::uuid[], $9::uuid[], $10::uuid[], $11::uuid[])
                   AS n (subject_id, id, deed, outcome, reason, detail, actor_kind, actor_id, institution_id,
                         terminal_id, on_behalf_of)
        ), written AS (
            INSERT INTO audit.deeds (subject_id, at, id, deed, actor_kind, actor_id, institution_id, terminal_id,
                                     on_behalf_of, outcome, reason, detail)
            SELECT subject_id, $12, id, deed, actor_kind, actor_id, institution_id, terminal_id, on_behalf_of,
                   outcome, reason, detail
              FROM line
        )
        INSERT INTO audit.unsealed (subject_id, deed_id, at)
        SELECT subject_id, id, $12 FROM line
        """,
        [entry.subject_id for _, entry in lines],
        ids,
        [entry.deed for _, entry in lines],
        [entry.outcome for _, entry in lines],
        [entry.reason or caller.reason for caller, entry in lines],
        [dict(entry.detail) for _, entry in lines],
        [caller.kind for caller, _ in lines],
        [caller.account_id for caller, _ in lines],
        [caller.institution_id for caller, _ in lines],
        [caller.terminal_id for caller, _ in lines],
        [caller.on_behalf_of for caller, _ in lines],
        at,
    )


async def claim_unsealed(tx: Transaction, limit: int) -> list[Deed]:
    """Take the oldest deeds nobody else is sealing off the queue."""
    return await tx.all(
        Deed,
        """
        WITH chosen AS MATERIALIZED (
            SELECT subject_id, deed_id FROM audit.unsealed ORDER BY at, deed_id LIMIT $1 FOR UPDATE SKIP LOCKED
        ), claimed AS (
            DELETE FROM audit.unsealed u USING chosen c
             WHERE u.subject_id = c.subject_id AND u.deed_id = c.deed_id
            RETURNING u.subject_id, u.deed_id, u.at
        )
        SELECT d.subject_id, d.at, d.id, d.deed, d.actor_kind, d.actor_id, d.institution_id, d.terminal_id,
               d.on_behalf_of, d.outcome, d.reason, d.detail
          FROM claimed c
          JOIN audit.deeds d ON d.subject_id = c.subject_id AND d.at = c.at AND d.id = c.deed_id
         ORDER BY d.at, d.id
        """,
        limit,
    )


async def last_block(read: Read) -> Block | None:
    """Return the newest block."""
    return await read.one(
        Block,
        """
        SELECT seq, sealed_at, subject_ids, ats, deed_ids, digests, previous, head
          FROM audit.blocks ORDER BY seq DESC LIMIT 1
        """,
    )


async def last_number(read: Read) -> int | None:
    """Return the newest block's number."""
    return await read.value(int, "SELECT max(seq) FROM audit.blocks")


async def add_block(tx: Transaction, block: Block) -> None:
    """Append a block; a second sealer on the same number fails on the primary key."""
    await tx.run(
        """
        INSERT INTO audit.blocks (seq, sealed_at, subject_ids, ats, deed_ids, digests, previous, head)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        block.seq,
        block.sealed_at,
        block.subject_ids,
        block.ats,
        block.deed_ids,
        block.digests,
        block.previous,
        block.head,
    )


async def blocks_after(read: Read, seq: int, limit: int) -> list[Block]:
    """Return the next blocks of the chain after this number."""
    return await read.all(
        Block,
        """
        SELECT seq, sealed_at, subject_ids, ats, deed_ids, digests, previous, head
          FROM audit.blocks WHERE seq > $1 ORDER BY seq LIMIT $2
        """,
        seq,
        limit,
    )


async def deeds_of_block(read: Read, subject_ids: list[UUID], ats: list[datetime], ids: list[UUID]) -> list[Deed]:
    """Return those of a block's deeds that are there, in any order."""
    return await read.all(
        Deed,
        """
        SELECT d.subject_id, d.at, d.id, d.deed, d.actor_kind, d.actor_id, d.institution_id, d.terminal_id,
               d.on_behalf_of, d.outcome, d.reason, d.detail
          FROM unnest($1::uuid[], $2::timestamptz[], $3::uuid[]) AS k (subject_id, at, id)
          JOIN audit.deeds d ON d.subject_id = k.subject_id AND d.at = k.at AND d.id = k.id
        """,
        subject_ids,
        ats,
        ids,
    )


async def deeds_in_no_block(read: Read, limit: int) -> list[UUID]:
    """Return deeds that are neither sealed nor waiting: written behind the sealer's back."""
    return await read.values(
        UUID,
        """
        SELECT id FROM audit.deeds
        EXCEPT SELECT unnest(deed_ids) FROM audit.blocks
        EXCEPT SELECT deed_id FROM audit.unsealed
        LIMIT $1
        """,
        limit,
    )


async def unsealed_since(read: Read) -> datetime | None:
    """Return the instant of the oldest deed the sealer has not reached, or None when it has kept up."""
    return await read.value(datetime, "SELECT at FROM audit.unsealed ORDER BY at LIMIT 1")


async def deeds_about(
    read: Read,
    subject_id: UUID,
    before: datetime,
    before_id: UUID,
    limit: int,
    kinds: list[str] | None,
    outcome: str | None,
    actor_kind: str | None,
) -> list[Deed]:
    """
    Return deeds touching a subject, of these kinds, outcome and actors, newest first, before a place.

    Of one subject, for only so does the primary key give them in order: of several it would sort all that ever was.
    """
    return await read.all(
        Deed,
        """
        SELECT subject_id, at, id, deed, actor_kind, actor_id, institution_id, terminal_id, on_behalf_of, outcome,
               reason, detail
          FROM audit.deeds
         WHERE subject_id = $1 AND (at, id) < ($2, $3)
           AND ($5::text[] IS NULL OR deed = ANY ($5::text[]))
           AND ($6::text IS NULL OR outcome = $6)
           AND ($7::text IS NULL OR actor_kind = $7)
         ORDER BY at DESC, id DESC
         LIMIT $4
        """,
        subject_id,
        before,
        before_id,
        limit,
        kinds,
        outcome,
        actor_kind,
    )


async def count_about(
    read: Read, subject_ids: list[UUID], after: datetime, kinds: list[str], not_by: UUID, most: int
) -> int:
    """Count deeds touching these subjects, of these kinds, after an instant, by another account; up to `most`."""
    counted = await read.value(
        int,
        """
        SELECT count(*)::integer
          FROM (SELECT id
                  FROM audit.deeds
                 WHERE subject_id = ANY($1) AND at > $2 AND deed = ANY($3) AND actor_id <> $4
                 LIMIT $5) AS newer
        """,
        subject_ids,
        after,
        kinds,
        not_by,
        most,
    )
    return counted or 0


async def search_deeds(
    read: Read,
    span: tuple[datetime, datetime, UUID],
    wanted: tuple[str | None, UUID | None, UUID | None, UUID | None, str | None],
    limit: int,
) -> list[Deed]:
    """
    Return deeds since an instant and before a place, newest first.

    Of one kind, actor, institution, subject or outcome where `wanted` names one, in this order.
    """
    return await read.all(
        Deed,
        """
        SELECT subject_id, at, id, deed, actor_kind, actor_id, institution_id, terminal_id, on_behalf_of, outcome,
               reason, detail
          FROM audit.deeds
         WHERE at >= $1 AND (at, id) < ($2, $3)
           AND ($4::text IS NULL OR deed = $4) AND ($5::uuid IS NULL OR actor_id = $5)
           AND ($6::uuid IS NULL OR institution_id = $6) AND ($7::uuid IS NULL OR subject_id = $7)
           AND ($8::text IS NULL OR outcome = $8)
         ORDER BY at DESC, id DESC
         LIMIT $9
        """,
        *span,
        *wanted,
        limit,
    )
