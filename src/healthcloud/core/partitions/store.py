"""Every statement about monthly partitions; the functions behind them run with the owner's rights."""

from datetime import date
from typing import NamedTuple

from healthcloud.core.db import Read, Transaction


class Partitioned(NamedTuple):
    """A table partitioned by month, and for how many months its rows are kept; None is for good."""

    parent: str
    keep_months: int | None


class Present(NamedTuple):
    """A month one of those tables has a partition for."""

    parent: str
    month: date


async def partitioned(read: Read) -> list[Partitioned]:
    """Return every table partitioned by month."""
    return await read.all(Partitioned, "SELECT parent, keep_months FROM core.partitioned ORDER BY parent")


async def present(read: Read, months: list[date]) -> list[Present]:
    """Return which of these months each partitioned table has."""
    return await read.all(
        Present,
        """
        SELECT p.parent AS parent, m.month AS month
          FROM core.partitioned AS p
         CROSS JOIN unnest($1::date[]) AS m (month)
          JOIN pg_catalog.pg_inherits AS i
            ON i.inhparent = to_regclass(p.parent)
           AND i.inhrelid = to_regclass(core.month_partition(p.parent, m.month))
         ORDER BY p.parent, m.month
        """,
        months,
    )


async def ensure(tx: Transaction, parent: str, month: date) -> bool | None:
    """Make a partition; False when it was there."""
    return await tx.value(bool, "SELECT core.ensure_month_partition($1, $2)", parent, month)


async def drop(tx: Transaction, parent: str, month: date) -> bool | None:
    """Drop a partition whose time is over; False when there was none."""
    return await tx.value(bool, "SELECT core.drop_month_partition($1, $2)", parent, month)
