"""Looking at deeds: a person at those about themselves, an auditor at a span of time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from healthcloud.audit import store
from healthcloud.audit.model import Block, Deed
from healthcloud.core.caller import Caller
from healthcloud.core.db import Read
from healthcloud.core.paging import MAX_PAGE

NEWEST = (datetime(9999, 1, 1, tzinfo=UTC), UUID(int=0))
MAX_FETCH = MAX_PAGE + 1


@dataclass(frozen=True, slots=True)
class DeedsWanted:
    """What an auditor looks for; times are aware, `since` at most a year before `before`."""

    since: datetime
    before: tuple[datetime, UUID] = NEWEST
    deed: str | None = None
    actor_id: UUID | None = None
    limit: int = 50
    institution_id: UUID | None = None
    subject_id: UUID | None = None
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class DeedsOf:
    """Which of the deeds about somebody are wanted: of these kinds, outcome, kind of actor; None means any."""

    kinds: tuple[str, ...] | None = None
    outcome: str | None = None
    actor_kind: str | None = None


EVERY_DEED = DeedsOf()


async def deeds_about(
    read: Read,
    subject_ids: Sequence[UUID],
    *,
    wanted: DeedsOf = EVERY_DEED,
    before: tuple[datetime, UUID] = NEWEST,
    limit: int = 50,
) -> list[Deed]:
    """Return deeds touching these subjects, newest first; the next page starts before the last one's (at, id)."""
    kinds = None if wanted.kinds is None else list(wanted.kinds)
    at, deed_id = before
    most, outcome, actor_kind = min(limit, MAX_FETCH), wanted.outcome, wanted.actor_kind
    found = [
        deed
        for subject_id in dict.fromkeys(subject_ids)
        for deed in await store.deeds_about(read, subject_id, at, deed_id, most, kinds, outcome, actor_kind)
    ]
    return sorted(found, key=lambda deed: (deed.at, deed.id), reverse=True)[:most]


async def count_about(
    read: Read, subject_ids: Sequence[UUID], *, kinds: Sequence[str], after: datetime, not_by: UUID, most: int
) -> int:
    """Count deeds of these kinds touching these subjects after an instant that another account did, up to `most`."""
    return await store.count_about(read, list(subject_ids), after, list(kinds), not_by, most)


async def search_deeds(read: Read, caller: Caller, wanted: DeedsWanted) -> list[Deed]:
    """Return deeds of a span of time for an audit administrator (scope audit.read), newest first."""
    caller.must("audit.read")
    return await store.search_deeds(
        read,
        (wanted.since, *wanted.before),
        (wanted.deed, wanted.actor_id, wanted.institution_id, wanted.subject_id, wanted.outcome),
        min(wanted.limit, MAX_FETCH),
    )


async def sealing_lag(read: Read, now: datetime) -> timedelta:
    """Return how far behind the sealer is; zero when every deed is in a block."""
    since = await store.unsealed_since(read)
    return timedelta() if since is None else max(now - since, timedelta())


async def newest_block(read: Read) -> Block | None:
    """Return the block the chain ends with."""
    return await store.last_block(read)
