"""What a job is, and the rules about when it runs again; pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias
from uuid import UUID

from healthcloud.core.errors import Problem

Body: TypeAlias = dict[str, Any]

LONGEST_DELAY = timedelta(hours=1)


class Priority(IntEnum):
    """Which waiting job goes first, among all kinds."""

    URGENT = 0
    NORMAL = 1
    BULK = 2


@dataclass(frozen=True, slots=True)
class Progress:
    """
    What a long job's handler returns after one chunk: where to go on, and how far it has come.

    The body, with the cursor in it, is saved in the transaction that did the chunk, so a crash repeats nothing.
    """

    body: Body
    done: int
    total: int | None = None


class OutboxRow(NamedTuple):
    """One announced event."""

    id: UUID
    kind: str
    body: Body
    at: datetime


class NewJob(NamedTuple):
    """A job's columns, in the order the store takes them."""

    id: UUID
    kind: str
    priority: int
    body: Body
    due_at: datetime
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work, as its handler's worker has taken it."""

    id: UUID
    kind: str
    priority: int
    body: Body
    attempts: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Due:
    """Jobs of this kind and priority are waiting to be taken."""

    kind: str
    priority: int


@dataclass(frozen=True, slots=True)
class WaitingJob:
    """A job as people see it: when it is due, how often it failed and why, how far it has come."""

    id: UUID
    kind: str
    priority: int
    due_at: datetime
    attempts: int
    last_error: str | None
    done: int | None
    total: int | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class DeadJob:
    """A job that failed too often."""

    id: UUID
    kind: str
    priority: int
    body: Body
    attempts: int
    last_error: str
    created_at: datetime
    died_at: datetime


@dataclass(frozen=True, slots=True)
class QueueState:
    """How much waits in one queue, and since when the oldest has been due."""

    queue: str
    waiting: int
    oldest_at: datetime | None


def retry_delay(attempts: int, first: timedelta, chance: float) -> timedelta:
    """Return how long to wait after this many failures: doubling from `first`, up to an hour, ±50 % by `chance`."""
    doubled = first * 2.0 ** min(attempts - 1, 30)
    return min(doubled, LONGEST_DELAY) * (0.5 + chance)


def sanitized(error: BaseException) -> str:
    """
    Tell what failed and where, in words that cannot hold personal data.

    Only names chosen by programmers are kept: the error's type, a problem's code, PostgreSQL's state and constraint,
    and the place in the code. The message is left out, since it may quote a value.
    """
    told = [type(error).__name__]
    if isinstance(error, Problem):
        told.append(error.code)
    told += [str(found) for name in ("sqlstate", "constraint_name") if (found := getattr(error, name, None))]
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    if frame is not None:
        path = Path(frame.tb_frame.f_code.co_filename)
        told.append(f"at {path.parent.name}/{path.name}:{frame.tb_lineno}")
    return " ".join(told)
