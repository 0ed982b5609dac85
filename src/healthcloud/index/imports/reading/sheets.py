"""
Rows of a CSV, read line by line from pieces of bytes.

A record that goes wrong costs itself and not those after it: a quote that never closes is taken for a sign, a line too
long is cut, and the next line is a record again (RFC 4180 leaves all this open).
"""

import codecs
import csv
from collections import Counter, deque
from collections.abc import Iterable, Iterator

from healthcloud.index.imports.table import (
    MOST_LINE,
    MOST_LINES_OF_RECORD,
    Flaw,
    Line,
    RawRow,
    bounded,
)

DELIMITERS = ",\t;|"
_BOM = "\ufeff"


def lines_of(pieces: Iterable[bytes], encoding: str) -> Iterator[Line]:
    """Yield the lines, whatever ends them; never more than a line and a piece are held."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    n, held, is_long, is_first = 0, "", False, True
    for piece, final in _with_end(pieces):
        text = decoder.decode(piece, final)
        if is_first and text:
            text, is_first = text.removeprefix(_BOM), False
        if is_long and not held.endswith("\r") and "\n" not in text and "\r" not in text:
            continue  # more of a line that is cut already
        # A line's end may be parted by the piece's: a CR at the end waits for what follows.
        text = held + text
        carried = "\r" if text.endswith("\r") and not final else ""
        whole = text.removesuffix("\r") if carried else text
        *ended, rest = whole.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        for line in ended:
            n += 1
            yield Line(n, line[:MOST_LINE], is_long or len(line) > MOST_LINE, is_ended=True)
            is_long = False
        if len(rest) > MOST_LINE:
            rest, is_long = rest[:MOST_LINE], True
        held = rest + carried
    if held:
        yield Line(n + 1, held, is_long, is_ended=False)


def _with_end(pieces: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    for piece in pieces:
        yield piece, False
    yield b"", True


def rows_of(lines: Iterable[Line], delimiter: str, width: int | None = None) -> Iterator[RawRow]:
    """Yield the rows that are not blank. With `width` known, a last line cut short is flawed, and so told."""
    waiting: deque[Line] = deque()
    source = iter(lines)
    while (line := waiting.popleft() if waiting else next(source, None)) is not None:
        if not line.text.strip():
            continue
        row = _row(line, waiting, source, delimiter, width)
        if any(cell.strip() for cell in row.cells):
            yield row


def _row(line: Line, waiting: deque[Line], source: Iterator[Line], delimiter: str, width: int | None) -> RawRow:
    if line.is_long:
        return bounded(line.n, _loosely(line.text, delimiter), Flaw.LINE_LONG)
    if '"' not in line.text:
        cells = tuple(line.text.split(delimiter))
    elif (strict := _strictly(line.text, delimiter)) is not None:
        cells = strict
    else:
        return _broken_off(line, waiting, source, delimiter, width)
    is_cut = not line.is_ended and width is not None and len(cells) < width
    return bounded(line.n, cells, Flaw.CUT if is_cut else None)


def _broken_off(line: Line, waiting: deque[Line], source: Iterator[Line], delimiter: str, width: int | None) -> RawRow:
    """Join a record that goes on in the next lines; where it does not end soon, take its first line alone."""
    loose = _loosely(line.text, delimiter)
    if line.text.count('"') % 2 == 0 and len(loose) == width:
        return bounded(line.n, loose, None)
    text, taken = line.text, 0
    while taken < MOST_LINES_OF_RECORD and len(text) <= MOST_LINE:
        while len(waiting) <= taken and (more := next(source, None)) is not None:
            waiting.append(more)
        if len(waiting) <= taken:
            break
        following = waiting[taken]
        taken += 1
        text += "\n" + following.text
        if following.text.count('"') % 2 == 0:
            continue
        cells = _strictly(text, delimiter)
        if cells is not None and (width is None or len(cells) <= width):
            for _ in range(taken):
                waiting.popleft()
            return bounded(line.n, cells, None)
    return bounded(line.n, tuple(line.text.split(delimiter)), Flaw.QUOTE_OPEN)


def _strictly(text: str, delimiter: str) -> tuple[str, ...] | None:
    try:
        return tuple(next(csv.reader((text,), delimiter=delimiter, strict=True), []))
    except (csv.Error, StopIteration):
        return None


def _loosely(text: str, delimiter: str) -> tuple[str, ...]:
    return tuple(next(csv.reader((text,), delimiter=delimiter), []))


def delimiter_of(lines: list[Line]) -> str:
    """Return what parts the cells: by which the first lines have most evenly more than one."""

    def evenness(delimiter: str) -> tuple[int, int]:
        widths = Counter(len(row.cells) for row in rows_of(lines, delimiter))
        if not widths:
            return 0, 0
        width, often = max(widths.items(), key=lambda one: (one[1] if one[0] > 1 else 0, one[0]))
        return (often, width) if width > 1 else (0, 0)

    return max(DELIMITERS, key=evenness)
