"""Who looked at one's data and what was done about it, refusals and reasons included; a way to ask about each line."""

from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from healthcloud import audit, people
from healthcloud.core.db import Transaction
from healthcloud.core.errors import Problem
from healthcloud.core.http import DatabaseIn, needs_nothing
from healthcloud.web.forms import refused
from healthcloud.web.page import form_of, page, words_of
from healthcloud.web.resident.family import SENT_TO_SIGN_IN
from healthcloud.web.resident.telling import looks_page, told, way_on
from healthcloud.web.resident.visitor import carry_out_to, visitor

router = APIRouter(prefix="/looks", include_in_schema=False)
AT_ONCE = 20
LOOKED = ("people.opened", "people.looked-up", "cards.uses-read", "cards.used-late", "people.revealed", "people.copied")
SHOWN = {
    "all": audit.EVERY_DEED,
    "looked": audit.DeedsOf(LOOKED),
    "refused": audit.DeedsOf(outcome="refused"),
}


@router.get("", dependencies=[needs_nothing(SENT_TO_SIGN_IN)])
async def looks(
    request: Request,
    database: DatabaseIn,
    show: Annotated[str, Query(max_length=20)] = "all",
    cursor: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """List every line, those who looked, or the refusals."""
    caller = await visitor(request)
    if isinstance(caller, Response):
        return caller
    words, known = words_of(request), show if show in SHOWN else "all"
    async with database.read() as read:
        listed = await looks_page(read, caller, SHOWN[known], cursor, AT_ONCE)
    return page(
        request,
        "resident/looks.html",
        back="/me",
        lines=[told(words, look) for look in listed.items],
        chips=[(f"/looks?show={one}", words(f"looks.show.{one}"), one == known) for one in SHOWN],
        more=f"/looks?show={known}&cursor={listed.next}" if listed.next else "",
    )


@router.get("/ask", dependencies=[needs_nothing(SENT_TO_SIGN_IN)])
async def ask_page(request: Request, deed: UUID) -> Response:
    """Ask what one wants to know about a line."""
    caller = await visitor(request)
    if isinstance(caller, Response):
        return caller
    return page(request, "resident/looks_ask.html", back="/looks", deed=deed, text="")


@router.post("/ask", dependencies=[needs_nothing(SENT_TO_SIGN_IN)])
async def ask(request: Request, database: DatabaseIn) -> Response:
    """Put the question to whoever answers for the data."""
    caller = await visitor(request)
    if isinstance(caller, Response):
        return caller
    form = form_of(request)
    deed, text = form.get("deed", ""), form.get("text", "")
    try:
        asked = people.requests.read_asked("objection", deed, text)

        async def act(tx: Transaction) -> str:
            return f"/me/corrections/{(await people.requests.ask(tx, caller, asked)).id}?new=1"

        return await carry_out_to(request, database, caller, act)
    except Problem as problem:
        shown = {"back": "/looks", "deed": deed, "text": text, "answered": f"/looks/ask?{urlencode({'deed': deed})}"}
        return refused(request, "resident/looks_ask.html", problem, stands=way_on(problem), **shown)
