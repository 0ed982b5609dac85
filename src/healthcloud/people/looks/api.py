"""Who looked, over HTTP."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from healthcloud import audit
from healthcloud.core.http import CallerIn, DatabaseIn, Wish, needs, problems
from healthcloud.core.paging import MAX_PAGE, CursorUnreadable, Page, decode_cursor, page_of
from healthcloud.people import errors as wrong
from healthcloud.people.looks.reads import Look, own_looks
from healthcloud.people.request import RESIDENT

router = APIRouter(prefix="/people", tags=["people"])


class LooksQuery(Wish):
    """Which page."""

    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 50
    cursor: Annotated[str | None, Query(max_length=200)] = None


@router.get("/me/looks", dependencies=[needs(RESIDENT)], responses=problems(wrong.PersonNotFound, CursorUnreadable))
async def looks(database: DatabaseIn, caller: CallerIn, query: Annotated[LooksQuery, Query()]) -> Page[Look]:
    """List who looked at one's data and what was done about it 谁看过我的信息, newest first, refusals included."""
    before = decode_cursor(query.cursor, tuple[datetime, UUID]) if query.cursor else audit.NEWEST
    async with database.read() as read:
        found = await own_looks(read, caller, before=before, limit=query.limit + 1)
    return page_of(found, query.limit, lambda look: (look.at, look.id))
