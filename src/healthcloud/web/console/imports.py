"""Patient files handed in: the list, one with how far it is, its columns, what is done with it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from healthcloud import access, index, institutions
from healthcloud.core.db import Transaction
from healthcloud.core.errors import NotFound, Problem
from healthcloud.core.paging import page_of
from healthcloud.web.console.desk import NEWEST, Desk, view
from healthcloud.web.console.fields import institutions_of
from healthcloud.web.console.frame import IMPORTS
from healthcloud.web.console.import_showing import (
    MOVING,
    ONE,
    State,
    href,
    numbers_of,
    size_of,
    state_of,
    told,
    trial_of,
)
from healthcloud.web.console.parts import Action, Cell, Field, Form, Pairs, Row, Section, Table, at, query
from healthcloud.web.forms import faults_of
from healthcloud.web.page import go_to, page

router = APIRouter()
AT_ONCE = 30
STEPS = {"try": index.imports.try_out, "start": index.imports.start, "pause": index.imports.pause}


@dataclass(frozen=True, slots=True)
class Step:
    """A form of one button: where it is sent, its word, its kind."""

    href: str
    label: str
    kind: str


@view(router, IMPORTS)
async def list_imports(desk: Desk) -> Response:
    """List imports, the newest first; the city's staff may ask for one institution's."""
    asked = desk.asked("institution")
    async with desk.database.read() as read:
        places = [] if desk.caller.institution_id else await institutions_of(read)
        known = next((one for one, _ in places if one == asked), None)
        found = await index.imports.imports(
            read,
            desk.caller,
            None if known is None else UUID(known),
            before=desk.after("cursor", NEWEST),
            limit=AT_ONCE + 1,
        )
        listed = page_of(found, AT_ONCE, lambda one: (one.id,))
        names = await institutions.names_of(read, {one.institution_id for one in listed.items})
    rows: list[Row] = [
        (
            Cell(one.name, href=href(one)),
            names.get(one.institution_id),
            at(one.created_at),
            state_of(desk, one),
            f"{one.rows:,}" if one.rows else "",
            f"{one.review:,}" if one.started_at else "",
            f"{one.rejected:,}" if one.started_at else "",
        )
        for one in listed.items
    ]
    named = ("file", "institution", "created", "state", "rows", "review", "rejected")
    more = query(IMPORTS.href, institution=known, cursor=listed.next) if listed.next else ""
    table = Table(desk.say("title"), [desk.say(name) for name in named], rows, desk.say("none"), more)
    filters = [Field("institution", desk.say("institution"), "select", known or "", options=places, required=False)]
    actions = [Action(f"{IMPORTS.href}/new", desk.say("new"), "act")]
    about = desk.say("about")
    return desk.listed(desk.say("title"), table, filters=filters if places else [], actions=actions, about=about)


@view(router, IMPORTS, ONE)
async def show_import(desk: Desk) -> Response:
    """Show how far an import is, and what may be done next."""
    return await _show(desk)


async def _show(desk: Desk, problem: Problem | None = None) -> Response:
    async with desk.database.read() as read:
        one = await index.imports.visible(read, desk.caller, desk.id("import_id"))
        names = await institutions.names_of(read, [one.institution_id])
        logins = await access.staff.logins_of(read, [one.account_id])
    pairs: Pairs = [
        (desk.say("institution"), ", ".join(names.values())),
        (desk.say("by"), logins.get(one.account_id, desk.say("somebody"))),
        (desk.say("created"), at(one.created_at)),
        (desk.say("started"), at(one.started_at)),
        (desk.say("ended"), at(one.ended_at)),
        (desk.say("size"), size_of(one.size)),
    ]
    done = desk.asked("done")
    return desk.page(
        "console/index/import.html",
        status=200 if problem is None else problem.status,
        title=one.name,
        up=IMPORTS.href,
        notice=desk.words.texts.get(f"console-imports.done.{done}") if done else None,
        errors=[] if problem is None else faults_of(desk.words, problem),
        fault=told(desk, (one.fault_zh, one.fault_en or "")) if one.fault_zh else "",
        about=[desk.say(f"next.{one.state}")] if f"console-imports.next.{one.state}" in desk.words else [],
        acts=_acts(desk, one),
        links=_links(desk, one),
        sections=_sections(desk, one),
        pairs=pairs,
        part=href(one, "/part"),
        **_part(desk, one),
    )


def _part(desk: Desk, one: index.imports.Import) -> dict[str, Any]:
    is_going = one.started_at is not None and one.state != State.TRYING
    return {
        "is_moving": one.state in MOVING,
        "state": state_of(desk, one),
        "state_name": one.state,
        "follow": desk.say("follow"),
        "total": one.rows if is_going else 0,
        "done": one.done,
        "numbers": numbers_of(desk, one),
    }


@view(router, IMPORTS, f"{ONE}/part")
async def follow_import(desk: Desk) -> Response:
    """Give what changes while it runs, for a page that shows it already."""
    async with desk.database.read() as read:
        one = await index.imports.visible(read, desk.caller, desk.id("import_id"))
    made = page(desk.request, "console/index/import_part.html", **_part(desk, one))
    return JSONResponse({"state": str(one.state), "html": bytes(made.body).decode()})


def _acts(desk: Desk, one: index.imports.Import) -> list[Step]:
    words = {
        State.MAPPED: [("try", "trial.again", "act")],
        State.TRIED: [("start", "trial.act", "act"), ("try", "trial.again", "quiet")],
        State.RUNNING: [("pause", "pause", "quiet")],
        State.PAUSED: [("start", "resume", "act")],
    }
    if one.forgotten_at is not None:
        return []
    return [Step(href(one, f"/{step}"), desk.say(word), kind) for step, word, kind in words.get(State(one.state), [])]


def _links(desk: Desk, one: index.imports.Import) -> list[Action]:
    links: list[Action] = []
    if one.forgotten_at is not None:
        return links
    if one.state in (State.READ, State.MAPPED, State.TRIED):
        links.append(
            Action(href(one, "/columns"), desk.say("mapping.title"), "act" if one.state == State.READ else "quiet")
        )
    if one.started_at is not None and one.state != State.RUNNING:
        links += [
            Action(href(one, "/answers"), desk.say("refused.answers")),
            *([Action(href(one, "/rejected"), desk.say("refused.file"))] if one.rejected else []),
        ]
    if one.state in (State.FAILED, State.CANCELLED):
        links.append(Action(f"{IMPORTS.href}/new", desk.say("new")))
    elif one.state != State.DONE:
        links.append(Action(href(one, "/cancel"), desk.say("cancel.act"), "danger"))
    return links


def _sections(desk: Desk, one: index.imports.Import) -> list[Section]:
    sections = trial_of(desk, one) if one.started_at is None else []
    if one.rejected:
        sections.append(Section(desk.say("refused.title"), about=desk.say("refused.about")))
    if one.review and one.started_at is not None:
        sections.append(Section(desk.say("number.review"), about=desk.say("review-about")))
    return sections


@view(router, IMPORTS, ONE + "/cancel")
async def ask_cancel(desk: Desk) -> Response:
    """Say what cancelling does."""
    return await _ask_cancel(desk)


async def _ask_cancel(desk: Desk, problem: Problem | None = None) -> Response:
    async with desk.database.read() as read:
        one = await index.imports.visible(read, desk.caller, desk.id("import_id"))
    form = Form(
        desk.say("cancel.act"),
        review=[(desk.say("file"), one.name), (desk.say("state"), state_of(desk, one))],
        warning=desk.say("cancel.warning"),
        kind="danger",
    )
    return desk.to_fill(desk.say("cancel.title"), form, up=href(one), problem=problem)


@view(router, IMPORTS, ONE + "/cancel", "POST")
async def cancel(desk: Desk) -> Response:
    """End an import."""
    import_id = desk.id("import_id")

    async def act(tx: Transaction) -> None:
        await index.imports.cancel(tx, desk.caller, import_id)

    try:
        await desk.transact(act, type(None))
    except Problem as problem:
        return await _ask_cancel(desk, problem)
    return go_to(query(f"{IMPORTS.href}/{import_id}", done="cancelled"))


@view(router, IMPORTS, ONE + "/{step}", "POST")
async def go_on(desk: Desk) -> Response:
    """Try, start or pause an import."""
    step, import_id = str(desk.request.path_params["step"]), desk.id("import_id")
    if step not in STEPS:
        raise NotFound

    async def act(tx: Transaction) -> None:
        await STEPS[step](tx, desk.caller, import_id)

    try:
        await desk.transact(act, type(None))
    except Problem as problem:
        return await _show(desk, problem)
    return go_to(query(f"{IMPORTS.href}/{import_id}", done=step))
