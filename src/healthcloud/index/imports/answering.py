"""What a hospital gets back: its rejected rows as the same kind of file with reasons, and an answer to every number."""

import csv
import io
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

import msgspec

from healthcloud import audit
from healthcloud.core.caller import Caller
from healthcloud.core.cells import guarded
from healthcloud.core.db import Database, Read, Transaction
from healthcloud.index import deeds
from healthcloud.index.imports.model import Import, Outcome, RowAnswer, answers_place
from healthcloud.index.imports.portions import store as portions
from healthcloud.index.imports.reading.workbooks import workbook_of
from healthcloud.index.imports.reads import opened_rows, shape_of, visible
from healthcloud.index.imports.rows import Reason
from healthcloud.index.imports.table import Kind, Shape
from healthcloud.index.model import IMPORTED

REASON = "退回原因 Reason"
HEADER = ("行号 Line", "患者号 Local number", "结果 Outcome", "人员标识 Person", "卡状态 Card status", "规则 Rule")
OUTCOMES = {
    Outcome.LINKED: "已关联 linked",
    Outcome.NEW: "新建 new",
    Outcome.REVIEW: "待审核 review",
    Outcome.UNCHANGED: "未变 unchanged",
    Outcome.REJECTED: "退回 rejected",
}
_ANSWERS = msgspec.msgpack.Decoder(list[RowAnswer])
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MARKS = {"utf-8-sig": "utf-8", "utf-16-le": "utf-16-le", "utf-16-be": "utf-16-be"}

Cells = list[str]


@dataclass(frozen=True, slots=True)
class FileOut:
    """A file on its way out: its name, media type, and its bytes as they are made."""

    name: str
    media_type: str
    pieces: AsyncIterator[bytes]


async def rejected(database: Database, caller: Caller, import_id: UUID) -> FileOut:
    """Return the rows rejected so far, as the same kind of file with a column of reasons; a deed."""
    one, shape = await database.transact(lambda tx: _opened(tx, caller, import_id, "rejected"))
    rows = _batches(database, one, _rejected_rows, only_rejected=True)
    header = [*shape.header, REASON] if shape.header_at else []
    return _file(one, shape, "rejected", header, rows)


async def answers(database: Database, caller: Caller, import_id: UUID) -> FileOut:
    """Return what became of each row worked so far, as the same kind of file; a deed."""
    one, shape = await database.transact(lambda tx: _opened(tx, caller, import_id, "answers"))
    return _file(one, shape, "answers", list(HEADER), _batches(database, one, _answer_rows, only_rejected=False))


async def _opened(tx: Transaction, caller: Caller, import_id: UUID, what: str) -> tuple[Import, Shape]:
    one = await visible(tx, caller, import_id)
    shape = await shape_of(tx, one)
    await audit.record(tx, caller, deeds.IMPORT_ANSWERED, import_id, detail={"what": what, "rows": one.done})
    return one, shape


async def _batches(
    database: Database,
    one: Import,
    rows_of: Callable[[Read, Import, portions.Portion], list[Cells]],
    *,
    only_rejected: bool,
) -> AsyncIterator[list[Cells]]:
    n = -1
    while True:
        async with database.glance() as read:
            portion = await portions.settled_after(read, one.id, n, only_rejected=only_rejected)
            if portion is None:
                return
            yield rows_of(read, one, portion)
        n = portion.n


def opened_answers(read: Read, import_id: UUID, portion: portions.Portion) -> list[RowAnswer]:
    """Open what became of a portion's rows."""
    if portion.answers_sealed is None:
        return []
    return _ANSWERS.decode(read.vault.open(IMPORTED, answers_place(import_id, portion.n), portion.answers_sealed))


def _rejected_rows(read: Read, one: Import, portion: portions.Portion) -> list[Cells]:
    reasons = {answer.n: answer.reasons for answer in opened_answers(read, one.id, portion) if answer.reasons}
    return [[*row.cells, _told(reasons[row.n])] for row in opened_rows(read, one.id, portion) if row.n in reasons]


def _told(reasons: Sequence[Reason]) -> str:
    return "；".join(f"{reason.zh} / {reason.en}" for reason in reasons)


def _answer_rows(read: Read, one: Import, portion: portions.Portion) -> list[Cells]:
    return [
        [
            str(answer.n),
            answer.number,
            OUTCOMES[Outcome(answer.outcome)],
            answer.person_id,
            "" if answer.card_status is None else str(answer.card_status),
            answer.rule or _told(answer.reasons),
        ]
        for answer in opened_answers(read, one.id, portion)
    ]


def _file(one: Import, shape: Shape, what: str, header: Cells, rows: AsyncIterator[list[Cells]]) -> FileOut:
    stem = one.name.rpartition(".")[0] or one.name
    every = _with_header(header, rows)
    if shape.kind == Kind.WORKBOOK:
        return FileOut(f"{stem}.{what}.xlsx", WORKBOOK, workbook_of(every))
    return FileOut(f"{stem}.{what}.csv", f"text/csv; charset={_charset(shape)}", _written(every, shape))


async def _with_header(header: Cells, rows: AsyncIterator[list[Cells]]) -> AsyncIterator[list[Cells]]:
    if header:
        yield [[guarded(cell) for cell in header]]
    async for some in rows:
        yield [[guarded(cell) for cell in row] for row in some]


async def _written(rows: AsyncIterator[list[Cells]], shape: Shape) -> AsyncIterator[bytes]:
    encoding = _MARKS.get(shape.encoding, shape.encoding)
    if shape.encoding in _MARKS:
        yield "\ufeff".encode(encoding)
    async for some in rows:
        text = io.StringIO(newline="")
        csv.writer(text, delimiter=shape.delimiter, lineterminator=shape.newline).writerows(some)
        yield text.getvalue().encode(encoding, "replace")


def _charset(shape: Shape) -> str:
    return {"utf-8-sig": "utf-8", "utf-16-le": "utf-16", "utf-16-be": "utf-16"}.get(shape.encoding, shape.encoding)
