"""A row as it stands in a file, what a file looks like, and the limits of both; pure."""

from enum import StrEnum
from typing import NamedTuple

import msgspec

MOST_BYTES_OF_WORKBOOK = 64 << 20
MOST_CELL = 1000  # characters
MOST_COLUMNS = 200
MOST_LINE = 65_536  # characters; below csv.field_size_limit, which is the whole process's
MOST_LINES_OF_RECORD = 20
MOST_ROWS = 2_000_000


class Kind(StrEnum):
    """What a file is."""

    CSV = "csv"
    WORKBOOK = "xlsx"


class Flaw(StrEnum):
    """What is wrong with a row before anybody asks what it says."""

    CELL_LONG = "cell-long"
    LINE_LONG = "line-long"
    QUOTE_OPEN = "quote-open"
    CUT = "cut"
    TOO_FEW = "too-few"
    TOO_MANY = "too-many"
    UNREADABLE = "unreadable"
    NUL = "nul"


class RawRow(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """
    A row as it stands in the file; `n` is its line in a CSV, its row in a sheet, from 1.

    `numeric` are the places (from 0) of cells a workbook holds as numbers too long for one: digits are lost in them;
    `formulas` of those that hold a formula instead of a value.
    """

    n: int
    cells: tuple[str, ...]
    flaw: str | None = None
    numeric: tuple[int, ...] = ()
    formulas: tuple[int, ...] = ()


class Shape(msgspec.Struct, array_like=True, frozen=True):
    """What a file looks like: `header` are the words above its columns, `header_at` their line or row, 0 for none."""

    kind: str
    encoding: str
    delimiter: str
    header: tuple[str, ...]
    header_at: int
    sheet: str = ""
    newline: str = "\r\n"

    @property
    def width(self) -> int:
        """How many columns there are."""
        return len(self.header)


class Line(NamedTuple):
    """A line of text: `is_long` where it was cut to MOST_LINE characters, `is_ended` by a line's end."""

    n: int
    text: str
    is_long: bool
    is_ended: bool


def fitted(row: RawRow, shape: Shape) -> RawRow:
    """Return a row with as many cells as there are columns; one with more or fewer is flawed."""
    cells, width = row.cells, shape.width
    if len(cells) == width or row.flaw is not None:
        return row
    if len(cells) > width:
        if any(cell.strip() for cell in cells[width:]):
            return RawRow(row.n, cells, Flaw.TOO_MANY, row.numeric, row.formulas)
        return RawRow(row.n, cells[:width], None, row.numeric, row.formulas)
    flaw = Flaw.TOO_FEW if shape.kind == Kind.CSV else None
    padded = cells + ("",) * (width - len(cells))
    return RawRow(row.n, padded, flaw, row.numeric, row.formulas)


def bounded(n: int, cells: tuple[str, ...], flaw: str | None) -> RawRow:
    """Return a row whose cells are short enough to be kept; a cell or a row cut short is flawed."""
    if len(cells) > MOST_COLUMNS:
        cells, flaw = cells[:MOST_COLUMNS], flaw or Flaw.TOO_MANY
    if max(map(len, cells), default=0) > MOST_CELL:
        cells, flaw = tuple(cell[:MOST_CELL] for cell in cells), flaw or Flaw.CELL_LONG
    if flaw is None:
        whole = "".join(cells)
        if not whole.isascii() and "\ufffd" in whole:
            flaw = Flaw.UNREADABLE
        elif "\0" in whole:
            flaw = Flaw.NUL
    return RawRow(n, cells, flaw)
