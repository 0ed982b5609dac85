"""Forgetting what was carried out long ago, and having what is kept follow its key."""

from datetime import datetime, timedelta
from uuid import UUID

from healthcloud.core.background import Body, JobKind, Priority, Progress, Recurring, enqueue, in_portions
from healthcloud.core.db import Transaction
from healthcloud.exchange.held import store
from healthcloud.exchange.held.model import BODY, KEPT_FOR

KIND = "exchange.held-reseal"
CHUNK, PORTION = 50, 1_000
FORGET_EVERY = timedelta(minutes=10)
_FIRST = UUID(int=0)


async def forget_old(tx: Transaction) -> int:
    """Forget some messages carried out a month ago; return how many."""
    return await store.forget(tx, tx.clock.now() - KEPT_FOR, PORTION)


async def keep_seals(tx: Transaction, *, due_at: datetime | None = None) -> None:
    """Have kept messages follow their key; call it after a promotion, before the old key is retired."""
    await enqueue(tx, KIND, {}, due_at=due_at, priority=Priority.BULK)


async def reseal(tx: Transaction, body: Body) -> Progress | None:
    """Seal the next of these again whose key is not the current one."""
    after, done = UUID(str(body.get("after", _FIRST))), int(body.get("done", 0))
    rows = await store.bodies_after(tx, after, CHUNK)
    old = [row for row in rows if not tx.vault.is_current(BODY, row.sealed)]
    if old:
        new = [tx.vault.seal(BODY, row.id.bytes, tx.vault.open(BODY, row.id.bytes, row.sealed)) for row in old]
        await store.reseal(tx, [row.id for row in old], new)
    if len(rows) < CHUNK:
        return None
    done += len(rows)
    return Progress({"after": str(rows[-1].id), "done": done}, done)


KINDS = (JobKind(KIND, reseal, batch=1),)
RECURRING = (Recurring("exchange.forget-carried-out", FORGET_EVERY, in_portions(forget_old)),)
