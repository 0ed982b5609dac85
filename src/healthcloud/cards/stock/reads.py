"""Looking at batches: whoever looks after cards (scope cards.manage)."""

from collections import Counter
from uuid import UUID

from healthcloud.cards.stock import store
from healthcloud.cards.stock.errors import BatchNotFound
from healthcloud.cards.stock.model import Batch, Tally
from healthcloud.core.caller import Caller
from healthcloud.core.db import Read

MANAGE = "cards.manage"
NEWEST = UUID(int=(1 << 128) - 1)


async def batches(read: Read, caller: Caller, *, before: UUID = NEWEST, limit: int = 50) -> list[Batch]:
    """Return batches, the newest first."""
    caller.must(MANAGE)
    return await store.batches(read, before, limit)


async def batch(read: Read, caller: Caller, batch_id: UUID) -> Batch:
    """Return a batch; raise BatchNotFound."""
    caller.must(MANAGE)
    found = await store.batch(read, batch_id)
    if found is None:
        raise BatchNotFound
    return found


async def tally_of(read: Read, caller: Caller, batch_id: UUID) -> Tally:
    """Return what became of a batch's rows so far."""
    caller.must(MANAGE)
    counts = {one.outcome: one.rows for one in await store.counts(read, batch_id)}
    made = await store.made(read, batch_id)
    waiting = await store.still_prepared(read, made) if made else 0
    return Tally(
        counts.get("prepared", 0), counts.get("there", 0), counts.get("rejected", 0), len(made) - waiting, waiting
    )


async def faults_of(read: Read, caller: Caller, batch_id: UUID) -> Counter[str]:
    """Return how many rows of a batch were rejected for what."""
    caller.must(MANAGE)
    return Counter(one.fault or "" for one in await store.rejected(read, batch_id))
