"""Outward queues: what waits for each hospital's system, whom we leave alone, and what could not be delivered."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from healthcloud import exchange, institutions, people
from healthcloud.core.errors import NotFound, Problem
from healthcloud.core.paging import decode_cursor, page_of
from healthcloud.web.console.desk import Desk, view
from healthcloud.web.console.fields import code_field, reason_field
from healthcloud.web.console.frame import OUTWARD
from healthcloud.web.console.parts import Cell, Form, Row, Table, at, query
from healthcloud.web.page import go_to

router = APIRouter()
LETTER = "/dead/{message_id:uuid}/{act}"
PAGE = 30
MOST_QUEUES = 200
ACTS = ("replay", "discard")


@view(router, OUTWARD)
async def show_queues(desk: Desk) -> Response:
    """Show each hospital's queue and circuit, and what could not be delivered."""
    async with desk.database.read() as read:
        queues = await exchange.outward.queues(read, desk.caller, limit=MOST_QUEUES)
        dead = await exchange.outward.dead_letters(read, desk.caller, after=_place(desk), limit=PAGE + 1)
        places = {one.institution_id for one in queues} | {one.institution_id for one in dead}
        names = await institutions.names_of(read, places)
    done = desk.asked("done")
    notice = ("ok", desk.say(f"done.{done}")) if done in ACTS else None
    return desk.listed(desk.say("title"), _letters(desk, dead, names), _queues(desk, queues, names), notice=notice)


def _place(desk: Desk) -> tuple[datetime, UUID]:
    cursor = desk.asked("after")
    return decode_cursor(cursor, tuple[datetime, UUID]) if cursor else exchange.outward.OLDEST


def _letters(desk: Desk, dead: list[exchange.outward.DeadLetter], names: dict[UUID, str]) -> Table:
    page = page_of(dead, PAGE, lambda one: (one.ended_at, one.id))
    kinds = exchange.outward.declared_kinds()
    rows: list[Row] = [
        (
            names.get(one.institution_id),
            kinds[one.kind].zh if one.kind in kinds else one.kind,
            one.attempts,
            one.error,
            at(one.ended_at),
            Cell(desk.say("replay"), href=f"{OUTWARD.href}/dead/{one.id}/replay"),
            Cell(desk.say("discard"), href=f"{OUTWARD.href}/dead/{one.id}/discard"),
        )
        for one in page.items
    ]
    heads = [desk.say(f"dead.{name}") for name in ("hospital", "kind", "attempts", "error", "ended")]
    acts = [desk.say("replay"), desk.say("discard")]
    more = query(desk.path, after=page.next) if page.next else ""
    return Table(desk.say("dead.title"), [*heads, *acts], rows, desk.say("dead.none"), more)


def _queues(desk: Desk, queues: list[exchange.outward.QueueLine], names: dict[UUID, str]) -> Table:
    rows: list[Row] = [
        (
            names.get(one.institution_id),
            one.waiting,
            one.held,
            one.dead,
            at(one.oldest_at),
            _state(desk, one),
            one.error,
        )
        for one in queues
    ]
    heads = [desk.say(f"queue.{name}") for name in ("hospital", "waiting", "held", "dead", "oldest", "state", "error")]
    return Table(desk.say("queue.title"), heads, rows, desk.say("queue.none"))


def _state(desk: Desk, one: exchange.outward.QueueLine) -> Cell:
    if not one.is_open:
        return Cell(desk.say("queue.closed"), tone="quiet")
    if one.open_until is not None:
        return Cell(desk.say("queue.resting"), tone="warn")
    return Cell(desk.say("queue.fine"), tone="ok")


@view(router, OUTWARD, LETTER)
async def ask(desk: Desk) -> Response:
    """Say what sending again or giving up does, and ask for the reason."""
    return await _ask(desk, {})


def _what(desk: Desk) -> str:
    what = str(desk.request.path_params["act"])
    if what not in ACTS:
        raise NotFound
    return what


async def _ask(desk: Desk, values: dict[str, str], problem: Problem | None = None) -> Response:
    what = _what(desk)
    async with desk.database.read() as read:
        one = await exchange.outward.dead_letter(read, desk.caller, desk.id("message_id"))
        names = await institutions.names_of(read, [one.institution_id])
    fields = [reason_field(desk.words, values.get("reason", ""))]
    if what == "discard":
        fields.append(code_field(desk.words))
    form = Form(
        desk.say(what),
        fields,
        review=[(desk.say("dead.hospital"), names.get(one.institution_id)), (desk.say("dead.error"), one.error)],
        warning=desk.say(f"{what}-warning"),
        kind="danger" if what == "discard" else "act",
    )
    return desk.to_fill(desk.say(what), form, up=OUTWARD.href, problem=problem)


@view(router, OUTWARD, LETTER, "POST")
async def carry_out(desk: Desk) -> Response:
    """Send an undelivered message again, or give it up."""
    what, form, message_id = _what(desk), desk.form(), desk.id("message_id")
    try:
        reason = people.read_evidence(form.get("reason", ""), "reason")
        if what == "discard":
            await desk.transact_proven(
                lambda tx: exchange.outward.discard(tx, desk.caller, message_id, reason), type(None)
            )
        else:
            async with desk.database.read() as read:
                one = await exchange.outward.dead_letter(read, desk.caller, message_id)
            await desk.transact(
                lambda tx: exchange.outward.replay(tx, desk.caller, one.institution_id, [message_id], reason), int
            )
    except Problem as problem:
        return await _ask(desk, form, problem)
    return go_to(query(OUTWARD.href, done=what))
