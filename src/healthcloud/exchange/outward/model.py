"""What goes out to an institution, when it is tried again, and when it is given up; pure."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

GOOD_FOR = timedelta(days=3)  # a hospital may be closed over a weekend
FIRST_RETRY = timedelta(seconds=2)
LONGEST_RETRY = timedelta(hours=1)
LONGEST_KEY = 120
LONGEST_BODY = 64 * 1024
MOST_IN_FLIGHT = 64
DEFAULT_IN_FLIGHT = 4
DEFAULT_TIMEOUT = timedelta(seconds=5)

_KIND = re.compile(r"[a-z]+(?:[.-][a-z]+)+", re.ASCII)


class MessageState(StrEnum):
    """Where a message stands."""

    WAITING = "waiting"
    HELD = "held"  # one before it in its sequence is not through
    SENT = "sent"  # the institution has said, signed, that it has it
    DEAD = "dead"  # refused for good, or its time was over; a person decides
    DISCARDED = "discarded"  # a person gave it up


@dataclass(frozen=True, slots=True)
class MessageKind:
    """A kind of message institutions may ask for, in both languages."""

    name: str
    zh: str
    en: str


_KINDS: dict[str, MessageKind] = {}


def declare_kind(*kinds: MessageKind) -> None:
    """Make kinds known that institutions may ask for; raise ValueError for a name that is none, or another's."""
    for kind in kinds:
        if not _KIND.fullmatch(kind.name) or _KINDS.setdefault(kind.name, kind) != kind:
            raise ValueError(kind.name)


def declared_kinds() -> dict[str, MessageKind]:
    """Return every kind institutions may ask for, by name."""
    return dict(sorted(_KINDS.items()))


PERSON_CHANGED = "person.changed"
CARD_CHANGED = "card.changed"
declare_kind(
    MessageKind(PERSON_CHANGED, "人员信息有变更", "Something about a person has changed"),
    MessageKind(CARD_CHANGED, "健康卡状态有变更", "The status of a card has changed"),
)


@dataclass(frozen=True, slots=True)
class Message:
    """One message that is due, as the dispatcher takes it, with where it goes."""

    institution_id: UUID
    id: UUID
    kind: str
    sequence: str | None
    number: int | None
    body_sealed: bytes = field(repr=False)
    attempts: int
    last_at: datetime
    created_at: datetime


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message as it is written."""

    institution_id: UUID
    id: UUID
    key: str
    kind: str
    person_id: UUID | None
    sequence: str | None
    number: int | None
    body_sealed: bytes = field(repr=False)
    state: str
    due_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that will not be tried again unless somebody says so; what it says is not shown."""

    institution_id: UUID
    id: UUID
    kind: str
    attempts: int
    error: str
    created_at: datetime
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class QueueLine:
    """An institution's queue as people see it; `open_until` is set while its circuit is open."""

    institution_id: UUID
    is_open: bool
    waiting: int
    held: int
    dead: int
    oldest_at: datetime | None
    failures: int
    open_until: datetime | None
    error: str | None


def next_try(now: datetime, attempts: int, last_at: datetime, chance: float, wished: timedelta | None) -> datetime:
    """
    Return when to try again after this many failures, at the latest at `last_at`, which is the last attempt.

    Full jitter: anywhere from nothing to a bound that doubles from two seconds to an hour. What the institution wished
    by Retry-After is waited for besides, up to an hour.
    """
    bound = min(FIRST_RETRY * 2.0 ** min(attempts - 1, 30), LONGEST_RETRY)
    waits = min(wished or timedelta(), LONGEST_RETRY) + bound * chance
    return min(now + waits, last_at)


def message_row(institution_id: UUID, message_id: UUID) -> bytes:
    """Return what a sealed body is bound to."""
    return institution_id.bytes + message_id.bytes
