"""Audit over HTTP, for audit administrators."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from healthcloud.audit import reads
from healthcloud.audit.model import Deed, words_for
from healthcloud.core.http import CallerIn, DatabaseIn, Moment, Wish, needs, problems
from healthcloud.core.paging import MAX_PAGE, CursorUnreadable, Page, decode_cursor, page_of

router = APIRouter(prefix="/audit", tags=["audit"])

DEFAULT_SPAN = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class ToldDeed:
    """A deed with the sentences people read for it."""

    deed: Deed
    zh: str
    en: str


class DeedQuery(Wish):
    """What to look for; `since` defaults to 31 days ago."""

    since: Moment | None = None
    deed: Annotated[str | None, Query(max_length=100)] = None
    actor: UUID | None = None
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 50
    cursor: Annotated[str | None, Query(max_length=200)] = None


@router.get("/deeds", dependencies=[needs("audit.read")], responses=problems(CursorUnreadable))
async def search(database: DatabaseIn, caller: CallerIn, query: Annotated[DeedQuery, Query()]) -> Page[ToldDeed]:
    """Search deeds, newest first."""
    wanted = reads.DeedsWanted(
        since=query.since or database.clock.now() - DEFAULT_SPAN,
        before=decode_cursor(query.cursor, tuple[datetime, UUID]) if query.cursor else reads.NEWEST,
        deed=query.deed,
        actor_id=query.actor,
        limit=query.limit + 1,
    )
    async with database.read() as read:
        found = await reads.search_deeds(read, caller, wanted)
    page = page_of(found, query.limit, lambda deed: (deed.at, deed.id))
    return Page([_told(deed) for deed in page.items], page.next)


def _told(deed: Deed) -> ToldDeed:
    words = words_for(deed.deed)
    return ToldDeed(deed, words.zh, words.en)


@dataclass(frozen=True, slots=True)
class ChainState:
    """The chain's light: how long it is, when it last grew, and how many seconds the sealer is behind."""

    blocks: int
    sealed_at: datetime | None
    lag_seconds: float


@router.get("/chain", dependencies=[needs("audit.read")])
async def chain(database: DatabaseIn) -> ChainState:
    """Tell how the sealer stands; `healthcloud audit verify` proves the chain itself."""
    async with database.read() as read:
        last = await reads.newest_block(read)
        lag = await reads.sealing_lag(read, database.clock.now())
    return ChainState(last.seq if last else 0, last.sealed_at if last else None, lag.total_seconds())
