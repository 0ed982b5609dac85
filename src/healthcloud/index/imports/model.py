"""An import on its way from a file to persons, and which step may follow which; pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

import msgspec

from healthcloud.core.errors import FieldFault
from healthcloud.index.imports.columns import ONE_OF, REQUIRED, TITLES, Field, Mapping
from healthcloud.index.imports.errors import ImportNotReady, MappingWrong
from healthcloud.index.imports.rows import Reason
from healthcloud.index.imports.table import RawRow, Shape

MOST_BYTES = 200 << 20
MOST_PIECE = 1 << 20  # bytes of one portion of an upload
MOST_PIECES = 4096
MOST_OPEN = 10  # imports of one institution that have not ended
ROWS_AT_ONCE = 500
LONGEST_NAME = 100
SAMPLE = 2000  # rows a dry run decides on
EXAMPLES = 5


class State(StrEnum):
    """Where an import stands."""

    RECEIVING = "receiving"  # the file is on its way
    READING = "reading"  # it is being looked through and taken apart
    READ = "read"  # its columns are to be confirmed
    MAPPED = "mapped"  # they are; it may be tried or started
    TRYING = "trying"  # a dry run is under way
    TRIED = "tried"  # its report is there
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"  # the file as a whole could not be read: see `fault`


ENDED = frozenset({State.DONE, State.CANCELLED, State.FAILED})
_READY = frozenset({State.READ, State.MAPPED, State.TRIED})
MAY: dict[str, frozenset[State]] = {
    "receive": frozenset({State.RECEIVING}),
    "map": _READY,
    # A dry run whose job died may be asked for again, or done without.
    "try": frozenset({State.MAPPED, State.TRYING, State.TRIED}),
    "start": frozenset({State.MAPPED, State.TRYING, State.TRIED, State.PAUSED}),
    "pause": frozenset({State.RUNNING}),
    "cancel": frozenset(set(State) - ENDED),
    "preview": frozenset(set(State) - {State.RECEIVING, State.READING, State.FAILED}),
}


class Outcome(StrEnum):
    """What became of a row."""

    LINKED = "linked"
    NEW = "new"
    REVIEW = "review"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


class RowAnswer(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """What became of one row; kept sealed. Ids as text, "" for none."""

    n: int
    number: str
    outcome: str
    person_id: str = ""
    card_status: int | None = None
    rule: str = ""
    reasons: tuple[Reason, ...] = ()


class Report(msgspec.Struct, frozen=True):
    """
    What a dry run found: of all `rows` the counts of reasons to reject, of `sampled` ones what the index would say.

    `examples` are the lines of some rows by outcome or reason; it holds no data of anybody.
    """

    rows: int
    rejected: int
    reasons: dict[str, int]
    sampled: int
    outcomes: dict[str, int]
    examples: dict[str, list[int]]
    titles: dict[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Import:
    """
    An import as it stands; `kind` is csv or xlsx once that is known, `rows` how many it has once it was read.

    `checked` of its `portions` have been read under the mapping; linked … rejected count rows by outcome.
    `fault_en` and `fault_zh` say why a file could not be read. `worked` is the time spent on its rows.
    """

    id: UUID
    institution_id: UUID
    account_id: UUID
    caller_kind: str
    name: str
    size: int
    digest: bytes
    state: str
    kind: str | None
    rows: int
    portions: int
    mapping: str | None
    checked: int
    linked: int
    new: int
    review: int
    unchanged: int
    rejected: int
    report: str | None
    fault_en: str | None
    fault_zh: str | None
    created_at: datetime
    started_at: datetime | None
    worked: timedelta
    ended_at: datetime | None
    forgotten_at: datetime | None

    @property
    def columns(self) -> Mapping | None:
        """The mapping chosen."""
        return None if self.mapping is None else msgspec.json.decode(self.mapping, type=Mapping)

    @property
    def findings(self) -> Report | None:
        """What the dry run found."""
        return None if self.report is None else msgspec.json.decode(self.report, type=Report)

    @property
    def done(self) -> int:
        """How many rows have been worked."""
        return self.linked + self.new + self.review + self.unchanged + self.rejected

    @property
    def rate(self) -> float | None:
        """Rows a second so far, while they were worked."""
        seconds = self.worked.total_seconds()
        return self.done / seconds if seconds > 0 and self.done else None

    @property
    def seconds_left(self) -> int | None:
        """How long the rest takes at that rate."""
        return None if self.rate is None else round((self.rows - self.done) / self.rate)


class NewImport(NamedTuple):
    """An import that begins."""

    id: UUID
    institution_id: UUID
    account_id: UUID
    caller_kind: str
    name: str
    size: int
    digest: bytes
    state: str
    created_at: datetime


class Tally(NamedTuple):
    """How many rows of a portion came to what."""

    linked: int
    new: int
    review: int
    unchanged: int
    rejected: int


@dataclass(frozen=True, slots=True)
class Preview:
    """The beginning of a file: its shape, the mapping proposed or chosen, and some rows whose values are masked."""

    shape: Shape
    mapping: Mapping
    confirmed: bool
    rows: tuple[RawRow, ...]
    reasons: dict[int, tuple[Reason, ...]]
    warnings: tuple[Reason, ...]


def must_be(state: str, step: str) -> None:
    """Raise ImportNotReady unless this step may follow now."""
    if state not in MAY[step]:
        raise ImportNotReady(step=step, state=state)


def check_mapping(mapping: Mapping, shape: Shape) -> Mapping:
    """Return a mapping that is enough and fits the file, in the order of fields; raise MappingWrong."""
    faults = [
        FieldFault(f"#/columns/{name}", "is no field", "不是可识别的字段")
        for name in mapping.columns
        if name not in {field.value for field in Field}
    ]
    places = list(mapping.columns.values())
    for name, place in mapping.columns.items():
        if not 0 <= place < shape.width:
            faults.append(FieldFault(f"#/columns/{name}", "names a column that is not there", "没有这一列"))
        elif places.count(place) > 1:
            faults.append(FieldFault(f"#/columns/{name}", "names a column twice", "同一列被指定了两次"))
    faults += [
        FieldFault(f"#/columns/{field}", f"{TITLES[field][1]} is required", f"缺少{TITLES[field][0]}列")
        for field in REQUIRED
        if field.value not in mapping.columns
    ]
    if not any(field.value in mapping.columns for field in ONE_OF):
        zh, en = ("或".join(TITLES[field][0] for field in ONE_OF), " or ".join(TITLES[field][1] for field in ONE_OF))
        faults.append(FieldFault("#/columns", f"needs {en}", f"至少须有{zh}"))
    if faults:
        raise MappingWrong(faults=tuple(faults))
    return Mapping({field.value: mapping.columns[field.value] for field in Field if field.value in mapping.columns})


def piece_place(import_id: UUID, n: int) -> bytes:
    """Return what a piece of a file is sealed for."""
    return b"piece" + import_id.bytes + n.to_bytes(4)


def portion_place(import_id: UUID, n: int) -> bytes:
    """Return what a portion of rows is sealed for."""
    return b"rows" + import_id.bytes + n.to_bytes(4)


def answers_place(import_id: UUID, n: int) -> bytes:
    """Return what the answers to a portion are sealed for."""
    return b"answers" + import_id.bytes + n.to_bytes(4)


def shape_place(import_id: UUID) -> bytes:
    """Return what a file's shape is sealed for: its header may hold somebody's data where there is none."""
    return b"shape" + import_id.bytes
