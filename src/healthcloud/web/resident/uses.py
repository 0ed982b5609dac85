"""The use log of a card: where, when, for what; one's own, and of those one keeps."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from healthcloud import cards, institutions, people
from healthcloud.core.caller import Caller
from healthcloud.core.db import Database, Read
from healthcloud.core.errors import Problem
from healthcloud.core.http import DatabaseIn, needs_nothing
from healthcloud.core.paging import page_of
from healthcloud.web.page import page, place_of, words_of
from healthcloud.web.resident.family import SENT_TO_SIGN_IN, masked_names
from healthcloud.web.resident.visitor import own_person, visitor
from healthcloud.web.wording import CHINESE

router = APIRouter(prefix="/uses", include_in_schema=False)
AT_ONCE = 20


@router.get("", dependencies=[needs_nothing(SENT_TO_SIGN_IN)])
async def uses(
    request: Request,
    database: DatabaseIn,
    person: UUID | None = None,
    cursor: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """List what a card was used for, the newest first; a keeper's look is a line its holder reads."""
    caller = await visitor(request)
    if isinstance(caller, Response):
        return caller
    words, me = words_of(request), own_person(caller)
    target = person or me
    before = place_of(cursor, tuple[datetime, UUID, int], cards.uses.NEWEST)
    found, problem = await _read_uses(database, caller, target, before)
    async with database.read() as read:
        scenes = await institutions.scenes(read)
        names = await _kept_names(read, me)
    listed = page_of(found, AT_ONCE, lambda use: use.place)
    own = f"&person={target}" if target != me else ""
    chips = [("/uses", words("uses.own"), target == me)]
    chips += [(f"/uses?person={one}", name, target == one) for one, name in names.items()]
    is_chinese = words.language == CHINESE
    return page(
        request,
        "resident/uses.html",
        back="/card",
        uses=listed.items,
        chips=chips,
        scenes={code: one.label if is_chinese else one.label_en or one.label for code, one in scenes.items()},
        printed=cards.uses.PRINTED_SLOT,
        problem=None if problem is None else words.problem(problem),
        more=f"/uses?cursor={listed.next}{own}" if listed.next else "",
        status=200 if problem is None else problem.status,
    )


async def _read_uses(
    database: Database, caller: Caller, target: UUID, before: tuple[datetime, UUID, int]
) -> tuple[list[cards.uses.UseLine], Problem | None]:
    """Return uses, or why not; one's own are read, another's are opened, which their holder reads."""
    limit = AT_ONCE + 1
    try:
        if target == own_person(caller):
            async with database.read() as read:
                return await cards.my_uses(read, caller, before=before, limit=limit), None
        opened = await database.transact(
            lambda tx: cards.uses.open_uses(tx, caller, target, before=before, limit=limit)
        )
    except Problem as problem:
        return [], problem
    return opened, None


async def _kept_names(read: Read, keeper_id: UUID) -> dict[UUID, str]:
    now = read.clock.now()
    kept = [one for one in await people.grants.kept_by(read, keeper_id) if one.counts_at(now)]
    return masked_names(await people.faces(read, None, [one.person_id for one in kept if "card" in one.scopes]))
