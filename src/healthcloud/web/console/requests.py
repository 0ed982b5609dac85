"""What residents ask about their own data: the open requests, and an answer in words they read."""

from fastapi import APIRouter
from starlette.responses import Response

from healthcloud import people
from healthcloud.core.db import Transaction
from healthcloud.core.errors import NotFound, Problem
from healthcloud.core.paging import page_of
from healthcloud.web.console.correcting import tabs_of
from healthcloud.web.console.desk import Desk, view
from healthcloud.web.console.frame import REQUESTS
from healthcloud.web.console.parts import Cell, Field, Form, Pairs, Row, Table, at, query
from healthcloud.web.page import go_to

router = APIRouter()
ONE = "/{person_id:uuid}/{request_id:uuid}"
AT_ONCE = 50
DECIDED = ("corrected", "proposed")


@view(router, REQUESTS)
async def list_requests(desk: Desk) -> Response:
    """List open requests, the oldest first."""
    async with desk.database.read() as read:
        found = await people.requests.waiting_requests(read, desk.caller, after=desk.after("cursor"), limit=AT_ONCE + 1)
    listed = page_of(found, AT_ONCE, lambda one: (one.id,))
    rows: list[Row] = [
        (
            Cell(one.ticket, href=f"{REQUESTS.href}/{one.person_id}/{one.id}"),
            desk.words(f"corrections.kind.{one.kind}"),
            _subject(desk, one),
            one.text,
            at(one.asked_at),
        )
        for one in listed.items
    ]
    heads = [desk.say(f"head.{name}") for name in ("ticket", "kind", "subject", "text", "asked")]
    more = query(REQUESTS.href, cursor=listed.next) if listed.next else ""
    done = desk.asked("done")
    notice = ("ok", desk.say(done if done in DECIDED else "answered")) if done else None
    table = Table(desk.say("title"), heads, rows, desk.say("none"), more)
    return desk.listed(desk.say("title"), table, about=desk.say("about"), notice=notice)


@view(router, REQUESTS, ONE)
async def show_request(desk: Desk) -> Response:
    """Show one request, and whose it is, masked."""
    return await _show(desk, {})


@view(router, REQUESTS, ONE, "POST")
async def answer(desk: Desk) -> Response:
    """Answer it."""
    form, person_id, request_id = desk.form(), desk.id("person_id"), desk.id("request_id")

    async def act(tx: Transaction) -> None:
        granted = form.get("granted") == "yes"
        await people.requests.answer_request(
            tx, desk.caller, person_id, request_id, form.get("answer", ""), granted=granted
        )

    try:
        await desk.transact(act, type(None))
    except Problem as problem:
        return await _show(desk, form, problem)
    return go_to(query(REQUESTS.href, done="yes"))


async def _show(desk: Desk, values: dict[str, str], problem: Problem | None = None) -> Response:
    person_id, request_id = desk.id("person_id"), desk.id("request_id")
    async with desk.database.read() as read:
        one = await people.requests.waiting_request(read, desk.caller, person_id, request_id)
        seen = (await people.faces(read, None, [person_id])).get(person_id)
    if seen is None:
        raise NotFound
    face = people.masked(seen.face)
    pairs: Pairs = [
        (desk.say("head.ticket"), one.ticket),
        (desk.say("head.kind"), desk.words(f"corrections.kind.{one.kind}")),
        (desk.say("head.subject"), _subject(desk, one)),
        (desk.say("head.text"), one.text),
        (desk.say("head.asked"), at(one.asked_at)),
        (desk.say("head.who"), f"{face.name} {face.document_number}"),
    ]
    whether = [("yes", desk.say("granted")), ("no", desk.say("refused"))]
    fields = [
        Field("granted", desk.say("outcome"), "choices", values.get("granted", ""), options=whether),
        Field("answer", desk.say("answer"), "area", values.get("answer", ""), desk.say("answer-hint"), maxlength=200),
    ]
    form = Form(desk.say("act"), fields, review=pairs, about=[desk.say(f"how-{one.kind}")])
    tabs = await tabs_of(desk, one)
    return desk.to_fill(desk.say("one"), form, up=REQUESTS.href, problem=problem, tabs=tabs)


def _subject(desk: Desk, one: people.requests.WaitingRequest) -> str:
    if one.kind == people.requests.RequestKind.CORRECTION:
        return desk.words(f"corrections.field.{one.subject}")
    return "" if one.kind == people.requests.RequestKind.CLOSING else one.subject
