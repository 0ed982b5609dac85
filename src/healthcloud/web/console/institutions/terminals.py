"""Terminals of an institution: adding one, its one-time binding code, replacing, retiring, and whose machine it is."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from healthcloud import institutions
from healthcloud.core.errors import NotFound, Problem
from healthcloud.web.console.desk import Desk, view
from healthcloud.web.console.fields import uuid_of
from healthcloud.web.console.frame import INSTITUTIONS
from healthcloud.web.console.institutions.labels import named, options_of, scenes_of
from healthcloud.web.console.institutions.pages import href, own
from healthcloud.web.console.parts import Action, Cell, Field, Form, Pairs, at, query
from healthcloud.web.page import go_to

router = APIRouter()
PATH = "/{institution_id:uuid}/terminals"
ONE = PATH + "/{terminal_id:uuid}"


async def _terminal(desk: Desk) -> institutions.terminals.Terminal:
    """Return the terminal the page is of; raise NotFound where it stands elsewhere."""
    institution_id, terminal_id = own(desk), desk.id("terminal_id")
    async with desk.database.read() as read:
        one = await institutions.terminal(read, terminal_id)
    if one.institution_id != institution_id:
        raise NotFound
    return one


def _own_page(one: institutions.terminals.Terminal, rest: str = "") -> str:
    return href(one.institution_id, f"/terminals/{one.id}{rest}")


async def _facts(desk: Desk, one: institutions.terminals.Terminal) -> Pairs:
    async with desk.database.read() as read:
        scenes, kinds = await scenes_of(read, desk.words), await options_of(read, desk.words, "terminal-kind")
        code = (await institutions.terminals.terminal_codes(read, one.institution_id, [one]))[one.id]
        names = await institutions.names_of(read, [one.institution_id])
    return (
        (desk.say("head.name"), names[one.institution_id]),
        (desk.say("terminal.name"), one.name),
        (desk.say("terminal.kind"), named(kinds, one.kind)),
        (desk.say("terminal.scene"), named(scenes, one.scene_code)),
        (desk.say("terminal.code"), Cell(code, code=True)),
        (desk.say("terminal.state"), desk.say("terminal.active" if one.is_active else "terminal.retired")),
        (desk.say("terminal.binding"), desk.say("terminal.times", count=one.binding)),
        (
            desk.say("terminal.client"),
            Cell(str(one.client_id), code=True) if one.client_id else desk.say("terminal.any"),
        ),
        (desk.say("terminal.retired-at"), at(one.retired_at)),
    )


@view(router, INSTITUTIONS, ONE)
async def show_terminal(desk: Desk) -> Response:
    """Show one terminal, and what can be done with it."""
    one = await _terminal(desk)
    actions = []
    if one.is_active:
        actions = [
            Action(_own_page(one, "/code"), desk.say("terminal.new-code"), "act"),
            Action(_own_page(one, "/scene"), desk.say("terminal.move")),
            Action(_own_page(one, "/client"), desk.say("terminal.give")),
            Action(_own_page(one, "/replace"), desk.say("terminal.replace")),
            Action(_own_page(one, "/retire"), desk.say("terminal.retire"), "danger"),
        ]
    return desk.detailed(one.name, pairs=await _facts(desk, one), actions=actions, up=href(one.institution_id))


@view(router, INSTITUTIONS, f"{PATH}/new")
async def ask_terminal(desk: Desk) -> Response:
    """Ask which terminal is to be added."""
    return await _ask(desk, {})


async def _ask(desk: Desk, values: dict[str, str], problem: Problem | None = None) -> Response:
    institution_id = own(desk)
    async with desk.database.read() as read:
        kinds, scenes = await options_of(read, desk.words, "terminal-kind"), await scenes_of(read, desk.words)
        departments = await institutions.departments.departments_of(read, institution_id)
    places = [(str(one.id), one.name) for one in departments if one.state == "open"]
    fields = [
        Field(
            "name",
            desk.say("terminal.name"),
            value=values.get("name", ""),
            hint=desk.say("terminal.name-hint"),
            maxlength=100,
        ),
        Field("kind", desk.say("terminal.kind"), "select", values.get("kind", ""), options=kinds),
        Field(
            "scene_code",
            desk.say("terminal.scene"),
            "select",
            values.get("scene_code", ""),
            desk.say("terminal.scene-hint"),
            scenes,
        ),
        Field(
            "department_id",
            desk.say("terminal.department"),
            "select",
            values.get("department_id", ""),
            options=[("", desk.say("terminal.no-department")), *places],
            required=False,
        ),
    ]
    form = Form(desk.say("terminal.add-act"), fields)
    return desk.to_fill(desk.say("terminal.add"), form, up=href(institution_id), problem=problem)


@view(router, INSTITUTIONS, f"{PATH}/new", "POST")
async def add_terminal(desk: Desk) -> Response:
    """Add a terminal and show the code that binds a browser to it."""
    institution_id, form = own(desk), desk.form()
    try:
        department = form.get("department_id", "")
        wish = institutions.terminals.TerminalWish(
            form.get("name", ""),
            form.get("kind", ""),
            form.get("scene_code", ""),
            uuid_of(department, "department_id") if department else None,
        )
        enrolment = await desk.transact(
            lambda tx: institutions.enrol_terminal(tx, desk.caller, institution_id, wish),
            institutions.terminals.Enrolment,
        )
    except Problem as problem:
        return await _ask(desk, form, problem)
    return _told(desk, institution_id, wish.name, enrolment)


def _told(desk: Desk, institution_id: UUID, name: str, enrolment: institutions.terminals.Enrolment) -> Response:
    pairs = (
        (desk.say("terminal.name"), name),
        (desk.say("terminal.bind-code"), Cell(enrolment.code, code=True)),
        (desk.say("terminal.good-until"), at(enrolment.expires_at)),
    )
    on = Action(href(institution_id, f"/terminals/{enrolment.terminal_id}"), desk.say("terminal.to-terminal"))
    return desk.told_once(desk.say("terminal.bind-title"), pairs, [desk.say("terminal.bind-about")], on=on)


@view(router, INSTITUTIONS, f"{ONE}/code")
async def ask_code(desk: Desk) -> Response:
    """Say what another code does."""
    return await _check(desk, "new-code")


@view(router, INSTITUTIONS, f"{ONE}/code", "POST")
async def issue_code(desk: Desk) -> Response:
    """Issue another code; earlier ones are worthless."""
    one = await _terminal(desk)
    enrolment = await desk.transact(
        lambda tx: institutions.terminals.issue_enrolment(tx, desk.caller, one.id), institutions.terminals.Enrolment
    )
    return _told(desk, one.institution_id, one.name, enrolment)


@view(router, INSTITUTIONS, f"{ONE}/replace")
async def ask_replacement(desk: Desk) -> Response:
    """Say what replacing does."""
    return await _check(desk, "replace", kind="danger")


@view(router, INSTITUTIONS, f"{ONE}/replace", "POST")
async def replace_terminal(desk: Desk) -> Response:
    """Put a new terminal in this one's place."""
    one = await _terminal(desk)
    enrolment = await desk.transact(
        lambda tx: institutions.terminals.replace_terminal(tx, desk.caller, one.id), institutions.terminals.Enrolment
    )
    return _told(desk, one.institution_id, one.name, enrolment)


@view(router, INSTITUTIONS, f"{ONE}/scene")
async def ask_scene(desk: Desk) -> Response:
    """Ask for what step of treatment a terminal is to scan."""
    return await _ask_scene(desk)


async def _ask_scene(desk: Desk, problem: Problem | None = None) -> Response:
    one = await _terminal(desk)
    async with desk.database.read() as read:
        scenes = await scenes_of(read, desk.words)
    scene = Field("scene_code", desk.say("terminal.scene"), "select", one.scene_code, options=scenes)
    form = Form(desk.say("terminal.move"), [scene], warning=desk.say("terminal.move-warning"))
    return desk.to_fill(desk.say("terminal.move"), form, up=_own_page(one), problem=problem)


@view(router, INSTITUTIONS, f"{ONE}/scene", "POST")
async def set_scene(desk: Desk) -> Response:
    """Give a terminal another step of treatment."""
    one, scene = await _terminal(desk), desk.form().get("scene_code", "")
    try:
        await desk.transact(lambda tx: institutions.terminals.set_scene(tx, desk.caller, one.id, scene), type(None))
    except Problem as problem:
        return await _ask_scene(desk, problem)
    return go_to(query(_own_page(one), done="terminal-moved"))


@view(router, INSTITUTIONS, f"{ONE}/client")
async def ask_client(desk: Desk) -> Response:
    """Ask which client alone may speak for a terminal."""
    return await _ask_client(desk)


async def _ask_client(desk: Desk, problem: Problem | None = None) -> Response:
    one = await _terminal(desk)
    now = str(one.client_id) if one.client_id else ""
    client = Field(
        "client_id", desk.say("terminal.client"), value=now, hint=desk.say("terminal.client-hint"), required=False
    )
    form = Form(desk.say("terminal.give"), [client], warning=desk.say("terminal.give-warning"))
    return desk.to_fill(desk.say("terminal.give"), form, up=_own_page(one), problem=problem)


@view(router, INSTITUTIONS, f"{ONE}/client", "POST")
async def give_to_client(desk: Desk) -> Response:
    """Let one client alone speak for a terminal, or any of the institution's again."""
    one, named_client = await _terminal(desk), desk.form().get("client_id", "")
    try:
        client_id = uuid_of(named_client, "client_id") if named_client else None
        await desk.transact(
            lambda tx: institutions.terminals.bind_to_client(tx, desk.caller, one.id, client_id), type(None)
        )
    except Problem as problem:
        return await _ask_client(desk, problem)
    return go_to(query(_own_page(one), done="terminal-given"))


@view(router, INSTITUTIONS, f"{ONE}/retire")
async def ask_retirement(desk: Desk) -> Response:
    """Say what retiring does."""
    return await _check(desk, "retire", kind="danger")


@view(router, INSTITUTIONS, f"{ONE}/retire", "POST")
async def retire_terminal(desk: Desk) -> Response:
    """Take a terminal out of use."""
    one = await _terminal(desk)
    await desk.transact(lambda tx: institutions.terminals.retire_terminal(tx, desk.caller, one.id), type(None))
    return go_to(query(_own_page(one), done="terminal-retired"))


async def _check(desk: Desk, what: str, *, kind: str = "act") -> Response:
    one = await _terminal(desk)
    form = Form(
        desk.say(f"terminal.{what}"),
        review=await _facts(desk, one),
        warning=desk.say(f"terminal.{what}-warning"),
        kind=kind,
    )
    return desk.to_fill(desk.say(f"terminal.{what}"), form, up=_own_page(one))
