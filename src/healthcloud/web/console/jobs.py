"""Jobs: what waits, runs, recurs, and what failed for good, to be replayed or given up with a reason."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from healthcloud import people
from healthcloud.core.background import (
    BackgroundState,
    QueueState,
    WaitingJob,
    background_state,
    dead_job,
    list_dead,
    list_running,
    list_waiting,
)
from healthcloud.core.db import Transaction
from healthcloud.core.errors import NotFound, Problem
from healthcloud.core.paging import decode_cursor, page_of
from healthcloud.web.console.desk import Desk, view
from healthcloud.web.console.fields import code_field, reason_field
from healthcloud.web.console.frame import JOBS
from healthcloud.web.console.parts import Action, Cell, Field, Form, Row, Table, at, query
from healthcloud.web.page import go_to

router = APIRouter()
DEAD = "/dead/{job_id:uuid}"
PAGE = 30
MOST_RUNNING = 20
LATE = timedelta(minutes=5)
ACTS = ("replay", "discard")


@view(router, JOBS)
async def show_jobs(desk: Desk) -> Response:
    """Show queues, what runs, what has failed, and the schedule."""
    async with desk.database.read() as read:
        state = await background_state(read)
        running = await list_running(read, limit=MOST_RUNNING)
        dead = await list_dead(read, _place(desk), PAGE + 1)
    page = page_of(dead, PAGE, lambda one: (one.died_at, one.id))
    failed = Table(
        desk.say("dead.title"),
        [desk.say(f"dead.{name}") for name in ("kind", "attempts", "error", "died")],
        [
            (Cell(one.kind, href=f"{JOBS.href}/dead/{one.id}"), one.attempts, one.last_error, at(one.died_at))
            for one in page.items
        ],
        desk.say("dead.none"),
        query(desk.path, after=page.next) if page.next else "",
    )
    done = desk.asked("done")
    notice = ("ok", desk.say(f"done.{done}")) if done in ACTS else None
    return desk.listed(
        desk.say("title"),
        failed,
        _running(desk, running),
        _queues(desk, state),
        _schedule(desk, state),
        actions=[Action(f"{JOBS.href}/waiting", desk.say("waiting.title"))],
        notice=notice,
    )


def _place(desk: Desk) -> tuple[datetime, UUID] | None:
    cursor = desk.asked("after")
    return decode_cursor(cursor, tuple[datetime, UUID]) if cursor else None


def _running(desk: Desk, running: Sequence[WaitingJob]) -> Table:
    rows: list[Row] = [(one.kind, _progress(desk, one), at(one.created_at), at(one.due_at)) for one in running]
    heads = [desk.say(f"running.{name}") for name in ("kind", "progress", "since", "due")]
    return Table(desk.say("running.title"), heads, rows, desk.say("running.none"))


def _progress(desk: Desk, one: WaitingJob) -> str:
    if one.done is None:
        return desk.say("running.begun", attempts=one.attempts)
    if not one.total:
        return f"{one.done:,}"
    return f"{one.done:,} / {one.total:,}（{100 * one.done // one.total} %）"


def _queues(desk: Desk, state: BackgroundState) -> Table:
    now = desk.database.clock.now()

    def row(what: str, one: QueueState) -> Row:
        late = one.oldest_at is not None and now - one.oldest_at > LATE and what != "dead"
        tone = "danger" if what == "dead" else "warn" if late else "ok"
        word = desk.say("queue.failed" if what == "dead" else "queue.late" if late else "queue.fine")
        return desk.say(f"queue.{what}"), one.queue, one.waiting, at(one.oldest_at), Cell(word, tone=tone)

    rows = [row(what, one) for what in ("outbox", "jobs", "dead") for one in getattr(state, what)]
    heads = [desk.say(f"queue.{name}") for name in ("what", "name", "count", "oldest", "state")]
    return Table(desk.say("queue.title"), heads, rows, desk.say("queue.none"))


def _schedule(desk: Desk, state: BackgroundState) -> Table:
    every = desk.operations.recurring()
    rows: list[Row] = [
        (one.name, _span(desk, every.get(one.name)), at(one.last_at), at(one.next_at)) for one in state.schedule
    ]
    heads = [desk.say(f"schedule.{name}") for name in ("name", "every", "last", "next")]
    return Table(desk.say("schedule.title"), heads, rows, desk.say("schedule.none"))


def _span(desk: Desk, every: timedelta | None) -> str:
    if every is None:
        return desk.say("span.gone")
    seconds = int(every.total_seconds())
    for name, size in (("days", 86400), ("hours", 3600), ("minutes", 60)):
        if seconds % size == 0:
            return desk.say(f"span.{name}", n=seconds // size)
    return desk.say("span.seconds", n=seconds)


@view(router, JOBS, "/waiting")
async def show_waiting(desk: Desk) -> Response:
    """List jobs one by one, of one kind where asked."""
    after, kind = desk.after(), desk.asked("kind")
    async with desk.database.read() as read:
        state = await background_state(read)
        found = await list_waiting(read, kind, after, PAGE + 1)
    page = page_of(found, PAGE, lambda one: (one.id,))
    rows: list[Row] = [
        (
            one.kind,
            desk.say(f"priority.{one.priority}"),
            at(one.due_at),
            one.attempts,
            one.last_error,
            "" if one.done is None else _progress(desk, one),
        )
        for one in page.items
    ]
    heads = [desk.say(f"waiting.{name}") for name in ("kind", "priority", "due", "attempts", "error", "progress")]
    more = query(desk.path, kind=kind, after=page.next) if page.next else ""
    kinds = sorted({one.queue for one in state.jobs} | ({kind} if kind else set()))
    filters = [
        Field(
            "kind",
            desk.say("waiting.kind"),
            "select",
            kind or "",
            options=[(one, one) for one in kinds],
            required=False,
        )
    ]
    table = Table(desk.say("waiting.title"), heads, rows, desk.say("waiting.none"), more)
    return desk.listed(
        desk.say("waiting.title"), table, filters=filters, actions=[Action(JOBS.href, desk.say("title"))]
    )


@view(router, JOBS, DEAD)
async def show_dead(desk: Desk) -> Response:
    """Show a dead job: ids only stand in its body."""
    async with desk.database.read() as read:
        one = await dead_job(read, desk.id("job_id"))
    body = "；".join(f"{name} = {value}" for name, value in one.body.items())
    pairs = (
        (desk.say("dead.kind"), one.kind),
        (desk.say("dead.error"), Cell(one.last_error, code=True)),
        (desk.say("dead.attempts"), one.attempts),
        (desk.say("dead.created"), at(one.created_at)),
        (desk.say("dead.died"), at(one.died_at)),
        (desk.say("dead.body"), Cell(body, code=True)),
        (desk.say("dead.id"), Cell(str(one.id), code=True)),
    )
    actions = [
        Action(f"{desk.path}/replay", desk.say("replay"), "act"),
        Action(f"{desk.path}/discard", desk.say("discard"), "danger"),
    ]
    return desk.detailed(one.kind, pairs=pairs, actions=actions, up=JOBS.href)


def _what(desk: Desk) -> str:
    what = str(desk.request.path_params["act"])
    if what not in ACTS:
        raise NotFound
    return what


@view(router, JOBS, DEAD + "/{act}")
async def ask(desk: Desk) -> Response:
    """Say what replaying or giving up does, and ask for the reason."""
    return await _ask(desk, {})


async def _ask(desk: Desk, values: dict[str, str], problem: Problem | None = None) -> Response:
    what = _what(desk)
    async with desk.database.read() as read:
        one = await dead_job(read, desk.id("job_id"))
    fields = [reason_field(desk.words, values.get("reason", ""))]
    if what == "discard":
        fields.append(code_field(desk.words))
    form = Form(
        desk.say(what),
        fields,
        review=[(desk.say("dead.kind"), one.kind), (desk.say("dead.error"), one.last_error)],
        warning=desk.say(f"{what}-warning"),
        kind="danger" if what == "discard" else "act",
    )
    return desk.to_fill(desk.say(what), form, up=f"{JOBS.href}/dead/{one.id}", problem=problem)


@view(router, JOBS, DEAD + "/{act}", "POST")
async def carry_out(desk: Desk) -> Response:
    """Replay a dead job, or give it up."""
    what, form, job_id = _what(desk), desk.form(), desk.id("job_id")
    try:
        reason = people.read_evidence(form.get("reason", ""), "reason")

        async def do(tx: Transaction) -> None:
            act = desk.operations.discard if what == "discard" else desk.operations.replay
            await act(tx, desk.caller, job_id, reason)

        carry = desk.transact_proven if what == "discard" else desk.transact
        await carry(do, type(None))
    except Problem as problem:
        return await _ask(desk, form, problem)
    return go_to(query(JOBS.href, done=what))
