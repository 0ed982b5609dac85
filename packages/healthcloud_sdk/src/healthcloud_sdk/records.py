"""Records of your patients for the city's person index (主索引): handed in by the hundred, or as files (imports)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from healthcloud_sdk.calls import Call, post, post_once

MOST = 100


@dataclass(frozen=True, slots=True)
class Record:
    """A patient as your system has them; everything but the number may be missing or wrong."""

    number: str
    name: str | None = None
    sex: str | None = None
    birth_date: str | None = None
    document_kind: str | None = None
    document_number: str | None = None
    document_issuer: str | None = None
    phone: str | None = None
    address: str | None = None
    ethnicity: str | None = None
    nationality: str | None = None


@dataclass(frozen=True, slots=True)
class Records:
    """Records, as they are sent."""

    records: tuple[Record, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """What became of a record: `linked`, `new`, `review` (people are asked), `unchanged`, or `refused`, and why."""

    number: str
    outcome: str
    person_id: UUID | None
    card_status: int | None
    rule: str | None
    weight: float | None
    question_id: UUID | None
    problem: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class PlacedAll:
    """What became of each, in the order they were sent."""

    results: tuple[Placed, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """A record of yours as it stands: `waiting`, `placed`, `review` or `ended`."""

    number: str
    state: str
    person_id: UUID | None
    card_status: int | None
    version: int
    received_at: datetime


@dataclass(frozen=True, slots=True)
class LocalNumber:
    """A local number, as it is sent."""

    number: str


def submit(records: Iterable[Record], *, key: str | None = None) -> Call[PlacedAll]:
    """Hand in up to 100 records 提交患者档案: each comes back with the one person and card, or as a question."""
    return post_once(PlacedAll, "/index/records", Records(tuple(records)), key)


def standing(number: str) -> Call[Standing]:
    """Tell how a record of yours stands and whose it is 按患者号查询; its person can read that you asked."""
    return post(Standing, "/index/records/lookup", LocalNumber(number))
