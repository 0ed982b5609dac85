"""A record on its way into the index, and what becomes of it; pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from healthcloud.core.errors import Problem
from healthcloud.index.matching.model import Content, Decision, Written

MOST_AT_ONCE = 500
MOST_IN_BLOCK = 200  # no block of a city holds so many by what it is made of: more are one mistake, repeated


class RecordState(StrEnum):
    """Where a record stands."""

    WAITING = "waiting"  # received, not yet looked at
    PLACED = "placed"  # with a person
    REVIEW = "review"  # until somebody has answered
    ENDED = "ended"  # its registration was made in error


class Outcome(StrEnum):
    """What came of handing a record in."""

    LINKED = "linked"  # with a person who was there
    NEW = "new"  # with a person made for it
    REVIEW = "review"  # people are asked
    UNCHANGED = "unchanged"  # the same as before, wherever it is
    REFUSED = "refused"  # cannot be read; nothing was kept


@dataclass(frozen=True, slots=True)
class RecordIn:
    """
    One record as handed in: a local number and what was written; `line` counts from 1 in an imported file.

    With `if_version` a record that is there is changed only while it stands at one of these versions.
    """

    number: str
    written: Written
    import_id: UUID | None = None
    line: int | None = None
    if_version: frozenset[int] | None = None


@dataclass(frozen=True, slots=True)
class Received:
    """
    A record kept, or refused with its problem (`record_id` None).

    `fresh` says that it was not there, or said something else, and is to be placed.
    """

    number: str
    record_id: UUID | None
    fresh: bool
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """What became of a record: outcome, whose it is, and the rule and weight (log2 of the odds) that decided."""

    record_id: UUID
    outcome: Outcome
    person_id: UUID | None
    rule: str | None = None
    weight: float | None = None
    question_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """
    What an institution hears of one record, at its place in the batch.

    `person_id` is who it resolves to, `card_status` 健康卡状态 of their card (4: made ahead), None without one.
    """

    number: str
    outcome: Outcome
    person_id: UUID | None = None
    card_status: int | None = None
    rule: str | None = None
    weight: float | None = None
    question_id: UUID | None = None
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """A record as the index keeps it, opened; `person_id` is as placed, to be resolved by people's front door."""

    id: UUID
    source_id: UUID
    number: str
    version: int
    content: Content
    state: RecordState
    person_id: UUID | None
    outcome: str | None
    rule: str | None
    weight: float | None
    model: int
    received_at: datetime
    placed_at: datetime | None
    import_id: UUID | None
    line: int | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record that may be of the person asked about; its person resolved, None while it is of nobody."""

    record: Record
    person_id: UUID | None
    decision: Decision


def sealed_for(record_id: UUID, version: int) -> bytes:
    """Return the row a content is sealed for: its record and version, so that a former one moves as it is."""
    return record_id.bytes + version.to_bytes(4)
