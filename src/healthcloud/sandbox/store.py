"""Every statement of the sandbox."""

from uuid import UUID

from healthcloud.core.db import Read, Transaction
from healthcloud.sandbox.model import Call, CallLine, Switches


async def clock_offset(read: Read) -> int | None:
    """Return by how many seconds the clock is moved."""
    return await read.value(int, "SELECT offset_seconds FROM sandbox.clock WHERE place = 1")


async def set_clock(tx: Transaction, offset_seconds: int) -> int:
    """Move the clock."""
    return await tx.run(
        """
        INSERT INTO sandbox.clock (place, offset_seconds) VALUES (1, $1)
        ON CONFLICT (place) DO UPDATE SET offset_seconds = EXCLUDED.offset_seconds
        """,
        offset_seconds,
    )


async def switches(read: Read) -> list[Switches]:
    """Return every row of switches."""
    return await read.all(
        Switches,
        """
        SELECT face, institution_id, slow_ms, down, wrong_signature, duplicate, out_of_order
          FROM sandbox.switches ORDER BY face, institution_id
        """,
    )


async def put_switches(tx: Transaction, wish: Switches) -> int:
    """Set one row of switches."""
    return await tx.run(
        """
        INSERT INTO sandbox.switches
               (face, institution_id, slow_ms, down, wrong_signature, duplicate, out_of_order)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (face, institution_id) DO UPDATE
           SET slow_ms = EXCLUDED.slow_ms, down = EXCLUDED.down, wrong_signature = EXCLUDED.wrong_signature,
               duplicate = EXCLUDED.duplicate, out_of_order = EXCLUDED.out_of_order
        """,
        wish.face,
        wish.institution_id,
        wish.slow_ms,
        wish.down,
        wish.wrong_signature,
        wish.duplicate,
        wish.out_of_order,
    )


async def forget_switches(tx: Transaction) -> int:
    """Switch every failure off."""
    return await tx.run("DELETE FROM sandbox.switches")


async def forget_calls(tx: Transaction) -> int:
    """Empty the journal."""
    return await tx.run("DELETE FROM sandbox.calls")


async def forget_oldest(tx: Transaction, kept: int) -> int:
    """Forget all calls but the newest so many."""
    return await tx.run(
        """
        DELETE FROM sandbox.calls AS c
         WHERE c.id < (SELECT k.id FROM (SELECT n.id FROM sandbox.calls AS n ORDER BY n.id DESC LIMIT $1) AS k
                        ORDER BY k.id LIMIT 1)
        """,
        kept,
    )


async def add_call(tx: Transaction, call: Call) -> int:
    """Note a call."""
    return await tx.run(
        """
        INSERT INTO sandbox.calls
               (id, at, face, method, target, key, institution_id, status, outcome, took_ms, switched, asked_headers,
                asked, told_headers, told, signed, form)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
        """,
        call.id,
        call.at,
        call.face,
        call.method,
        call.target,
        call.key,
        call.institution_id,
        call.status,
        call.outcome,
        call.took_ms,
        call.switched,
        call.asked_headers,
        call.asked,
        call.told_headers,
        call.told,
        call.signed,
        call.form,
    )


async def calls(read: Read, before: UUID, face: str | None, limit: int) -> list[CallLine]:
    """Return the calls before this one, the newest first."""
    return await read.all(
        CallLine,
        """
        SELECT id, at, face, method, target, key, institution_id, status, outcome, took_ms, switched
          FROM sandbox.calls
         WHERE id < $1 AND ($2::text IS NULL OR face = $2)
         ORDER BY id DESC LIMIT $3
        """,
        before,
        face,
        limit,
    )


async def call(read: Read, call_id: UUID) -> Call | None:
    """Return a call."""
    return await read.one(
        Call,
        """
        SELECT id, at, face, method, target, key, institution_id, status, outcome, took_ms, switched, asked_headers,
               asked, told_headers, told, signed, form
          FROM sandbox.calls WHERE id = $1
        """,
        call_id,
    )
