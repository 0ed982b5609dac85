"""Looking at deeds: a person at those about themselves, an auditor at a span of time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from healthcloud.audit import store
from healthcloud.audit.model import Deed
from healthcloud.core.caller import Caller
from healthcloud.core.db import Read

NEWEST = (datetime(9999, 1, 1, tzinfo=UTC), UUID(int=0))
MAX_PAGE = 200


@dataclass(frozen=True, slots=True)
class DeedsWanted:
    """What an auditor looks for; times are aware, `since` at most a year before `before`."""

    since: datetime
    before: tuple[datetime, UUID] = NEWEST
    deed: str | None = None
    actor_id: UUID | None = None
    limit: int = 50


async def deeds_about(
    read: Read, subject_ids: Sequence[UUID], *, before: tuple[datetime, UUID] = NEWEST, limit: int = 50
) -> list[Deed]:
    """Return deeds touching these subjects, newest first; the next page starts before the last one's (at, id)."""
    return await store.deeds_about(read, list(subject_ids), *before, min(limit, MAX_PAGE))


async def search_deeds(read: Read, caller: Caller, wanted: DeedsWanted) -> list[Deed]:
    """Return deeds of a span of time for an audit administrator (scope audit.read), newest first."""
    caller.must("audit.read")
    return await store.search_deeds(
        read, wanted.since, *wanted.before, wanted.deed, wanted.actor_id, min(wanted.limit, MAX_PAGE)
    )


async def sealing_lag(read: Read, now: datetime) -> timedelta:
    """Return how far behind the sealer is; zero when every deed is in a block."""
    since = await store.unsealed_since(read)
    return timedelta() if since is None else max(now - since, timedelta())
