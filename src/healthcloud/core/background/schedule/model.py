"""When a recurring job runs; pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class ScheduleState:
    """When a recurring job ran last and is due next."""

    name: str
    next_at: datetime
    last_at: datetime | None


def next_run(due: datetime, every: timedelta, now: datetime) -> datetime:
    """Return the first instant of the grid `due + n × every` after `now`: missed runs are one run."""
    return due + every * (max(now - due, timedelta()) // every + 1)
