"""What people are asked, what they may answer, and what may follow; pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from itertools import combinations, product
from uuid import UUID

CLAIMED_FOR = timedelta(minutes=15)
PUT_OFF_FOR = timedelta(days=7)
ANY_WEIGHT = 1e9

Pair = tuple[UUID, UUID]


class Kind(StrEnum):
    """Why people are asked."""

    PAIR = "pair"  # two that resemble each other, not enough to link
    BRIDGE = "bridge"  # links that do not join everybody with everybody
    MEMBER = "member"  # a record that fits one record of a person only
    CONFLICT = "conflict"  # bound together, yet somebody said they differ
    MERGE = "merge"  # two persons with registrations of their own
    CHANGED = "changed"  # a record that says something else than when it was placed
    TOO_LARGE = "too-large"
    SPLIT = "split"  # asked by nobody: a record was taken off a person


class QuestionState(StrEnum):
    """Where a question stands."""

    OPEN = "open"
    PROPOSED = "proposed"  # a merge waits for a second person
    CLOSED = "closed"


class Verdict(StrEnum):
    """What a person says of two sides."""

    SAME = "same"
    DIFFERENT = "different"
    LATER = "later"
    SPLIT = "split"  # taken off a person; only by `split`


class DecisionState(StrEnum):
    """Whether a decision counts."""

    PROPOSED = "proposed"
    DONE = "done"
    DECLINED = "declined"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class NewQuestion:
    """A question as placing asks it: the records of all sides, whose they are now, and the best weight among them."""

    kind: Kind
    record_ids: tuple[UUID, ...]
    person_ids: tuple[UUID, ...] = ()
    weight: float = 0.0
    source_id: UUID | None = None

    @property
    def id(self) -> UUID:
        """The id that follows from kind and records, whatever their order."""
        return question_id(self.kind, self.record_ids)

    @property
    def records_text(self) -> str:
        """The records as one text, for statements about several questions: arrays of arrays must be of one length."""
        return ",".join(str(one) for one in sorted(set(self.record_ids)))

    @property
    def persons_text(self) -> str:
        """The same of the persons."""
        return ",".join(str(one) for one in sorted(set(self.person_ids)))


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the queue, nothing personal in it; `claimed_by` counts until `claimed_until`."""

    id: UUID
    kind: str
    state: str
    record_ids: list[UUID]
    person_ids: list[UUID]
    weight: float
    source_id: UUID | None
    opened_at: datetime
    later_until: datetime | None
    claimed_by: UUID | None
    claimed_until: datetime | None
    closed_at: datetime | None
    closed_as: str | None

    def is_claimed_by_another(self, account_id: UUID, now: datetime) -> bool:
        """Tell whether somebody else works on it."""
        return self.claimed_until is not None and self.claimed_until > now and self.claimed_by != account_id


@dataclass(frozen=True, slots=True)
class Filter:
    """What of the queue is wanted; `put_off` shows also what was put off for later."""

    kind: Kind | None = None
    state: QuestionState | None = None  # None: open and proposed
    source_id: UUID | None = None
    opened_before: datetime | None = None
    weight_from: float = -ANY_WEIGHT
    weight_to: float = ANY_WEIGHT
    put_off: bool = False


@dataclass(frozen=True, slots=True)
class Decided:
    """A line of the history of decisions: who, when, why, and what became of it."""

    question_id: UUID
    id: UUID
    verdict: str
    state: str
    sides: list[UUID]
    reason: str
    account_id: UUID
    at: datetime
    from_id: UUID | None
    into_id: UUID | None
    second_account: UUID | None
    second_at: datetime | None
    undone_by: UUID | None
    undone_at: datetime | None
    undone_reason: str | None


@dataclass(frozen=True, slots=True)
class Side:
    """What is compared with the other sides: a canonical person with their records, or one record of nobody yet."""

    id: UUID
    person_id: UUID | None
    record_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """
    What became of an answer.

    `waits`: a second person must confirm. `to_place`: the records to be placed anew, after the commit.
    """

    question_id: UUID
    decision_id: UUID
    state: QuestionState
    waits: bool = False
    to_place: tuple[UUID, ...] = ()


def question_id(kind: Kind, record_ids: Iterable[UUID]) -> UUID:
    """Return the id of the question of this kind about these records."""
    packed = b"".join(one.bytes for one in sorted(set(record_ids)))
    return UUID(bytes=sha256(kind.encode() + b"\0" + packed).digest()[:16], version=5)


def sides_of(question: Question, person_of: Mapping[UUID, UUID | None]) -> tuple[Side, ...]:
    """
    Return what a question compares, by whose each of its records is now (resolved; None: nobody's yet).

    A person asked about without any of their records is a side too. A record that says something else than when it
    was placed stands beside the person it is with. The order is that of the smallest ids.
    """
    by_person: dict[UUID, list[UUID]] = {one: [] for one in question.person_ids}
    alone: list[Side] = []
    for record_id in sorted(question.record_ids):
        person_id = person_of.get(record_id)
        if person_id is None or question.kind == Kind.CHANGED:
            alone.append(Side(record_id, None, (record_id,)))
            by_person |= {} if person_id is None else {person_id: by_person.get(person_id, [])}
        else:
            by_person.setdefault(person_id, []).append(record_id)
    persons = [Side(one, one, tuple(records)) for one, records in by_person.items()]
    return tuple(sorted((*persons, *alone), key=lambda side: side.id))


def pairs_across(one: Side, other: Side) -> list[Pair]:
    """Return every pair of records across two sides, once, the smaller id first."""
    return sorted((min(pair), max(pair)) for pair in product(one.record_ids, other.record_ids) if pair[0] != pair[1])


def undecided(sides: Sequence[Side], said: Collection[Pair]) -> list[tuple[Side, Side]]:
    """Return the pairs of sides of which no pair of records has been decided by a person."""
    known = {(min(pair), max(pair)) for pair in said}
    return [(one, other) for one, other in combinations(sides, 2) if known.isdisjoint(pairs_across(one, other))]


def into_whom(levels: Mapping[UUID, int]) -> tuple[UUID, UUID]:
    """Return who is to resolve to whom of two persons: to the better verified, else to the one registered first."""
    into_id, from_id = sorted(levels, key=lambda one: (-levels[one], one))
    return from_id, into_id


@dataclass(frozen=True, slots=True)
class Split:
    """Some of a person's records, to be taken off them; the rest stay."""

    parted: tuple[UUID, ...]
    rest: tuple[UUID, ...]


def split_of(member_ids: Collection[UUID], chosen: Collection[UUID], own: Collection[UUID]) -> Split | None:
    """
    Return how chosen records part from the rest of a person's; None where they cannot.

    `own` are the person's own records of the city's register, which stay; something must stay.
    """
    parted = set(chosen)
    rest = set(member_ids) - parted
    if not parted or not rest or not parted <= set(member_ids) or parted & set(own):
        return None
    return Split(tuple(sorted(parted)), tuple(sorted(rest)))
