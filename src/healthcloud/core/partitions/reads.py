"""How many months ahead there are partitions."""

from healthcloud.core.db import Read
from healthcloud.core.partitions import store
from healthcloud.core.partitions.model import AHEAD, month_of, months_from, unbroken


async def partitions_ahead(read: Read) -> dict[str, int]:
    """Return, for each partitioned table, the months ahead that are ready: health is red under 1, -1 is none now."""
    this_month = month_of(read.clock.now())
    there = await store.present(read, months_from(this_month, AHEAD + 1))
    return {
        table.parent: unbroken(this_month, {one.month for one in there if one.parent == table.parent})
        for table in await store.partitioned(read)
    }
