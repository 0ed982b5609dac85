"""
Time is a value handed in, never read inside a rule.

Every instant is aware and in UTC; people see Asia/Shanghai. `HEALTHCLOUD_CLOCK_OFFSET_SECONDS` (refused in production)
moves the whole process, so drills can stand at a month's end.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Clock:
    """The process's clock; a test builds one with `fixed`, a drill with `offset`."""

    offset: timedelta = timedelta()
    fixed: datetime | None = None

    def now(self) -> datetime:
        """Return this instant in UTC."""
        return (self.fixed or datetime.now(UTC)) + self.offset


REAL_CLOCK = Clock()


def shown(instant: datetime) -> str:
    """Write an instant as people of the city read it: `2026-11-23 17:20:05`, Asia/Shanghai."""
    return instant.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
