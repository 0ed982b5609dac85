"""The uses of batches, for whoever tells others of them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from healthcloud.cards.uses import store
from healthcloud.cards.uses.store import UseInBatch
from healthcloud.core.db import Read

# A code's own minute is at most minutes from its scan; it finds the partitions.
REACH = timedelta(hours=1)


async def uses_of_batches(read: Read, batches: Mapping[UUID, datetime]) -> list[UseInBatch]:
    """Return the uses of batches, each with the instant its deed tells, save those marked void or elsewhere."""
    found: list[UseInBatch] = []
    for day in sorted({at.date() for at in batches.values()}):
        some = {batch_id: at for batch_id, at in batches.items() if at.date() == day}
        since, until = min(some.values()), max(some.values())
        found += await store.uses_of_batches(read, list(some), since, until, (since - REACH, until + REACH))
    return found
