"""Putting jobs into the queue, and what is done with dead ones; who may, and the audit line, is the caller's."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from healthcloud.core.background import store
from healthcloud.core.background.errors import DeadJobNotFound
from healthcloud.core.background.model import Body, DeadJob, NewJob, Priority
from healthcloud.core.db import Transaction
from healthcloud.core.ids import new_id


async def enqueue(
    tx: Transaction, kind: str, body: Body, *, due_at: datetime | None = None, priority: Priority = Priority.NORMAL
) -> UUID:
    """Have a job of this kind done once this transaction has committed, not before `due_at`; ids only in its body."""
    return (await enqueue_many(tx, kind, [body], due_at=due_at, priority=priority))[0]


async def enqueue_many(
    tx: Transaction,
    kind: str,
    bodies: Sequence[Body],
    *,
    due_at: datetime | None = None,
    priority: Priority = Priority.NORMAL,
) -> list[UUID]:
    """Put many jobs of one kind into the queue by one statement."""
    now = tx.clock.now()
    jobs = [NewJob(new_id(), kind, priority, body, due_at or now, now) for body in bodies]
    if jobs:
        await store.add_jobs(tx, jobs)
    return [job.id for job in jobs]


async def replay(tx: Transaction, job_id: UUID) -> DeadJob:
    """Put a dead job back into the queue under its own id, due now, its failures forgotten; raise DeadJobNotFound."""
    dead = await discard(tx, job_id)
    await store.add_jobs(tx, [NewJob(dead.id, dead.kind, dead.priority, dead.body, tx.clock.now(), dead.created_at)])
    return dead


async def discard(tx: Transaction, job_id: UUID) -> DeadJob:
    """Remove a dead job and return what it was, for the audit line that says why; raise DeadJobNotFound."""
    dead = await store.remove_dead(tx, job_id)
    if dead is None:
        raise DeadJobNotFound
    return dead
