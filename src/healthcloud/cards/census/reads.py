"""Counting cards and uses; who may see a number is for whoever asks to decide."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from operator import itemgetter
from uuid import UUID

from healthcloud import audit
from healthcloud.cards import deeds
from healthcloud.cards.census import store
from healthcloud.cards.census.store import HolderSeen, UsedAtDesk, UsedHere, UsePlace, UseTold
from healthcloud.cards.uses.model import instant_of
from healthcloud.core.db import Read

# A code's own minute is at most minutes from its scan; it finds the partitions.
REACH = timedelta(hours=1)
HOUR = timedelta(hours=1)
LAST = UsePlace(datetime(9999, 1, 1, tzinfo=UTC), UUID(int=(1 << 128) - 1), 0)


async def uses_in(read: Read, batches: Mapping[UUID, datetime]) -> list[UsedHere]:
    """Count the uses of batches, each with the instant its deed tells, by institution, hour and step of treatment."""
    found: list[UsedHere] = []
    for some in _together(batches):
        since, until = min(some.values()), max(some.values())
        found += await store.uses_in(read, list(some), since, until, (since - REACH, until + REACH))
    return found


async def uses_at_desks(read: Read, batches: Mapping[UUID, datetime]) -> list[UsedAtDesk]:
    """Count the uses of batches by terminal, step of treatment and day, save those marked void or elsewhere."""
    found: list[UsedAtDesk] = []
    for some in _together(batches):
        since, until = min(some.values()), max(some.values())
        found += await store.uses_at_desks(read, list(some), since, until, (since - REACH, until + REACH))
    return found


async def holders_in(read: Read, batches: Mapping[UUID, datetime]) -> list[HolderSeen]:
    """Return whose cards the uses of batches were, once for each institution, with the latest time."""
    found: list[HolderSeen] = []
    for some in _together(batches):
        since, until = min(some.values()), max(some.values())
        found += await store.holders_in(read, list(some), since, until, (since - REACH, until + REACH))
    return found


def _together(batches: Mapping[UUID, datetime]) -> list[dict[UUID, datetime]]:
    """Part batches where an hour or more lies between them: a use told of late is of any hour of the last month."""
    parts: list[dict[UUID, datetime]] = []
    last: datetime | None = None
    for batch_id, at in sorted(batches.items(), key=itemgetter(1)):
        if last is None or at - last >= HOUR:
            parts.append({})
        parts[-1][batch_id] = last = at
    return parts


def batch_of(deed: audit.Deed) -> tuple[UUID, datetime] | None:
    """Return the batch of uses a deed seals and when they were written; None where it seals none."""
    micros = deed.detail.get("used_at")
    return (deed.subject_id, instant_of(micros)) if deed.deed == deeds.BATCH and isinstance(micros, int) else None


async def uses_of_hour(
    read: Read,
    hour: datetime,
    *,
    institution_id: UUID | None = None,
    scene: str | None = None,
    before: UsePlace = LAST,
    limit: int = 50,
) -> list[UseTold]:
    """Return the uses of the hour that begins at `hour`, newest first, without their holders."""
    span, reach = (hour, hour + HOUR), (hour - REACH, hour + HOUR + REACH)
    return await store.uses_of_span(read, span, reach, (institution_id, scene), before, limit)


async def uses_by_place(read: Read, until: datetime, told_by: datetime) -> list[UsedHere]:
    """Count every use made before an instant and told of by another, from the rows themselves; reads them all."""
    return await store.uses_by_place(read, until, told_by)


async def cards_by_status(read: Read) -> dict[int, int]:
    """Count cards by status, from the rows themselves; aliases are no cards. Reads them all."""
    return {one.status: one.cards for one in await store.cards_by_status(read)}


async def changes_by_kind(read: Read) -> dict[str, int]:
    """Count what was ever done to cards, by `model.Change`, from the rows themselves; reads them all."""
    return {one.change: one.times for one in await store.changes_by_kind(read)}
