"""Every statement about what the province refused."""

from datetime import date, datetime
from uuid import UUID

from healthcloud.core.db import Read, Transaction
from healthcloud.province.model import Batch, RefusedUse


async def split_off(tx: Transaction, batch: Batch, into: Batch, most: int) -> int:
    """Move the first uses of a batch into another, in the order in which they are sent; return how many."""
    return await tx.run(
        """
        UPDATE province.usages AS u SET batch_id = $3
          FROM (SELECT card_id, step_at, slot, terminal_id, scene FROM province.usages
                 WHERE institution_id = $1 AND batch_id = $2 AND state = 'waiting'
                 ORDER BY used_at, card_id, terminal_id, scene, slot, step_at LIMIT $4) AS n
         WHERE u.institution_id = $1 AND u.card_id = n.card_id AND u.step_at = n.step_at AND u.slot = n.slot
           AND u.terminal_id = n.terminal_id AND u.scene = n.scene
        """,
        batch.institution_id,
        batch.id,
        into.id,
        most,
    )


async def refuse(tx: Transaction, batch: Batch, code: str, msg: str, at: datetime) -> int:
    """End the one use of a batch as refused, with the province's words; return how many."""
    return await tx.run(
        """
        UPDATE province.usages SET state = 'refused', refusal_code = $3, refusal_msg = $4, ended_at = $5
         WHERE institution_id = $1 AND batch_id = $2 AND state = 'waiting'
        """,
        batch.institution_id,
        batch.id,
        code,
        msg,
        at,
    )


async def send_again(tx: Transaction, institution_id: UUID, ids: list[UUID] | None, today: date) -> int:
    """Have refused uses of today wait anew, all where none is named; return how many."""
    return await tx.run(
        """
        UPDATE province.usages
           SET state = 'waiting', batch_id = NULL, ended_at = NULL, refusal_code = NULL, refusal_msg = NULL
         WHERE institution_id = $1 AND state = 'refused' AND day = $3 AND ($2::uuid[] IS NULL OR batch_id = ANY ($2))
        """,
        institution_id,
        ids,
        today,
    )


async def has_refused(read: Read, institution_id: UUID, ids: list[UUID] | None) -> bool:
    """Tell whether any of these uses, or any at all where none is named, stands refused."""
    found = await read.value(
        bool,
        """
        SELECT EXISTS (SELECT FROM province.usages
                        WHERE institution_id = $1 AND state = 'refused' AND ($2::uuid[] IS NULL OR batch_id = ANY ($2)))
        """,
        institution_id,
        ids,
    )
    return bool(found)


async def refused(
    read: Read, institution_id: UUID | None, after: tuple[datetime, UUID], limit: int
) -> list[RefusedUse]:
    """Return refused uses after a place, the first to be refused first."""
    return await read.all(
        RefusedUse,
        """
        SELECT institution_id, batch_id AS id, day, scene, terminal_id, used_at, ended_at AS refused_at,
               refusal_code AS code, refusal_msg AS msg
          FROM province.usages
         WHERE state = 'refused' AND (ended_at, batch_id) > ($2, $3) AND ($1::uuid IS NULL OR institution_id = $1)
         ORDER BY ended_at, batch_id LIMIT $4
        """,
        institution_id,
        *after,
        limit,
    )


async def refused_use(read: Read, refused_id: UUID, institution_id: UUID | None) -> RefusedUse | None:
    """Return a refused use."""
    return await read.one(
        RefusedUse,
        """
        SELECT institution_id, batch_id AS id, day, scene, terminal_id, used_at, ended_at AS refused_at,
               refusal_code AS code, refusal_msg AS msg
          FROM province.usages
         WHERE state = 'refused' AND batch_id = $1 AND ($2::uuid IS NULL OR institution_id = $2)
        """,
        refused_id,
        institution_id,
    )
