"""
Time is a value handed in, never read inside a rule.

Every instant is aware and in UTC; people see Asia/Shanghai. `HEALTHCLOUD_CLOCK_OFFSET_SECONDS` (refused in production)
moves the whole process, so drills can stand at a month's end.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(slots=True)
class Shift:
    """By how much a sandbox's clock is moved while it runs; nothing else makes one, and production refuses it."""

    by: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Clock:
    """The process's clock; a test builds one with `fixed`, a drill with `offset`, a sandbox with `shift`."""

    offset: timedelta = timedelta()
    fixed: datetime | None = None
    shift: Shift | None = None

    def now(self) -> datetime:
        """Return this instant in UTC."""
        now = (self.fixed or datetime.now(UTC)) + self.offset
        return now if self.shift is None else now + self.shift.by


REAL_CLOCK = Clock()


def shown(instant: datetime) -> str:
    """Write an instant as people of the city read it: `2026-11-23 17:20:05`, Asia/Shanghai."""
    return instant.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
