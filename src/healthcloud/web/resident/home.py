"""The first page: for guests what this is, for residents their card and what there is to do, for elders six rows."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from healthcloud import cards, people
from healthcloud.core.caller import Caller, CallerKind
from healthcloud.core.db import Read
from healthcloud.core.http import DatabaseIn, needs_nothing
from healthcloud.web.display import display_of
from healthcloud.web.page import looker, page
from healthcloud.web.resident.hospitals import PUBLIC
from healthcloud.web.resident.messages import unread_messages

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody whose card this resident may show: themself or whom they keep."""

    person_id: UUID
    name: str
    relation: str
    status: int | None = None


@router.get("/", dependencies=[needs_nothing(PUBLIC)])
async def home(request: Request, database: DatabaseIn) -> Response:
    """Show the first page of whoever looks."""
    caller = await looker(request)
    elder = display_of(request).elder
    if caller.kind is not CallerKind.RESIDENT:
        return page(request, "resident/elder_home.html" if elder else "resident/guest_home.html", tab="home", own=None)
    async with database.read() as read:
        own, unread = await _own(read, caller), await unread_messages(read, caller)
    template = "resident/elder_home.html" if elder else "resident/home.html"
    return page(request, template, tab="home", own=own, unread=unread)


async def _own(read: Read, caller: Caller) -> dict[str, Any]:
    """Return what the page tells a resident of themself."""
    if caller.person_id is None:
        return {"member": None, "members": [], "asked": 0, "answered": 0}
    kept = await people.grants.kept_by(read, caller.person_id)
    now = read.clock.now()
    card, acting = people.grants.GrantScope.CARD, [one for one in kept if one.counts_at(now)]
    shown = [one for one in acting if card in one.scopes]
    seen = await people.faces(read, None, {caller.person_id, *(one.person_id for one in shown)})
    relations = {one.person_id: one.relation for one in shown} | {caller.person_id: "own"}
    members = [
        Member(person_id, people.masked(seen[person_id].face).name, relation)
        for person_id, relation in ((caller.person_id, "own"), *relations.items())
        if person_id in seen
    ]
    mine = await cards.card_of(read, seen[caller.person_id].canonical_id) if caller.person_id in seen else None
    asked = [one for one in await people.grants.grants_of(read, caller.person_id) if one.state == "asked"]
    requests = await people.requests.own_requests(read, caller, limit=10)
    return {
        "member": members[0] if members else None,
        "members": list(dict.fromkeys(members)),
        "card": mine,
        "asked": len(asked),
        "answered": sum(one.state in ("done", "refused") for one in requests),
    }
