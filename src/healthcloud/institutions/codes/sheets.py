"""Files of codes: CSV in UTF-8 (with or without BOM) or GB18030, plain or gzip, read twice and never held whole."""

import codecs
import csv
import gzip
import hashlib
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import BinaryIO, Protocol, TextIO, cast

from healthcloud.core.cells import guarded, unguarded
from healthcloud.institutions.codes.errors import RejectedUnwritable, SheetHeaderUnknown, SheetUnreadable
from healthcloud.institutions.codes.model import Columns, Reason, Row, read_cells

PIECE = 1 << 20
MOST_BYTES = 1 << 30
GZIP_MAGIC = b"\x1f\x8b"
LINE, REASON = "line", "reason"

_NAMES = {
    "code": {"code", "编码", "代码", "值"},
    "label": {"name", "label", "名称", "值含义", "含义"},
    "label_en": {"name_en", "label_en", "英文名称"},
    "parent": {"parent", "上级", "上级编码", "上级代码", "父级"},
}
_NOT_KEPT = {LINE, REASON, ""}


class _Lines(Protocol):
    """What csv.reader returns."""

    line_num: int

    def __iter__(self) -> Iterator[list[str]]:
        """Yield the cells of each row."""
        ...


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file looked through once: SHA-256 of its unpacked bytes, its encoding, and how many lines it has."""

    path: Path
    digest: bytes
    encoding: str
    lines: int


def look_through(path: Path) -> Sheet:
    """Return the file's facts; raise SheetUnreadable with the reason."""
    digest, lines, size = hashlib.sha256(), 0, 0
    decoders = {name: codecs.getincrementaldecoder(name)() for name in ("utf-8-sig", "gb18030")}
    with _unpacked(path) as file:
        while True:
            piece = file.read(PIECE)
            digest.update(piece)
            lines += piece.count(b"\n")
            size += len(piece)
            if size > MOST_BYTES:
                raise SheetUnreadable(f"more than {MOST_BYTES} bytes unpacked")
            for name in list(decoders):
                try:
                    decoders[name].decode(piece, final=not piece)
                except UnicodeDecodeError:
                    del decoders[name]
            if not piece:
                break
    if not decoders:
        raise SheetUnreadable("neither UTF-8 nor GB18030")
    return Sheet(path, digest.digest(), next(iter(decoders)), lines)


@contextmanager
def _unpacked(path: Path) -> Iterator[BinaryIO]:
    try:
        with path.open("rb") as file:
            packed = file.read(len(GZIP_MAGIC)) == GZIP_MAGIC
            file.seek(0)
            if not packed:
                yield file
                return
            with gzip.GzipFile(fileobj=file) as unpacked:
                yield cast("BinaryIO", unpacked)
    except (EOFError, zlib.error, OSError) as error:
        raise SheetUnreadable(f"{type(error).__name__}: {error}") from error


def rows_of(sheet: Sheet) -> Iterator[Row]:
    """Yield the rows that are not blank; raise SheetHeaderUnknown, SheetUnreadable."""
    with _reader(sheet) as (columns, reader):
        for cells in reader:
            if any(cells):
                plain = tuple(unguarded(cell) for cell in cells)
                yield Row(reader.line_num, plain, read_cells(columns, plain))


def header_of(sheet: Sheet) -> list[str]:
    """Return the names of the columns as they stand in the first line."""
    with _text(sheet) as text:
        first = text.readline(PIECE)
    return next(csv.reader([first], delimiter=_delimiter(first)), [])


@contextmanager
def _reader(sheet: Sheet) -> Iterator[tuple[Columns, "_Lines"]]:
    with _text(sheet) as text:
        first = text.readline(PIECE)
        delimiter = _delimiter(first)
        columns = columns_of(next(csv.reader([first], delimiter=delimiter), []))
        # The reader sees the first line again, so that its line numbers are the file's.
        reader = csv.reader(chain([first], text), delimiter=delimiter)
        next(reader)
        try:
            yield columns, reader
        except csv.Error as error:
            raise SheetUnreadable(f"line {reader.line_num}: {error}") from error


@contextmanager
def _text(sheet: Sheet) -> Iterator[TextIO]:
    with (
        _unpacked(sheet.path) as file,
        io.TextIOWrapper(file, sheet.encoding, newline="") as text,
    ):
        yield text


def _delimiter(first: str) -> str:
    return max(",\t;", key=first.count)


def columns_of(header: list[str]) -> Columns:
    """Return which column holds what, by its name in English or Chinese."""
    names = [unguarded(name).strip().lower() for name in header]
    places = {what: _place(names, called) for what, called in _NAMES.items()}
    code, label = places["code"], places["label"]
    if code is None or label is None:
        raise SheetHeaderUnknown
    used = set(places.values())
    others = tuple((i, name) for i, name in enumerate(names) if i not in used and name not in _NOT_KEPT)
    return Columns(code, label, places["label_en"], places["parent"], others, len(names))


def _place(names: list[str], called: set[str]) -> int | None:
    return next((i for i, name in enumerate(names) if name in called), None)


class RejectedRows:
    """A CSV of the rows that were rejected, with line and reason, to be corrected and imported; made at the first."""

    def __init__(self, path: Path, header: list[str]) -> None:
        self._path = path
        self._header = [name for name in header if name.strip().lower() not in (LINE, REASON)]
        self._kept = [i for i, name in enumerate(header) if name.strip().lower() not in (LINE, REASON)]
        self._width = len(header)
        self._file: TextIO | None = None
        self.count = 0

    @property
    def path(self) -> Path | None:
        """Where the file is, or None while no row was rejected."""
        return self._path if self.count else None

    def add(self, row: Row, reason: Reason) -> None:
        """Write one row."""
        if self._file is None:
            self._file = self._opened()
            csv.writer(self._file).writerow([*map(guarded, self._header), LINE, REASON])
        self.count += 1
        cells = [guarded(row.cells[i]) if i < len(row.cells) else "" for i in self._kept]
        too_many = map(guarded, row.cells[self._width :])
        csv.writer(self._file).writerow([*cells, row.line, f"{reason.zh} / {reason.en}", *too_many])

    def _opened(self) -> TextIO:
        try:
            # With a BOM: spreadsheets take a CSV without one for the local encoding.
            return self._path.open("w", encoding="utf-8-sig", newline="")
        except OSError as error:
            raise RejectedUnwritable(f"{self._path}: {error.strerror}") from error

    def close(self) -> None:
        """Finish the file."""
        if self._file is not None:
            self._file.close()
