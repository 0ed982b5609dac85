"""Reading a file that has come whole: its digest compared, its shape found, its rows kept in portions."""

from collections.abc import AsyncIterator
from typing import TypeVar
from uuid import UUID

import msgspec

from healthcloud.core.db import Database, Transaction
from healthcloud.core.errors import Unavailable
from healthcloud.index.imports import store
from healthcloud.index.imports.errors import FileUnreadable, ImportNotReady
from healthcloud.index.imports.forgetting import store as forgetting
from healthcloud.index.imports.model import (
    ROWS_AT_ONCE,
    Import,
    State,
    piece_place,
    portion_place,
    shape_place,
)
from healthcloud.index.imports.portions import store as portions
from healthcloud.index.imports.reading.looking import Look, Looking
from healthcloud.index.imports.reading.taking import shape_of_sheet, sheet_rows, workbook_rows
from healthcloud.index.imports.table import MOST_BYTES_OF_WORKBOOK, MOST_ROWS, Kind, RawRow, Shape
from healthcloud.index.model import IMPORTED

Item = TypeVar("Item")
_ENCODER = msgspec.msgpack.Encoder()


async def read_file(database: Database, import_id: UUID) -> None:
    """Read an import's file, from its beginning if that was broken off; a file that is no table fails the import."""
    async with database.read() as read:
        one = await store.find_import(read, import_id)
    if one is None or one.state != State.READING:
        return
    try:
        look = await _look(database, one)
        shape, rows, count = await _take(database, one, look)
    except FileUnreadable as problem:
        fault = problem.faults[0]
        await database.transact(lambda tx: _fail(tx, import_id, fault.en, fault.zh))
        return
    except ImportNotReady:
        return

    async def finish(tx: Transaction) -> None:
        sealed = tx.vault.seal(IMPORTED, shape_place(import_id), _ENCODER.encode(shape))
        if await store.set_read(tx, import_id, look.kind, sealed, rows, count):
            await forgetting.forget_pieces(tx, import_id)

    await database.transact(finish)


async def _fail(tx: Transaction, import_id: UUID, en: str, zh: str) -> None:
    if await store.set_failed(tx, import_id, en, zh, tx.clock.now()):
        await forgetting.forget_pieces(tx, import_id)
        await forgetting.forget_portions(tx, import_id)


async def _look(database: Database, one: Import) -> Look:
    looking = Looking()
    async for piece in pieces_of(database, one.id):
        looking.add(piece)
    look = looking.end()
    if look.digest != one.digest or look.size != one.size:
        raise FileUnreadable.because("arrived damaged: its SHA-256 differs", "传输中损坏：SHA-256 与声明不一致")
    if look.kind is Kind.WORKBOOK and look.size > MOST_BYTES_OF_WORKBOOK:
        most = MOST_BYTES_OF_WORKBOOK >> 20
        raise FileUnreadable.because(
            f"is a workbook of over {most} MiB: save it as CSV", f"工作簿超过 {most} MiB，请另存为 CSV"
        )
    return look


async def _take(database: Database, one: Import, look: Look) -> tuple[Shape, int, int]:
    """Keep the rows in portions; return the shape, and how many rows and portions there are."""
    shape: Shape | None = None
    rows = count = 0
    async for shape, some in _rows(database, one, look):  # noqa: B007 - the last one's is asked for below
        if not some:
            continue
        await database.transact(lambda tx, n=count, some=some: _keep(tx, one.id, n, some))  # type: ignore[misc]  # mypy can't infer a lambda with defaults
        rows, count = rows + len(some), count + 1
        if rows > MOST_ROWS:
            raise FileUnreadable.because(f"has over {MOST_ROWS} rows: divide it", f"超过 {MOST_ROWS} 行，请拆分")
    if shape is None or rows == 0:
        raise FileUnreadable.because("has no row of a patient", "没有患者数据行")
    return shape, rows, count


async def _rows(database: Database, one: Import, look: Look) -> AsyncIterator[tuple[Shape, list[RawRow]]]:
    pieces = pieces_of(database, one.id)
    if look.kind is Kind.WORKBOOK:
        async for found in workbook_rows(pieces, ROWS_AT_ONCE):
            yield found
        return
    first = await anext(pieces_of(database, one.id), b"")
    shape = shape_of_sheet(first, look.encoding)
    async for some in sheet_rows(pieces, shape, ROWS_AT_ONCE):
        yield shape, some


async def _keep(tx: Transaction, import_id: UUID, n: int, rows: list[RawRow]) -> None:
    one = await store.lock_import(tx, import_id)
    if one is None or one.state != State.READING:
        raise ImportNotReady(step="read")  # cancelled, or read by another: its portions stay as they are
    sealed = tx.vault.seal(IMPORTED, portion_place(import_id, n), _ENCODER.encode(rows))
    await portions.add_portion(tx, import_id, n, len(rows), sealed)


async def pieces_of(database: Database, import_id: UUID) -> AsyncIterator[bytes]:
    """Yield the bytes of a file, piece by piece."""
    n = 0
    while True:
        async with database.glance() as read:
            sealed = await portions.piece(read, import_id, n)
        if sealed is None:
            break
        yield database.vault.open(IMPORTED, piece_place(import_id, n), sealed)
        n += 1
    if n == 0:
        raise Unavailable(retry_after=1)
