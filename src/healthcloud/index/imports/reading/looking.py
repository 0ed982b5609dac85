"""Looking a file through once, piece by piece: its digest, size, kind and encoding."""

import codecs
import hashlib
from dataclasses import dataclass

from healthcloud.index.imports.errors import FileUnreadable
from healthcloud.index.imports.table import Kind

ZIP, OLE, GZIP, PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"%PDF"
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NO_TEXT = {
    OLE: ("an old workbook (.xls)", "这是旧版 Excel（.xls）"),
    GZIP: ("a packed file", "这是压缩文件"),
    PDF: ("a PDF", "这是 PDF"),
}
# Text of another encoding breaks UTF-8 at nearly every sign that is not ASCII; damage breaks it here and there.
_MOST_BROKEN = 0.02
_ZEROES = 0.3
_LOOKED_AT = 4096


@dataclass(frozen=True, slots=True)
class Look:
    """A file looked through: SHA-256 and size of its bytes, what it is, and the encoding of its text."""

    digest: bytes
    size: int
    kind: Kind
    encoding: str


class _Trial:
    """How well an encoding fits what has come so far."""

    def __init__(self, encoding: str) -> None:
        self.encoding = encoding
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self.signs = self.broken = 0

    def add(self, piece: bytes, *, final: bool) -> None:
        text = self._decoder.decode(piece, final)
        if not text.isascii():
            self.broken += text.count("\ufffd")
            self.signs += len(text) - len(text.encode("ascii", "ignore"))

    @property
    def fits(self) -> bool:
        return self.broken <= max(1, self.signs * _MOST_BROKEN)


class Looking:
    """Takes the pieces of a file in their order, then says what it is; raises FileUnreadable for what is no table."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()
        self._size = 0
        self._first = b""
        self._trials: list[_Trial] | None = None

    def add(self, piece: bytes) -> None:
        """Take the next piece."""
        if self._size == 0 and piece:
            self._begin(piece)
        self._digest.update(piece)
        self._size += len(piece)
        for trial in self._trials or ():
            trial.add(piece, final=False)

    def _begin(self, piece: bytes) -> None:
        self._first = piece[:_LOOKED_AT]
        if self._first.startswith(ZIP):
            return
        for magic, (en, zh) in _NO_TEXT.items():
            if self._first.startswith(magic):
                raise FileUnreadable.because(f"is {en}: save it as .xlsx or CSV", f"{zh}，请另存为 .xlsx 或 CSV")
        if self._first.lstrip()[:1] == b"<":
            raise FileUnreadable.because(
                "is a web page: open it and save it as .xlsx or CSV", "这是网页格式，请打开后另存为 .xlsx 或 CSV"
            )
        self._trials = [_Trial(name) for name in _candidates(self._first)]

    def end(self) -> Look:
        """Return what was found."""
        if self._size == 0:
            raise FileUnreadable.because("is empty", "文件是空的")
        if self._trials is None:
            return Look(self._digest.digest(), self._size, Kind.WORKBOOK, "")
        for trial in self._trials:
            trial.add(b"", final=True)
        fitting = next((trial for trial in self._trials if trial.fits), None)
        if fitting is None:
            raise FileUnreadable.because(
                "is neither UTF-8 nor GB 18030 nor UTF-16", "编码不是 UTF-8、GB 18030 或 UTF-16"
            )
        return Look(self._digest.digest(), self._size, Kind.CSV, fitting.encoding)


def _candidates(first: bytes) -> tuple[str, ...]:
    for mark, name in _BOMS:
        if first.startswith(mark):
            return (name,)
    half = max(len(first) // 2, 1)
    if first[1::2].count(0) > half * _ZEROES:
        return ("utf-16-le",)
    if first[0::2].count(0) > half * _ZEROES:
        return ("utf-16-be",)
    return ("utf-8", "gb18030")
