"""Making the cards of a batch, some rows a transaction; a run that was broken off goes on where it was."""

from datetime import datetime
from uuid import UUID

from healthcloud import people
from healthcloud.cards import store as cards
from healthcloud.cards.actions import MANAGE, prepare
from healthcloud.cards.model import STOCK
from healthcloud.cards.stock import store
from healthcloud.cards.stock.actions import KIND, opened, place
from healthcloud.cards.stock.model import NOT_NAMED_SO, Batch, Row, same_name
from healthcloud.cards.stock.store import Settled
from healthcloud.core.background import Body, JobKind, Priority, Progress, enqueue
from healthcloud.core.caller import Caller, CallerKind
from healthcloud.core.db import Transaction
from healthcloud.core.errors import Problem

AT_ONCE = 50
RESEAL = "cards.reseal-stock"
CHUNK = 500
_FIRST = UUID(int=0)


async def make_batch(tx: Transaction, body: Body) -> Progress | None:
    """Settle the next rows; what is settled already is left alone."""
    batch_id, after, done = UUID(str(body["batch"])), int(body.get("after", 0)), int(body.get("done", 0))
    batch = await store.batch(tx, batch_id)
    if batch is None:
        return None
    rows = await store.open_rows(tx, batch_id, after, AT_ONCE)
    if not rows:
        await store.finish(tx, batch_id, tx.clock.now())
        return None
    # The deeds name the operator who ordered the batch, and why their holders were looked up.
    scopes = frozenset({MANAGE, "people.open"})
    operator = Caller(CallerKind.STAFF, batch.account_id, scopes, reason=f"批量制卡：{batch.name}"[:200])
    await store.settle(tx, batch_id, [await _settled(tx, operator, batch, row) for row in rows])
    done += len(rows)
    return Progress({"batch": str(batch_id), "after": rows[-1].n, "done": done}, done)


async def _settled(tx: Transaction, operator: Caller, batch: Batch, sealed: store.SealedRow) -> Settled:
    try:
        return await _prepared(tx, operator, opened(tx, batch.id, sealed), sealed.n)
    except Problem as problem:
        if problem.status >= 500:  # noqa: PLR2004 - the platform's, not the row's: the job is tried again
            raise
        return Settled(sealed.n, "rejected", problem.code, None)


async def _prepared(tx: Transaction, operator: Caller, row: Row, n: int) -> Settled:
    found = await people.find_by_document(tx, operator, people.DocumentForm(row.kind, row.number))
    seen = (await people.faces(tx, None, [found.person_id])).get(found.person_id)
    if seen is None or not same_name(seen.face.name, row.name):
        return Settled(n, "rejected", NOT_NAMED_SO, None)
    made = await prepare(tx, operator, [found.person_id])
    if not made:
        return Settled(n, "there", None, None)
    return Settled(n, "prepared", None, await cards.held_card_id(tx, found.person_id))


async def keep_seals(tx: Transaction, *, due_at: datetime | None = None) -> None:
    """Have the rows follow their key; call it after a promotion, before the old key is retired."""
    await enqueue(tx, RESEAL, {}, due_at=due_at, priority=Priority.BULK)


async def reseal(tx: Transaction, body: Body) -> Progress | None:
    """Seal the next rows again whose key is not the current one."""
    after, n, done = UUID(str(body.get("batch", _FIRST))), int(body.get("n", 0)), int(body.get("done", 0))
    rows = await store.rows_after(tx, after, n, CHUNK)
    for row in rows:
        if not tx.vault.is_current(STOCK, row.row_sealed):
            where = place(row.batch_id, row.n)
            sealed = tx.vault.seal(STOCK, where, tx.vault.open(STOCK, where, row.row_sealed))
            await store.reseal_row(tx, row.batch_id, row.n, sealed)
    done += len(rows)
    if len(rows) < CHUNK:
        return None
    return Progress({"batch": str(rows[-1].batch_id), "n": rows[-1].n, "done": done}, done)


KINDS = (JobKind(KIND, make_batch, batch=1), JobKind(RESEAL, reseal, batch=1))
