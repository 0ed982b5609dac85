"""The job after a promotion of the key that seals bodies: what another than the current sealed is sealed again."""

from datetime import datetime
from uuid import UUID

from healthcloud.core.background import Body, JobKind, Priority, Progress, enqueue
from healthcloud.core.db import Transaction
from healthcloud.exchange.evidence import store
from healthcloud.exchange.evidence.model import BODIES

RESEAL = "exchange.reseal-evidence"
CHUNK = 50
_FIRST = UUID(int=0)


async def keep_seals(tx: Transaction, *, due_at: datetime | None = None) -> None:
    """Have bodies follow their key; call it after a promotion, before the old key is retired."""
    await enqueue(tx, RESEAL, {}, due_at=due_at, priority=Priority.BULK)


async def reseal(tx: Transaction, body: Body) -> Progress | None:
    """Seal the next batches again whose key is not the current one."""
    after, done = UUID(str(body.get("after", _FIRST))), int(body.get("done", 0))
    rows = await store.batches_after(tx, after, CHUNK)
    for row in rows:
        if not tx.vault.is_current(BODIES, row.body_sealed):
            plain = tx.vault.open(BODIES, row.id.bytes, row.body_sealed)
            await store.reseal(tx, row.id, row.made_at, tx.vault.seal(BODIES, row.id.bytes, plain))
    done += len(rows)
    return Progress({"after": str(rows[-1].id), "done": done}, done) if len(rows) == CHUNK else None


KINDS = (JobKind(RESEAL, reseal, batch=1),)
