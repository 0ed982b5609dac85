"""Forgetting what was in files, and having what is kept follow its key."""

from datetime import datetime, timedelta
from uuid import UUID

from healthcloud.core.background import Body, JobKind, Priority, Progress, enqueue
from healthcloud.core.db import Transaction
from healthcloud.index.imports.forgetting import store
from healthcloud.index.imports.model import answers_place, piece_place, portion_place, shape_place
from healthcloud.index.imports.portions import store as portions
from healthcloud.index.model import IMPORTED

RESEAL = "index.import-reseal"
_AT_ONCE, _CHUNK, _PIECES = 5, 100, 8
_FIRST = UUID(int=0)


async def forget_old(tx: Transaction, kept: timedelta) -> int:
    """Forget the rows of some imports begun longer ago than that; return of how many."""
    now = tx.clock.now()
    old = await store.old_imports(tx, now - kept, _AT_ONCE)
    for import_id in old:
        await store.forget_pieces(tx, import_id)
        await store.forget_portions(tx, import_id)
        await portions.forget_prints(tx, import_id)
        await store.set_forgotten(tx, import_id, now)
    return len(old)


async def keep_seals(tx: Transaction, *, due_at: datetime | None = None) -> None:
    """Have files and rows follow their key; call it after a promotion, before the old key is retired."""
    for what in ("portions", "pieces", "shapes"):
        await enqueue(tx, RESEAL, {"what": what}, due_at=due_at, priority=Priority.BULK)


async def reseal(tx: Transaction, body: Body) -> Progress | None:
    """Seal the next of these again whose key is not the current one."""
    after, n, done = UUID(str(body.get("import", _FIRST))), int(body.get("n", -1)), int(body.get("done", 0))
    last = await _RESEALING[str(body["what"])](tx, after, n)
    if last is None:
        return None
    return Progress({"what": body["what"], "import": str(last[0]), "n": last[1], "done": done + 1}, done + 1)


async def _portions(tx: Transaction, after: UUID, n: int) -> tuple[UUID, int] | None:
    rows = await store.portions_after(tx, after, n, _CHUNK)
    for row in rows:
        sealed = _anew(tx, portion_place(row.import_id, row.n), row.rows_sealed)
        former = row.answers_sealed
        answers = None if former is None else _anew(tx, answers_place(row.import_id, row.n), former)
        if (sealed, answers) != (row.rows_sealed, former):
            await store.reseal_portion(tx, row.import_id, row.n, sealed, answers, former)
    return (rows[-1].import_id, rows[-1].n) if rows else None


async def _pieces(tx: Transaction, after: UUID, n: int) -> tuple[UUID, int] | None:
    rows = await store.pieces_after(tx, after, n, _PIECES)
    for row in rows:
        sealed = _anew(tx, piece_place(row.import_id, row.n), row.piece_sealed)
        if sealed != row.piece_sealed:
            await store.reseal_piece(tx, row.import_id, row.n, sealed, row.piece_sealed)
    return (rows[-1].import_id, rows[-1].n) if rows else None


async def _shapes(tx: Transaction, after: UUID, _: int) -> tuple[UUID, int] | None:
    rows = await store.shapes_after(tx, after, _CHUNK)
    for row in rows:
        sealed = _anew(tx, shape_place(row.id), row.shape_sealed)
        if sealed != row.shape_sealed:
            await store.reseal_shape(tx, row.id, sealed, row.shape_sealed)
    return (rows[-1].id, 0) if rows else None


def _anew(tx: Transaction, place: bytes, sealed: bytes) -> bytes:
    if tx.vault.is_current(IMPORTED, sealed):
        return sealed
    return tx.vault.seal(IMPORTED, place, tx.vault.open(IMPORTED, place, sealed))


_RESEALING = {"portions": _portions, "pieces": _pieces, "shapes": _shapes}
RESEAL_KIND = JobKind(RESEAL, reseal, batch=1)
