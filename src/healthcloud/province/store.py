"""Every statement about uploads to the province."""

from datetime import date, datetime
from uuid import UUID

from healthcloud import cards
from healthcloud.core.db import Read, Transaction
from healthcloud.province.model import MOST_ROWS, Batch, Hold, Organisation, Standing, Usage


async def enrol(tx: Transaction, institution_id: UUID, app_id: str, sealed: bytes, at: datetime) -> None:
    """Keep an institution's credential, its next upload due now."""
    await tx.run(
        """
        INSERT INTO province.organisations
               (institution_id, app_id, secret_sealed, is_open, next_at, failures, enrolled_at)
        VALUES ($1, $2, $3, true, $4, 0, $4)
        ON CONFLICT (institution_id) DO UPDATE
           SET app_id = excluded.app_id, secret_sealed = excluded.secret_sealed, is_open = true, failures = 0,
               next_at = excluded.next_at
        """,
        institution_id,
        app_id,
        sealed,
        at,
    )


async def enrolled(read: Read) -> list[Organisation]:
    """Return every institution that uploads."""
    return await read.all(
        Organisation,
        "SELECT institution_id, app_id, secret_sealed, failures FROM province.organisations WHERE is_open",
    )


async def due(read: Read, at: datetime) -> list[Organisation]:
    """Return the institutions whose upload is due."""
    return await read.all(
        Organisation,
        """
        SELECT institution_id, app_id, secret_sealed, failures
          FROM province.organisations WHERE is_open AND next_at <= $1 ORDER BY next_at LIMIT 200
        """,
        at,
    )


async def schedule(
    tx: Transaction, one: Organisation, next_at: datetime, failures: int, error: str | None, held_at: datetime | None
) -> None:
    """Keep when an institution uploads next, and what went wrong; held since then, or since earlier, or not."""
    await tx.run(
        """
        UPDATE province.organisations
           SET next_at = $2, failures = $3, error = $4,
               held_at = CASE WHEN $5::timestamptz IS NULL THEN NULL ELSE coalesce(held_at, $5) END
         WHERE institution_id = $1
        """,
        one.institution_id,
        next_at,
        failures,
        error,
        held_at,
    )


async def make_due(tx: Transaction, institution_id: UUID, at: datetime) -> None:
    """Have an institution upload now."""
    await tx.run("UPDATE province.organisations SET next_at = $2 WHERE institution_id = $1", institution_id, at)


async def holds(read: Read, institution_id: UUID | None) -> list[Hold]:
    """Return the institutions the province refuses as a whole, the longest held first."""
    return await read.all(
        Hold,
        """
        SELECT institution_id, held_at, error FROM province.organisations
         WHERE held_at IS NOT NULL AND ($1::uuid IS NULL OR institution_id = $1)
         ORDER BY held_at, institution_id LIMIT 200
        """,
        institution_id,
    )


async def seal_again(tx: Transaction, institution_id: UUID, before: bytes, after: bytes) -> None:
    """Keep a secret sealed anew, unless it is another by now."""
    await tx.run(
        "UPDATE province.organisations SET secret_sealed = $3 WHERE institution_id = $1 AND secret_sealed = $2",
        institution_id,
        before,
        after,
    )


async def begin(tx: Transaction, block: int) -> int:
    """Follow the chain of deeds from a block on, unless it is followed already."""
    return await tx.run(
        "INSERT INTO province.position (name, block) VALUES ('uses', $1) ON CONFLICT (name) DO NOTHING", block
    )


async def hold_position(tx: Transaction) -> int | None:
    """Return the block that was followed last; until this transaction ends nobody else moves it."""
    return await tx.value(int, "SELECT block FROM province.position WHERE name = 'uses' FOR UPDATE")


async def move(tx: Transaction, block: int) -> None:
    """Keep how far the chain has been followed."""
    await tx.run("UPDATE province.position SET block = $1 WHERE name = 'uses'", block)


async def add_usages(tx: Transaction, lines: list[tuple[cards.uses.UseInBatch, date]]) -> int:
    """Write uses that wait, each once; return how many were new."""
    uses = [one for one, _ in lines]
    return await tx.run(
        """
        INSERT INTO province.usages (institution_id, card_id, step_at, slot, terminal_id, scene, used_at, day, state)
        SELECT institution_id, card_id, step_at, slot, terminal_id, scene, used_at, day, 'waiting'
          FROM unnest($1::uuid[], $2::bytea[], $3::timestamptz[], $4::int2[], $5::uuid[], $6::text[],
                      $7::timestamptz[], $8::date[])
               AS new (institution_id, card_id, step_at, slot, terminal_id, scene, used_at, day)
        ON CONFLICT (institution_id, card_id, step_at, slot, terminal_id, scene) DO NOTHING
        """,
        [one.institution_id for one in uses],
        [one.card_id for one in uses],
        [one.step_at for one in uses],
        [one.slot for one in uses],
        [one.terminal_id for one in uses],
        [one.scene for one in uses],
        [one.used_at for one in uses],
        [day for _, day in lines],
    )


async def open_batch(tx: Transaction, institution_id: UUID) -> Batch | None:
    """Return the batch of an institution that is not through, and keep it so until this transaction ends."""
    return await tx.one(
        Batch,
        """
        SELECT institution_id, id, day, attempts FROM province.batches
         WHERE institution_id = $1 AND is_open ORDER BY id LIMIT 1 FOR UPDATE
        """,
        institution_id,
    )


async def fill_batch(tx: Transaction, batch: Batch) -> int:
    """Put the oldest uses of a day that wait into a batch, at most 500; return how many."""
    return await tx.run(
        """
        UPDATE province.usages AS u SET batch_id = $2
          FROM (SELECT card_id, step_at, slot, terminal_id, scene FROM province.usages
                 WHERE institution_id = $1 AND day = $3 AND state = 'waiting' AND batch_id IS NULL
                 ORDER BY used_at LIMIT $4 FOR UPDATE) AS n
         WHERE u.institution_id = $1 AND u.card_id = n.card_id AND u.step_at = n.step_at AND u.slot = n.slot
           AND u.terminal_id = n.terminal_id AND u.scene = n.scene
        """,
        batch.institution_id,
        batch.id,
        batch.day,
        MOST_ROWS,
    )


async def add_batch(tx: Transaction, batch: Batch, rows: int, at: datetime) -> None:
    """Write a batch as it will be sent."""
    await tx.run(
        """
        INSERT INTO province.batches (institution_id, id, day, rows, attempts, is_open, made_at)
        VALUES ($1, $2, $3, $4, 0, true, $5)
        """,
        batch.institution_id,
        batch.id,
        batch.day,
        rows,
        at,
    )


async def count_attempt(tx: Transaction, batch: Batch) -> None:
    """Count an attempt, before it is made."""
    await tx.run(
        "UPDATE province.batches SET attempts = attempts + 1 WHERE institution_id = $1 AND id = $2",
        batch.institution_id,
        batch.id,
    )


async def usages_of(read: Read, batch: Batch) -> list[Usage]:
    """Return the uses of a batch, in the one order in which they are sent."""
    return await read.all(
        Usage,
        """
        SELECT card_id, step_at, slot, terminal_id, scene, used_at
          FROM province.usages WHERE institution_id = $1 AND batch_id = $2 AND state = 'waiting'
         ORDER BY used_at, card_id, terminal_id, scene, slot, step_at
        """,
        batch.institution_id,
        batch.id,
    )


async def close_batch(tx: Transaction, batch: Batch) -> int:
    """End a batch; return how many were open."""
    return await tx.run(
        "UPDATE province.batches SET is_open = false WHERE institution_id = $1 AND id = $2 AND is_open",
        batch.institution_id,
        batch.id,
    )


async def end_usages(tx: Transaction, batch: Batch, state: str, at: datetime) -> int:
    """End the uses of a batch; return how many."""
    return await tx.run(
        """
        UPDATE province.usages SET state = $3, ended_at = $4
         WHERE institution_id = $1 AND batch_id = $2 AND state = 'waiting'
        """,
        batch.institution_id,
        batch.id,
        state,
        at,
    )


async def miss(tx: Transaction, today: date, at: datetime) -> int:
    """End uses of days that are over and in no batch as missed; return how many."""
    return await tx.run(
        """
        UPDATE province.usages SET state = 'missed', ended_at = $2
         WHERE state = 'waiting' AND batch_id IS NULL AND day < $1
        """,
        today,
        at,
    )


async def batches_over(tx: Transaction, today: date) -> list[Batch]:
    """Return batches of days that are over and that no answer came to."""
    return await tx.all(
        Batch,
        "SELECT institution_id, id, day, attempts FROM province.batches WHERE is_open AND day < $1 FOR UPDATE",
        today,
    )


async def forget(tx: Transaction, before: date) -> int:
    """Delete uses of days before this one; return how many."""
    return await tx.run("DELETE FROM province.usages WHERE day < $1", before)


async def standing(read: Read, since: date, institution_id: UUID | None, late_before: datetime) -> list[Standing]:
    """Return how uses stand by institution and day, the newest day first."""
    return await read.all(
        Standing,
        """
        SELECT institution_id, day, count(*) FILTER (WHERE state = 'uploaded') AS uploaded,
               count(*) FILTER (WHERE state = 'waiting') AS waiting,
               count(*) FILTER (WHERE state = 'missed') AS missed,
               count(*) FILTER (WHERE state = 'unknown') AS unknown,
               count(*) FILTER (WHERE state = 'refused') AS refused,
               count(*) FILTER (WHERE state = 'waiting' AND used_at < $3) AS late,
               min(used_at) FILTER (WHERE state NOT IN ('uploaded', 'refused')) AS oldest_at
          FROM province.usages
         WHERE day >= $1 AND ($2::uuid IS NULL OR institution_id = $2)
         GROUP BY institution_id, day ORDER BY day DESC, institution_id
        """,
        since,
        institution_id,
        late_before,
    )
