"""What a code, a set and a row of a file are, and the rules about them; pure."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from uuid import UUID, uuid5

LONGEST_CODE = 64
LONGEST_LABEL = 500

_SETS = UUID("0d7c1c9e-6f0e-4c53-9c0b-8b1f7a2f6c11")
_SET_NAME = re.compile(r"[a-z][a-z0-9-]{0,63}")
_INVISIBLE = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class CodeSet:
    """One version of a set; `file_hash` is the SHA-256 of the file last imported to its end."""

    name: str
    version: str
    effective_from: date
    title_zh: str
    title_en: str
    standard: str
    note: str | None
    file_hash: bytes | None
    loaded_at: datetime | None
    importing_hash: bytes | None
    lines_done: int

    @property
    def id(self) -> UUID:
        """A stable id for the audit trail."""
        return uuid5(_SETS, f"{self.name}/{self.version}")


@dataclass(frozen=True, slots=True)
class Code:
    """One code of a version of a set; `attributes` are the file's further columns."""

    code: str
    label: str
    label_en: str | None
    parent: str | None
    attributes: dict[str, str]


@dataclass(frozen=True, slots=True)
class Scene:
    """诊疗环节: where in a visit a code is scanned; `step` is the medStepCode it belongs to (itself at the top)."""

    code: str
    label: str
    label_en: str | None
    step: str


@dataclass(frozen=True, slots=True)
class CodeClaim:
    """That a code is in force in a set; `pointer` says where in a request it stands."""

    set_name: str
    code: str
    pointer: str


@dataclass(frozen=True, slots=True)
class ImportWish:
    """
    Where a file's codes belong.

    A title, standard or date left out stays as it is, or begins as the set's name, nothing and today. `rejected` is
    where rejected rows go, by default beside the file.
    """

    set_name: str
    version: str
    effective_from: date | None = None
    title_zh: str | None = None
    title_en: str | None = None
    standard: str | None = None
    note: str | None = None
    dry_run: bool = False
    rejected: Path | None = None

    @property
    def well_named(self) -> bool:
        """Whether set and version may be called so."""
        return _SET_NAME.fullmatch(self.set_name) is not None and 0 < len(self.version) <= LONGEST_CODE


@dataclass(slots=True)
class ImportReport:
    """What an import did; `already` when this very file had been imported, `resumed_at` the line it went on from."""

    set_name: str
    version: str
    rows: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    repeated: int = 0
    rejected: int = 0
    resumed_at: int = 0
    rejected_file: Path | None = None
    already: bool = False
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a row is rejected."""

    en: str
    zh: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file: the line it ends on, its cells as they stand, and what they say or why they can't be read."""

    line: int
    cells: tuple[str, ...]
    content: Code | Reason


NO_CODE = Reason("the code is empty", "编码为空")
NO_LABEL = Reason("the name is empty", "名称为空")
CODE_TOO_LONG = Reason(f"the code is longer than {LONGEST_CODE}", f"编码超过{LONGEST_CODE}个字符")
LABEL_TOO_LONG = Reason(f"the name is longer than {LONGEST_LABEL}", f"名称超过{LONGEST_LABEL}个字符")
INVISIBLE = Reason("holds invisible control characters", "含有不可见的控制字符")
TOO_MANY_CELLS = Reason("has more cells than the first line has columns", "单元格多于首行的列数")
OWN_PARENT = Reason("is its own parent", "上级编码是其自身")
PARENT_UNKNOWN = Reason(
    "its parent is neither in this file nor in this version", "上级编码既不在本文件中也不在本版本中"
)
SAID_OTHERWISE = Reason("an earlier row says otherwise of the same code", "与前面同一编码的行内容不一致")


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column holds what; `others` are kept as attributes."""

    code: int
    label: int
    label_en: int | None
    parent: int | None
    others: tuple[tuple[int, str], ...]
    count: int


def read_cells(columns: Columns, cells: Sequence[str]) -> Code | Reason:
    """Return the code a row spells, blanks trimmed and code folded to half width (NFKC), or why it can't be read."""
    if any(cell.strip() for cell in cells[columns.count :]):
        return TOO_MANY_CELLS
    if any(_INVISIBLE.search(cell.strip()) for cell in cells):
        return INVISIBLE
    code = _folded(cells, columns.code)
    label = _said(cells, columns.label)
    parent = _folded(cells, columns.parent) or None
    reason = _fault(code, label, parent)
    if reason is not None:
        return reason
    others = {name: said for place, name in columns.others if (said := _said(cells, place))}
    return Code(code, label, _said(cells, columns.label_en) or None, parent, others)


def _fault(code: str, label: str, parent: str | None) -> Reason | None:
    if not code:
        return NO_CODE
    if not label:
        return NO_LABEL
    if max(len(code), len(parent or "")) > LONGEST_CODE:
        return CODE_TOO_LONG
    if len(label) > LONGEST_LABEL:
        return LABEL_TOO_LONG
    return OWN_PARENT if parent == code else None


def _said(cells: Sequence[str], place: int | None) -> str:
    return " ".join(cells[place].split()) if place is not None and place < len(cells) else ""


def _folded(cells: Sequence[str], place: int | None) -> str:
    return unicodedata.normalize("NFKC", _said(cells, place))


@dataclass(frozen=True, slots=True)
class Sorted:
    """A chunk's codes against what the version holds: those to write, and how many are there already."""

    added: list[Code] = field(default_factory=list)
    changed: list[Code] = field(default_factory=list)
    unchanged: int = 0


def sort_out(codes: Sequence[Code], held: Mapping[str, Code]) -> Sorted:
    """Tell new codes from changed and unchanged ones."""
    added = [code for code in codes if code.code not in held]
    changed = [code for code in codes if code.code in held and held[code.code] != code]
    return Sorted(added, changed, len(codes) - len(added) - len(changed))


def plain_scene(text: str) -> str:
    """Return a scene's code with the leading zeros some platforms drop: `10101` → `010101`, `0` → `000000`."""
    digits = unicodedata.normalize("NFKC", text).strip()
    if not digits.isdecimal():
        return digits
    return digits.zfill(6) if int(digits) == 0 else "0" + digits.lstrip("0")
