"""The uses of a card over HTTP."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from healthcloud.cards import errors as wrong
from healthcloud.cards.uses.model import NEWEST, PRINTED_SLOT, UseLine
from healthcloud.cards.uses.reads import my_uses, open_uses
from healthcloud.core.http import CallerIn, DatabaseIn, Wish, needs, problems
from healthcloud.core.paging import MAX_PAGE, CursorUnreadable, Page, decode_cursor, page_of

router = APIRouter(prefix="/cards/uses", tags=["cards"])


@dataclass(frozen=True, slots=True)
class UseShown:
    """
    A use: where, for which step of treatment, when; `opened` says that the identity was shown unmasked.

    `received_at` is set where it was told of only then; `mark` is `void` where card or phone had been stopped before,
    `elsewhere` where another institution took the same code, `reported` where the institution says so and no scan
    stands behind it.
    """

    id: str
    used_at: datetime
    institution: str | None
    terminal: str | None
    scene: str
    printed: bool
    opened: bool
    received_at: datetime | None
    mark: str | None


class UsesQuery(Wish):
    """Whose uses, and which page."""

    person_id: UUID | None = None
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 50
    cursor: Annotated[str | None, Query(max_length=200)] = None


@router.get(
    "",
    dependencies=[needs("resident")],
    responses=problems(wrong.CardNotFound, wrong.PersonUnlinked, CursorUnreadable),
)
async def uses(database: DatabaseIn, caller: CallerIn, query: Annotated[UsesQuery, Query()]) -> Page[UseShown]:
    """List what a card was used for 用卡记录, newest first; a keeper's look is a line its holder reads."""
    before = decode_cursor(query.cursor, tuple[datetime, UUID, int]) if query.cursor else NEWEST
    limit = query.limit + 1
    target = query.person_id
    if target is None or target == caller.person_id:
        async with database.read() as read:
            found = await my_uses(read, caller, before=before, limit=limit)
    else:
        found = await database.transact(lambda tx: open_uses(tx, caller, target, before=before, limit=limit))
    page = page_of(found, query.limit, lambda use: use.place)
    return Page([_shown(use) for use in page.items], page.next)


def _shown(use: UseLine) -> UseShown:
    return UseShown(
        use.id,
        use.used_at,
        use.institution,
        use.terminal,
        use.scene,
        printed=use.slot == PRINTED_SLOT,
        opened=use.opened,
        received_at=use.received_at,
        mark=use.mark,
    )
