"""
A process that reads or writes one workbook: standard input to standard output, no other file, little memory and time.

A workbook from outside is a packed heap of XML: what it costs to open it is not known before. `read` takes the file's
bytes and writes MessagePack frames: the sheet's name, then lists of rows. `write` takes frames of rows and writes the
file. No code of ours is imported by it.
"""

import io
import os
import resource
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time

import msgspec
from openpyxl import Workbook, load_workbook  # type: ignore[import-untyped]  # it has no stubs

MEMORY, SECONDS, CALM = 2 << 30, 600, 5
MOST_UNPACKED, MOST_RATIO, MOST_PARTS = 4 << 30, 200, 5000
RATIO_FROM = 16 << 20  # bytes: below, a high ratio does no harm
AT_ONCE, LONGEST, MOST_COLUMNS = 500, 1001, 201
LARGEST_EXACT = 10**15  # of a number in a workbook (IEEE 754 in 15 digits)
BROKEN, BOMB = 3, 4  # exit codes

Row = tuple[int, list[str], list[int], list[int]]


def read(packed: bytes) -> None:
    """Write the rows of the first visible sheet that has any."""
    file = io.BytesIO(packed)
    with zipfile.ZipFile(file) as parts:
        refuse_bomb(parts)
    book = load_workbook(file, read_only=True, data_only=False, keep_links=False)
    sheet = next((one for one in book.worksheets if one.sheet_state == "visible"), book.worksheets[0])
    sheet.reset_dimensions()  # what a file claims of its own size is not believed
    put(sheet.title[:100])
    rows: list[Row] = []
    for n, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), 1):
        row = row_of(n, [(cell.value, cell.data_type) for cell in cells])
        if any(row[1]):
            rows.append(row)
        if len(rows) >= AT_ONCE:
            put(rows)
            rows = []
    put(rows)


def refuse_bomb(parts: zipfile.ZipFile) -> None:
    """End with BOMB where the parts would unpack to much more than a table of patients has."""
    infos = parts.infolist()
    for info in infos:
        if info.file_size > RATIO_FROM and info.file_size > MOST_RATIO * max(info.compress_size, 1):
            sys.exit(BOMB)
    if len(infos) > MOST_PARTS or sum(info.file_size for info in infos) > MOST_UNPACKED:
        sys.exit(BOMB)


def row_of(n: int, cells: list[tuple[object, str]]) -> Row:
    """Return a row as text: its number, cells, and the places of numbers too long and of formulas."""
    texts, numeric, formulas = [], [], []
    for place, (value, kind) in enumerate(cells):
        texts.append(text_of(value)[:LONGEST])
        if isinstance(value, int | float) and abs(value) >= LARGEST_EXACT:
            numeric.append(place)
        if kind == "f":
            formulas.append(place)
    while texts and not texts[-1]:
        texts.pop()
    return n, texts, numeric, formulas


def text_of(value: object) -> str:
    """Return what a cell says."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    return value.isoformat() if isinstance(value, date | time) else str(value)


def put(frame: object) -> None:
    """Write a frame: its length in 4 bytes, and MessagePack."""
    packed = msgspec.msgpack.encode(frame)
    sys.stdout.buffer.write(len(packed).to_bytes(4, "big") + packed)


def write() -> None:
    """Write a workbook of the rows that come, every cell as text."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Sheet1")
    for rows in frames():
        for row in rows:
            sheet.append(row)
    book.save(sys.stdout.buffer)


def frames() -> Iterator[list[list[str]]]:
    """Yield the frames on standard input."""
    while len(head := sys.stdin.buffer.read(4)) == 4:  # noqa: PLR2004 - the length before each frame
        yield msgspec.msgpack.decode(sys.stdin.buffer.read(int.from_bytes(head, "big")), type=list[list[str]])


def main() -> None:
    """Do what is asked; end with BROKEN where the file is no workbook."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    os.nice(CALM)
    if sys.argv[1] == "write":
        write()
        return
    try:
        read(sys.stdin.buffer.read())
    except BrokenPipeError:
        pass
    except Exception:  # noqa: BLE001 - whatever a stranger's file makes a parser raise
        sys.stdout.flush()
        sys.exit(BROKEN)


if __name__ == "__main__":
    main()
