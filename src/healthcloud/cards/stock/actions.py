"""Ordering a batch of cards made ahead, and taking its rejected rows back to be put right."""

from uuid import UUID

import msgspec

from healthcloud import audit
from healthcloud.cards import deeds
from healthcloud.cards.model import STOCK
from healthcloud.cards.stock import store
from healthcloud.cards.stock.model import LONGEST_NAME, Batch, Order, Rejected, Row
from healthcloud.cards.stock.reads import MANAGE, batch
from healthcloud.core.background import Priority, enqueue
from healthcloud.core.caller import Caller
from healthcloud.core.db import Transaction
from healthcloud.core.errors import FieldFault, Unacceptable
from healthcloud.core.ids import new_id

KIND = "cards.prepare-batch"
_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(Row)


async def order_batch(tx: Transaction, caller: Caller, order: Order) -> UUID:
    """Have cards made ahead for these persons (scope cards.manage), by a job; return the batch's id."""
    caller.must(MANAGE)
    name = " ".join(order.name.split())
    if not 1 <= len(name) <= LONGEST_NAME:
        fault = FieldFault("#/name", f"must have 1–{LONGEST_NAME} characters", f"应为 1–{LONGEST_NAME} 字")
        raise Unacceptable(faults=(fault,))
    batch_id = new_id()
    one = Batch(
        batch_id, name, order.institution_id, caller.account_id, tx.clock.now(), rows=len(order.rows), done_at=None
    )
    await store.add_batch(tx, one)
    sealed = [tx.vault.seal(STOCK, place(batch_id, n), _ENCODER.encode(row)) for n, row in enumerate(order.rows, 1)]
    await store.add_rows(tx, batch_id, sealed)
    await audit.record(tx, caller, deeds.STOCK_ORDERED, batch_id, detail={"rows": len(order.rows)})
    await enqueue(tx, KIND, {"batch": str(batch_id)}, priority=Priority.BULK)
    return batch_id


async def rejected_rows(tx: Transaction, caller: Caller, batch_id: UUID) -> list[Rejected]:
    """Return the rows of a batch that made no card, in clear, to be put right and sent again: a deed."""
    one = await batch(tx, caller, batch_id)
    rows = [Rejected(row.n, opened(tx, batch_id, row), row.fault or "") for row in await store.rejected(tx, one.id)]
    await audit.record(tx, caller, deeds.STOCK_READ, batch_id, detail={"rows": len(rows)})
    return rows


def opened(tx: Transaction, batch_id: UUID, row: store.SealedRow) -> Row:
    """Open a stored row."""
    return _DECODER.decode(tx.vault.open(STOCK, place(batch_id, row.n), row.row_sealed))


def place(batch_id: UUID, n: int) -> bytes:
    """Return what a row is sealed for."""
    return batch_id.bytes + n.to_bytes(4)
