"""Placing behind the requests: what the city's register says anew, and what a broken connection left waiting."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from healthcloud.core.background import Body, JobKind, Recurring, enqueue_many, in_portions
from healthcloud.core.db import Transaction
from healthcloud.index.placing.actions import place_in
from healthcloud.index.records import store

PLACE = "index.place"
SWEEP_EVERY = timedelta(minutes=1)
LEFT_AFTER = timedelta(minutes=1)  # whoever received it would have placed it by then
PORTION = 100


async def place_later(tx: Transaction, record_ids: Sequence[UUID]) -> None:
    """Have records placed once this transaction has been committed."""
    await enqueue_many(tx, PLACE, [{"record": str(one)} for one in record_ids], due_at=tx.clock.now())


async def _place(tx: Transaction, bodies: Sequence[Body]) -> None:
    await place_in(tx, sorted({UUID(str(body["record"])) for body in bodies}))


async def sweep(tx: Transaction) -> int:
    """Place the records that have waited longest, where nobody came back to them; return how many."""
    left = await store.waiting(tx, tx.clock.now() - LEFT_AFTER, PORTION)
    return len(await place_in(tx, left)) if left else 0


JOBS = (JobKind(PLACE, together=_place, batch=PORTION),)
RECURRING = (Recurring("index.sweep", SWEEP_EVERY, in_portions(sweep)),)
