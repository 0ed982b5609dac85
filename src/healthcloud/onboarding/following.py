"""
Counting uses by point: blocks of the audit chain, each exactly once, since how far it has come commits with the counts.

What a use is evidence of is decided when it is counted: a kiosk that becomes a window later was a kiosk then.
"""

from collections import Counter
from datetime import date, datetime, timedelta
from uuid import UUID

from healthcloud import audit, cards
from healthcloud.core.background import Sole
from healthcloud.core.db import Database, Transaction
from healthcloud.core.leases import Lease
from healthcloud.onboarding import store
from healthcloud.onboarding.rules import Point, point_of

EVERY = timedelta(seconds=2)
RESTS = 9  # scans come first
Day = tuple[UUID, Point, date]


def following() -> Sole:
    """Return what one machine does: count the uses of what has been sealed."""

    async def step(database: Database, lease: Lease) -> int:
        async def guarded(tx: Transaction) -> int:
            await lease.guard(tx)
            return await count_uses(tx)

        return await database.transact(guarded)

    return Sole("onboarding.follower", EVERY, step, RESTS)


async def count_uses(tx: Transaction) -> int:
    """Count the uses of the next blocks; return how many blocks those were."""
    block = await store.hold_position(tx)
    if block is None:
        await store.begin(tx)
        return 1
    sealed = await audit.sealed_after(tx, block)
    if not sealed:
        return 0
    told = [cards.census.batch_of(deed) for one in sealed for deed in one.deeds]
    batches = dict(one for one in told if one is not None)
    used = await cards.census.uses_at_desks(tx, batches) if batches else []
    await _count(tx, used)
    await store.move(tx, sealed[-1].seq)
    return len(sealed)


async def _count(tx: Transaction, used: list[cards.census.UsedAtDesk]) -> None:
    kinds = await store.kinds_of(tx, sorted({one.terminal_id for one in used})) if used else {}
    days = Counter[Day]()
    latest: dict[tuple[UUID, Point], datetime] = {}
    for one in used:
        point = point_of(kinds.get(one.terminal_id), one.scene)
        if point is not None:
            days[one.institution_id, point, one.day] += one.uses
            key = one.institution_id, point
            latest[key] = max(latest.get(key, one.last_used_at), one.last_used_at)
    if days:
        await store.add_days(tx, sorted(days.items()))
        await store.put_points(tx, sorted(latest.items()))
