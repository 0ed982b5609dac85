"""Making and dropping monthly partitions; the database refuses what its own table of parents does not allow."""

from healthcloud.core.db import Transaction
from healthcloud.core.partitions import store
from healthcloud.core.partitions.model import AHEAD, month_after, month_of, months_from

# A server that stood still for two years drops what it missed at its next run.
_LOOK_BACK = 24


async def ensure_ahead(tx: Transaction, months: int = AHEAD) -> int:
    """Make every partition from last month on to `months` ahead; return how many were missing."""
    first = month_after(month_of(tx.clock.now()), -1)
    wanted = months_from(first, months + 2)
    there = set(await store.present(tx, wanted))
    made = 0
    for table in await store.partitioned(tx):
        for month in wanted:
            if store.Present(table.parent, month) not in there:
                made += bool(await store.ensure(tx, table.parent, month))
    return made


async def drop_expired(tx: Transaction) -> int:
    """Drop the partitions of tables that do not keep theirs for good; return how many."""
    dropped = 0
    this_month = month_of(tx.clock.now())
    for table in await store.partitioned(tx):
        if table.keep_months is not None:
            first = month_after(this_month, -table.keep_months - 1 - _LOOK_BACK)
            months = months_from(first, _LOOK_BACK + 1)
            for expired in await store.present(tx, months):
                if expired.parent == table.parent:
                    dropped += bool(await store.drop(tx, table.parent, expired.month))
    return dropped
