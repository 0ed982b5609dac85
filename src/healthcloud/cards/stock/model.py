"""A batch of cards made ahead, and the lines it is ordered by. Pure."""

import csv
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec

from healthcloud.core.cells import unguarded
from healthcloud.core.errors import FieldFault, Unacceptable

MOST_ROWS = 5000
LONGEST_FIELD = 100
LONGEST_NAME = 100
HEADER = ("证件类型", "证件号码", "姓名")
NOT_NAMED_SO = "name-differs"


class Row(msgspec.Struct, frozen=True, array_like=True):
    """For whom a card is to be made: a document and the name on it."""

    kind: str
    number: str
    name: str


@dataclass(frozen=True, slots=True)
class Order:
    """A batch to be made; `institution_id` is where the cards are handed out."""

    name: str
    rows: tuple[Row, ...]
    institution_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch as it stands; `done_at` None while it is being made."""

    id: UUID
    name: str
    institution_id: UUID | None
    account_id: UUID
    created_at: datetime
    rows: int
    done_at: datetime | None


class Tally(NamedTuple):
    """What became of a batch's rows; of the prepared ones how many were activated, and how many wait (the stock)."""

    prepared: int
    there: int
    rejected: int
    activated: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that made no card, and the code of why."""

    n: int
    row: Row
    fault: str


def read_rows(text: str) -> tuple[Row, ...]:
    """Read lines of kind, number and name, parted by commas or tabs, with or without a header; raise Unacceptable."""
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        raise _fault("must have a line for each person", "请按每人一行填写")
    parted = csv.reader(lines, delimiter="\t" if "\t" in lines[0] else ",", strict=False)
    rows, wrong = [], []
    for place, cells in enumerate(parted, 1):
        whole = (unguarded(cell) for cell in (*cells, "", "", "")[:3])
        kind, number, name = (unicodedata.normalize("NFKC", cell).strip() for cell in whole)
        if place == 1 and number == HEADER[1]:
            continue
        if not (kind and number and name) or max(map(len, (kind, number, name))) > LONGEST_FIELD:
            wrong.append(place)
        rows.append(Row(kind, number, name))
    if wrong:
        places = ", ".join(map(str, wrong[:10]))
        raise _fault(f"lacks kind, number or name in line {places}", f"第 {places} 行缺少证件类型、号码或姓名")
    if not 1 <= len(rows) <= MOST_ROWS:
        raise _fault(f"must have 1–{MOST_ROWS} lines", f"应为 1–{MOST_ROWS} 行")
    return tuple(dict.fromkeys(rows))


def same_name(one: str, other: str) -> bool:
    """Tell whether two names are spelled alike, width, case and spaces aside."""
    return _plain(one) == _plain(other)


def _plain(name: str) -> str:
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(sign for sign in folded if sign.isalnum())


def _fault(en: str, zh: str) -> Unacceptable:
    return Unacceptable(faults=(FieldFault("#/rows", en, zh),))
