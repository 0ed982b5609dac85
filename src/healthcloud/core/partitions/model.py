"""Months, as partitions count them: Asia/Shanghai's; pure."""

from datetime import date, datetime, time

from healthcloud.core.clock import SHANGHAI

AHEAD = 3


def month_of(instant: datetime) -> date:
    """Return the first day of the month this instant lies in."""
    return instant.astimezone(SHANGHAI).date().replace(day=1)


def month_after(month: date, count: int) -> date:
    """Return the first day of the month `count` months after this one; before it where `count` is negative."""
    months = month.year * 12 + month.month - 1 + count
    return date(months // 12, months % 12 + 1, 1)


def months_from(first: date, count: int) -> list[date]:
    """Return `count` months in a row."""
    return [month_after(first, n) for n in range(count)]


def unbroken(first: date, present: set[date]) -> int:
    """Return how many months after `first` have a partition, up to the first gap; -1 when `first` itself has none."""
    ahead = -1
    while month_after(first, ahead + 1) in present:
        ahead += 1
    return ahead


def month_start(instant: datetime, count: int) -> datetime:
    """Return when the month begins that is `count` after this instant's; before it where `count` is negative."""
    return datetime.combine(month_after(month_of(instant), count), time(), SHANGHAI)
