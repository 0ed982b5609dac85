"""Uses on their way to the province: same day only, at most 500 at once; pure."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from healthcloud.core.clock import SHANGHAI

MOST_ROWS = 500
EVERY = timedelta(minutes=10)
AT_THE_END = timedelta(minutes=1)
LAST_QUARTER = timedelta(minutes=15)
FIRST_RETRY, LONGEST_RETRY = timedelta(seconds=10), timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Organisation:
    """An institution's credential at the province, and when its next upload is due."""

    institution_id: UUID
    app_id: str
    secret_sealed: bytes = field(repr=False)
    failures: int


@dataclass(frozen=True, slots=True)
class Usage:
    """One use as it goes up."""

    card_id: bytes
    step_at: datetime
    slot: int
    terminal_id: UUID
    scene: str
    used_at: datetime


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows that go up together."""

    institution_id: UUID
    id: UUID
    day: date
    attempts: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How an institution's uses of one day stand; `oldest_at` is the oldest use that is not up."""

    institution_id: UUID
    day: date
    uploaded: int
    waiting: int
    missed: int
    unknown: int
    oldest_at: datetime | None


def day_of(instant: datetime) -> date:
    """Return the day of the city in which an instant lies."""
    return instant.astimezone(SHANGHAI).date()


def next_upload(now: datetime, failures: int, chance: float) -> datetime:
    """Return when an institution uploads next: in ten minutes, in one before midnight, sooner after a failure."""
    if failures:
        return now + min(FIRST_RETRY * 2.0 ** min(failures - 1, 10), LONGEST_RETRY) * chance
    midnight = datetime.combine(day_of(now) + timedelta(days=1), time(), SHANGHAI)
    closing = midnight - LAST_QUARTER
    return now + AT_THE_END if now >= closing else min(now + EVERY, closing)
