"""The list of institutions, and one of them with its numbers, departments, terminals and practitioners."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from healthcloud import institutions
from healthcloud.core.db import Read
from healthcloud.core.errors import NotFound
from healthcloud.core.paging import decode_cursor, page_of
from healthcloud.web.console.desk import Desk, view
from healthcloud.web.console.frame import INSTITUTIONS
from healthcloud.web.console.institutions.labels import Options, districts_of, named, options_of, scenes_of
from healthcloud.web.console.parts import Action, Cell, Field, Pairs, Row, Section, Table, query
from healthcloud.web.page import go_to

router = APIRouter()
PAGE = 30
LISTED = 50


def href(institution_id: UUID, rest: str = "") -> str:
    """Return where an institution's page, or one below it, is."""
    return f"{INSTITUTIONS.href}/{institution_id}{rest}"


def own(desk: Desk) -> UUID:
    """Return the institution the page is of; raise NotFound where the caller belongs to another."""
    institution_id = desk.id("institution_id")
    if desk.caller.institution_id not in (None, institution_id):
        raise NotFound
    return institution_id


@view(router, INSTITUTIONS)
async def list_institutions(desk: Desk) -> Response:
    """List institutions by the filters of the address; who belongs to one is sent to it."""
    if desk.caller.institution_id is not None:
        return go_to(href(desk.caller.institution_id))
    text = desk.asked("text")
    kept = {name: desk.asked(name) for name in ("text", "district", "class", "closed")}
    wanted = institutions.InstitutionFilter(
        district_code=kept["district"], class_code=kept["class"], with_closed=kept["closed"] is not None, text=text
    )
    async with desk.database.read() as read:
        districts = await districts_of(read, desk.words)
        classes = await options_of(read, desk.words, "institution-class")
        found = await institutions.list_institutions(read, wanted, after=desk.after(), limit=PAGE + 1)
        exact = await institutions.institution_named(read, text) if text and not found else None
    page = page_of([exact] if exact else found, PAGE, lambda one: (one.id,))
    table = Table(
        desk.say("title"),
        [desk.say(f"head.{name}") for name in ("name", "class", "district", "state", "phone")],
        [_row(desk, one, districts, classes) for one in page.items],
        desk.say("none"),
        query(desk.path, **kept, after=page.next) if page.next else "",
    )
    filters = [
        Field("text", desk.say("filter.text"), value=text or "", required=False, maxlength=100),
        *(
            Field(name, desk.say(f"filter.{name}"), "select", kept[name] or "", options=offered, required=False)
            for name, offered in (("district", districts), ("class", classes))
        ),
    ]
    add = Action(f"{desk.path}/new", desk.say("add"), "act")
    return desk.listed(desk.say("title"), table, filters=filters, actions=[add])


def _row(desk: Desk, one: institutions.Institution, districts: Options, classes: Options) -> Row:
    return (
        Cell(one.name, href=href(one.id)),
        named(classes, one.class_code),
        named(districts, one.district_code),
        Cell(desk.words(f"console.state.{one.state}"), tone="ok" if one.state == "open" else "quiet"),
        one.phone,
    )


@view(router, INSTITUTIONS, "/{institution_id:uuid}")
async def show_institution(desk: Desk) -> Response:
    """Show one institution."""
    institution_id = own(desk)
    async with desk.database.read() as read:
        one = await institutions.institution(read, institution_id)
        pairs = await _facts(read, desk, one)
        sections = [
            *([await _numbers(read, desk, one)]),
            await _departments(read, desk, one),
            await _terminals(read, desk, one),
            await _practitioners(read, desk, one),
        ]
    actions = []
    if one.state == "open":
        actions.append(Action(href(one.id, "/amend"), desk.say("amend")))
        if desk.caller.institution_id is None:
            actions.append(Action(href(one.id, "/close"), desk.say("close"), "danger"))
    up = "" if desk.caller.institution_id else INSTITUTIONS.href
    return desk.detailed(one.name, *sections, pairs=pairs, actions=actions, up=up)


async def _facts(read: Read, desk: Desk, one: institutions.Institution) -> Pairs:
    words = desk.words
    parent = await institutions.names_of(read, [one.parent_id]) if one.parent_id else {}
    district = named(await districts_of(read, words), one.district_code)
    street = named(await options_of(read, words, "division"), one.street_code)
    return (
        (
            desk.say("head.state"),
            Cell(words(f"console.state.{one.state}"), tone="ok" if one.state == "open" else "quiet"),
        ),
        (desk.say("field.class_code"), named(await options_of(read, words, "institution-class"), one.class_code)),
        (desk.say("field.level_code"), named(await options_of(read, words, "hospital-level"), one.level_code)),
        (
            desk.say("field.ownership_code"),
            named(await options_of(read, words, "institution-ownership"), one.ownership_code),
        ),
        (desk.say("field.place"), " ".join(part for part in (district, street, one.address) if part)),
        (desk.say("field.phone"), one.phone),
        (desk.say("field.has_fever_clinic"), words("console.yes" if one.has_fever_clinic else "console.no")),
        (desk.say("field.parent"), next(iter(parent.values()), "")),
        (desk.say("field.version"), one.version),
    )


async def _numbers(read: Read, desk: Desk, one: institutions.Institution) -> Section:
    may = desk.caller.institution_id is None and one.state == "open"
    rows = []
    for number in await institutions.numbers_of(read, one.id):
        away = query(href(one.id, f"/numbers/{number.kind}/withdraw"), number=number.number)
        row = (desk.say(f"number.{number.kind}"), Cell(institutions.numbers.shown(number), code=True))
        rows.append((*row, Cell(desk.say("withdraw"), href=away)) if may else row)
    heads = [desk.say("number.kind"), desk.say("number.number"), *([desk.words("console.act")] if may else [])]
    add = [Action(href(one.id, "/numbers/new"), desk.say("number.add"))] if may else []
    return Section(desk.say("number.title"), tables=[Table(desk.say("number.title"), heads, rows, "")], actions=add)


async def _departments(read: Read, desk: Desk, one: institutions.Institution) -> Section:
    rows = []
    for department in await institutions.departments.departments_of(read, one.id):
        is_open = department.state == "open"
        away = Cell(desk.say("department.close"), href=href(one.id, f"/departments/{department.id}/close"))
        state = Cell(desk.words(f"console.state.{department.state}"), tone="ok" if is_open else "quiet")
        rows.append((department.code, department.name, department.standard_code, state, away if is_open else ""))
    heads = [desk.say(f"department.{name}") for name in ("code", "name", "standard", "state")]
    table = Table(desk.say("department.title"), [*heads, desk.words("console.act")], rows, desk.say("department.none"))
    add = [Action(href(one.id, "/departments/new"), desk.say("department.add"))] if one.state == "open" else []
    return Section(desk.say("department.title"), tables=[table], actions=add)


async def _terminals(read: Read, desk: Desk, one: institutions.Institution) -> Section:
    after = desk.after("terminals")
    found = await institutions.terminals.terminals_of(read, one.id, after=after, limit=LISTED + 1)
    page = page_of(found, LISTED, lambda terminal: (terminal.id,))
    more = query(href(one.id), terminals=page.next) if page.next else ""
    codes = await institutions.terminals.terminal_codes(read, one.id, found)
    scenes = await scenes_of(read, desk.words)
    kinds = await options_of(read, desk.words, "terminal-kind")
    rows = []
    for terminal in page.items:
        state = "active" if terminal.is_active else "retired"
        binding = "bound" if terminal.binding or terminal.client_id else "unbound"
        rows.append(
            (
                Cell(terminal.name, href=href(one.id, f"/terminals/{terminal.id}")),
                named(kinds, terminal.kind),
                named(scenes, terminal.scene_code),
                codes[terminal.id],
                Cell(desk.say(f"terminal.{state}"), tone="ok" if terminal.is_active else "quiet"),
                desk.say(f"terminal.{binding}"),
            )
        )
    heads = [desk.say(f"terminal.{name}") for name in ("name", "kind", "scene", "code", "state", "binding")]
    add = [Action(href(one.id, "/terminals/new"), desk.say("terminal.add"), "act")] if one.state == "open" else []
    table = Table(desk.say("terminal.title"), heads, rows, desk.say("terminal.none"), more)
    return Section(desk.say("terminal.title"), tables=[table], actions=add)


async def _practitioners(read: Read, desk: Desk, one: institutions.Institution) -> Section:
    titles = await options_of(read, desk.words, "professional-title")
    cursor = desk.asked("practitioners")
    after = decode_cursor(cursor, tuple[str])[0] if cursor else ""
    found = await institutions.practitioners.practitioners_of(read, one.id, after=after, limit=LISTED + 1)
    page = page_of(found, LISTED, lambda who: (who.staff_number,))
    more = query(href(one.id), practitioners=page.next) if page.next else ""
    departments = {d.id: d.name for d in await institutions.departments.departments_of(read, one.id)}
    rows = []
    for who in page.items:
        away = Cell(desk.say("practitioner.end"), href=href(one.id, f"/practitioners/{who.practitioner_id}/end"))
        over = desk.say("practitioner.ended", on=who.ended_on) if who.ended_on else desk.say("practitioner.works")
        place = departments.get(who.department_id, "") if who.department_id else ""
        rows.append(
            (who.staff_number, who.name, named(titles, who.title_code), place, over, "" if who.ended_on else away)
        )
    heads = [desk.say(f"practitioner.{name}") for name in ("number", "name", "job", "department", "state")]
    table = Table(
        desk.say("practitioner.title"), [*heads, desk.words("console.act")], rows, desk.say("practitioner.none"), more
    )
    add = [Action(href(one.id, "/practitioners/new"), desk.say("practitioner.add"))] if one.state == "open" else []
    return Section(desk.say("practitioner.title"), tables=[table], actions=add)
