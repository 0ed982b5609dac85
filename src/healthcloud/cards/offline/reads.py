"""What readers fetch, and how the lists stand."""

from dataclasses import dataclass
from datetime import timedelta

from healthcloud.cards.offline import store
from healthcloud.cards.offline.errors import ListsMissing
from healthcloud.cards.offline.model import Published
from healthcloud.cards.offline.store import Standing
from healthcloud.core.db import Read

MOST_DELTAS = 120
STALE_AFTER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Revocations:
    """The lists a reader lacks: deltas in their order, after a snapshot where the reader is too far behind."""

    snapshot: Published | None
    deltas: list[Published]

    @property
    def newest(self) -> int:
        """The number a reader is at once it has taken them; 0 where there are none."""
        if self.deltas:
            return self.deltas[-1].number
        return self.snapshot.number if self.snapshot else 0


async def trust_list(read: Read) -> tuple[int, str]:
    """Return number and text of the trust list; raise ListsMissing before the first is published."""
    newest = await store.newest_trust(read)
    if newest is None:
        raise ListsMissing
    return newest.number, newest.body


async def revocations_after(read: Read, after: int | None) -> Revocations:
    """
    Return what a reader lacks that has taken the lists up to `after`; None where it has none.

    It gets a snapshot where the delta after its own is no longer kept, where it lacks more than 120, and where it
    knows of a number that was never published. Raises ListsMissing before the first is published.
    """
    newest = await store.newest_delta(read)
    if newest is None:
        raise ListsMissing
    if after is not None and newest.number - MOST_DELTAS <= after <= newest.number:
        deltas = await store.deltas_after(read, after, MOST_DELTAS)
        if len(deltas) == newest.number - after:
            return Revocations(None, deltas)
    snapshot = await store.newest_snapshot(read)
    if snapshot is None:
        raise ListsMissing
    return Revocations(snapshot, await store.deltas_after(read, snapshot.number, MOST_DELTAS))


async def standing(read: Read) -> Standing:
    """Return how the lists stand."""
    return await store.standing(read, read.clock.now()) or Standing(None, None, None, None, None, 0)


async def is_fresh(read: Read) -> bool:
    """Tell whether the newest delta is less than five minutes old, so that readers can be told what is void."""
    newest = await store.newest_delta(read)
    return newest is not None and abs(read.clock.now() - newest.issued_at) < STALE_AFTER
