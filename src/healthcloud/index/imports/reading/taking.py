"""Taking a file apart: what it looks like by its beginning, then its rows, some hundreds at a time."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from itertools import islice

from healthcloud.index.imports.columns import known_words
from healthcloud.index.imports.reading import sheets, workbooks
from healthcloud.index.imports.table import MOST_COLUMNS, Kind, Line, RawRow, Shape, fitted

_PATIENCE_SECONDS = 60.0
_LINES_LOOKED_AT, _ROWS_LOOKED_AT = 50, 10
_WORDS_OF_A_HEADER = 2


def shape_of(kind: Kind, encoding: str, delimiter: str, first: list[RawRow], newline: str = "\r\n") -> Shape:
    """Return a file's shape by its first rows: the header is the row of these with most known words, if it has two."""
    looked = first[:_ROWS_LOOKED_AT]
    best = max(looked, key=lambda row: (known_words(row.cells), -row.n), default=None)
    width = min(max((len(row.cells) for row in first), default=0), MOST_COLUMNS)
    if best is None or known_words(best.cells) < _WORDS_OF_A_HEADER:
        return Shape(
            kind, encoding, delimiter, tuple(f"第 {place} 列" for place in range(1, width + 1)), 0, "", newline
        )
    header = tuple(cell.strip() for cell in best.cells)
    while header and not header[-1]:
        header = header[:-1]
    return Shape(kind, encoding, delimiter, header, best.n, "", newline)


def shape_of_sheet(first: bytes, encoding: str) -> Shape:
    """Return the shape of a CSV by its first bytes."""
    lines: list[Line] = list(islice(sheets.lines_of([first], encoding), _LINES_LOOKED_AT + 1))
    lines = (
        lines[:_LINES_LOOKED_AT] if len(lines) > _LINES_LOOKED_AT else [one for one in lines if one.is_ended] or lines
    )
    delimiter = sheets.delimiter_of(lines)
    newline = "\r\n" if "\r\n".encode(encoding.removesuffix("-sig")) in first else "\n"
    return shape_of(Kind.CSV, encoding, delimiter, list(sheets.rows_of(lines, delimiter)), newline)


async def sheet_rows(pieces: AsyncIterator[bytes], shape: Shape, at_once: int) -> AsyncIterator[list[RawRow]]:
    """Yield the rows under the header of a CSV; the reading is done in a thread, the pieces come from here."""
    loop = asyncio.get_running_loop()
    width = shape.width if shape.header_at else None
    rows = sheets.rows_of(sheets.lines_of(_pulled(pieces, loop), shape.encoding), shape.delimiter, width)
    while some := await asyncio.to_thread(lambda: list(islice(rows, at_once))):
        yield [fitted(row, shape) for row in some if row.n > shape.header_at]


def _pulled(pieces: AsyncIterator[bytes], loop: asyncio.AbstractEventLoop) -> Iterator[bytes]:
    async def following() -> bytes | None:
        return await anext(pieces, None)

    while (piece := asyncio.run_coroutine_threadsafe(following(), loop).result(_PATIENCE_SECONDS)) is not None:
        yield piece


async def workbook_rows(pieces: AsyncIterator[bytes], at_once: int) -> AsyncIterator[tuple[Shape, list[RawRow]]]:
    """Yield the shape of a workbook's first sheet with rows under its header, some at a time."""
    shape: Shape | None = None
    waiting: list[RawRow] = []
    async for some in workbooks.rows_of(pieces):
        shape = shape or shape_of(Kind.WORKBOOK, "", "", some)
        waiting += [fitted(row, shape) for row in some if row.n > shape.header_at]
        while len(waiting) >= at_once:
            yield shape, waiting[:at_once]
            waiting = waiting[at_once:]
    if shape is not None and waiting:
        yield shape, waiting
