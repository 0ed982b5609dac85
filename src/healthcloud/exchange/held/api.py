"""Kept messages over HTTP, for operators."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from healthcloud.core.http import CallerIn, DatabaseIn, Wish, needs, problems
from healthcloud.core.paging import MAX_PAGE, CursorUnreadable, Page, decode_cursor, page_of
from healthcloud.exchange.held.actions import open_held
from healthcloud.exchange.held.errors import HeldNotFound
from healthcloud.exchange.held.model import OPEN, READ, HeldCount, HeldLine
from healthcloud.exchange.held.reads import FIRST, counts, list_held

router = APIRouter(prefix="/exchange/held", tags=["exchange"])


@dataclass(frozen=True, slots=True)
class HeldBody:
    """A kept message: what it is, and its text."""

    id: UUID
    institution_id: UUID
    kind: str
    control_id: str
    received_at: datetime
    text: str


class HeldQuery(Wish):
    """Which page, of which kind."""

    kind: Annotated[str | None, Query(max_length=32)] = None
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 50
    cursor: Annotated[str | None, Query(max_length=200)] = None


@router.get("/counts", dependencies=[needs(READ)])
async def held_counts(caller: CallerIn, database: DatabaseIn) -> list[HeldCount]:
    """Count kept messages that wait for their feature, by kind 暂存报文计数."""
    async with database.read() as read:
        return await counts(read, caller)


@router.get("", dependencies=[needs(READ)], responses=problems(CursorUnreadable))
async def held(caller: CallerIn, database: DatabaseIn, query: Annotated[HeldQuery, Query()]) -> Page[HeldLine]:
    """List kept messages that wait 暂存报文, the oldest first; nothing of what they say."""
    after = decode_cursor(query.cursor, tuple[UUID])[0] if query.cursor else FIRST
    async with database.read() as read:
        found = await list_held(read, caller, kind=query.kind, after=after, limit=query.limit + 1)
    return page_of(found, query.limit, lambda one: (one.id,))


@router.post("/{held_id:uuid}/opening", dependencies=[needs(OPEN)], responses=problems(HeldNotFound))
async def opening(held_id: UUID, caller: CallerIn, database: DatabaseIn) -> HeldBody:
    """Open a kept message 查看暂存报文: a deed whom it is about can read."""
    one = await database.transact(lambda tx: open_held(tx, caller, held_id))
    text = one.body.decode(errors="replace")
    return HeldBody(one.id, one.institution_id, one.kind, one.control_id, one.received_at, text)
