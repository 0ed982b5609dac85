"""Asking for a correction of name or number, and every request about one's data with its state and its answer."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from healthcloud import institutions, people
from healthcloud.core.db import Transaction
from healthcloud.core.errors import Problem
from healthcloud.core.http import DatabaseIn, needs_nothing
from healthcloud.core.paging import page_of
from healthcloud.web.drafts import draft_of, draft_over, to_review
from healthcloud.web.forms import refused
from healthcloud.web.page import form_of, go_to, page, place_of, words_of
from healthcloud.web.resident.family import SENT_TO_SIGN_IN
from healthcloud.web.resident.telling import way_on
from healthcloud.web.resident.visitor import carry_out_to, own_person, visitor

router = APIRouter(prefix="/me/corrections", include_in_schema=False)
AT_ONCE = 20
NEWEST = UUID(int=(1 << 128) - 1)


@router.get("", dependencies=[needs_nothing(SENT_TO_SIGN_IN)])
async def corrections(
    request: Request, database: DatabaseIn, cursor: Annotated[str, Query(max_length=200)] = ""
) -> Response:
    """List what was asked, and what was corrected."""
    caller = await visitor(request)
    if isinstance(caller, Response):
        return caller
    (before,) = place_of(cursor, tuple[UUID], (NEWEST,))
    async with database.read() as read:
        found = await people.requests.own_requests(read, caller, before=before, limit=AT_ONCE + 1)
        done = [] if cursor else await people.corrections.corrections_of(read, own_person(caller))
        places = await institutions.names_of(read, {one.institution_id for one in done if one.institution_id})
    listed = page_of(found, AT_ONCE, lambda one: (one.id,))
    return page(
        request,
        "resident/corrections.html",
        back="/me",
        requests=listed.items,
        done=[(one, places.get(one.institution_id) if one.institution_id else None) for one in done],
        more=f"/me/corrections?cursor={listed.next}" if listed.next else "",
    )


@router.get("/new", dependencies=[needs_nothing(SENT_TO_SIGN_IN)])
async def new(request: Request, database: DatabaseIn) -> Response:
    """Ask what is wrong, or show what was written for review."""
    caller = await visitor(request)
    if isinstance(caller, Response):
        return caller
    draft = await draft_of(request, database, caller)
    if draft is None:
        return page(request, "resident/correction_new.html", **_blank(), errors=draft_over(request))
    shown = _blank() | draft.fields
    if draft.is_changing:
        return page(request, "resident/correction_new.html", **shown)
    return page(request, "resident/correction_review.html", **shown, once=draft.once, change=draft.change)


@router.post("/new", dependencies=[needs_nothing(SENT_TO_SIGN_IN)])
async def ask(request: Request, database: DatabaseIn) -> Response:
    """Keep what was written for review; once confirmed, ask."""
    caller = await visitor(request)
    if isinstance(caller, Response):
        return caller
    form = form_of(request)
    subject, text = form.get("subject", ""), form.get("text", "")
    shown = _blank() | {"subject": subject, "text": text}
    try:
        asked = people.requests.read_asked("correction", subject, text)
        if "confirmed" not in form:
            return await to_review(request, database, caller, {"subject": subject, "text": text})

        async def act(tx: Transaction) -> str:
            return f"/me/corrections/{(await people.requests.ask(tx, caller, asked)).id}?new=1"

        return await carry_out_to(request, database, caller, act)
    except Problem as problem:
        return refused(request, "resident/correction_new.html", problem, stands=way_on(problem), **shown)


@router.get("/{request_id:uuid}", dependencies=[needs_nothing(SENT_TO_SIGN_IN)])
async def one(
    request_id: UUID, request: Request, database: DatabaseIn, new: Annotated[str, Query(max_length=1)] = ""
) -> Response:
    """Show a request, its ticket number, its state and the answer."""
    caller = await visitor(request)
    if isinstance(caller, Response):
        return caller
    try:
        async with database.read() as read:
            found = await people.requests.own_request(read, caller, request_id)
            places = await institutions.names_of(read, {found.institution_id} if found.institution_id else set())
    except Problem as problem:
        text = words_of(request).problem(problem)
        return page(request, "resident/nothing.html", status=problem.status, back="/me/corrections", text=text)
    place = places.get(found.institution_id) if found.institution_id else None
    return page(request, "resident/request.html", back="/me/corrections", one=found, place=place, is_new=new == "1")


@router.post("/{request_id:uuid}/withdraw", dependencies=[needs_nothing(SENT_TO_SIGN_IN)])
async def withdraw(request_id: UUID, request: Request, database: DatabaseIn) -> Response:
    """Take a request back."""
    caller = await visitor(request)
    if isinstance(caller, Response):
        return caller

    async def act(tx: Transaction) -> str:
        await people.requests.withdraw_request(tx, caller, request_id)
        return f"/me/corrections/{request_id}"

    try:
        return await carry_out_to(request, database, caller, act)
    except Problem:  # decided meanwhile: its page says how
        return go_to(f"/me/corrections/{request_id}")


def _blank() -> dict[str, Any]:
    return {"back": "/me/corrections", "fields": people.requests.CORRECTABLE, "subject": "", "text": ""}
