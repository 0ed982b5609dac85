"""What the province refused, below the system's page: which use, in its words, and sending it again."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from healthcloud import institutions, people, province
from healthcloud.core.errors import Problem
from healthcloud.core.paging import decode_cursor, page_of
from healthcloud.web.console.desk import Desk, view
from healthcloud.web.console.fields import reason_field
from healthcloud.web.console.frame import SYSTEM
from healthcloud.web.console.parts import Cell, Form, Row, Section, Table, at, query
from healthcloud.web.page import go_to

router = APIRouter()
PATH = "/province"
AGAIN = "/province/{batch_id:uuid}/resend"
PAGE = 30
COUNTS = ("waiting", "uploaded", "refused", "late", "missed", "unknown")


async def section_of(desk: Desk) -> Section:
    """Return the line of the system's page: how the last seven days stand, and where the rest is."""
    async with desk.database.read() as read:
        found = await province.standing(read, desk.caller)
        held = await province.holds(read, desk.caller)
    totals = {name: sum(int(getattr(one, name)) for one in found) for name in COUNTS}
    wrong = {"refused", "late", "missed", "unknown"}
    pairs: list[tuple[str, Cell]] = [
        (desk.say(f"province.{name}"), Cell(str(n), tone="warn" if n and name in wrong else ""))
        for name, n in totals.items()
    ]
    oldest = min((one.oldest_at for one in found if one.oldest_at), default=None)
    pairs.append((desk.say("province.oldest"), at(oldest)))
    pairs.append((desk.say("province.held"), Cell(str(len(held)), tone="danger" if held else "")))
    pairs.append((desk.say("province.title"), Cell(desk.say("province.look"), href=SYSTEM.href + PATH)))
    return Section(desk.say("province.title"), pairs, about=desk.say("province.about"))


@view(router, SYSTEM, PATH)
async def show_province(desk: Desk) -> Response:
    """Show which institutions the province refuses as a whole, and which uses alone."""
    cursor = desk.asked("after")
    after = decode_cursor(cursor, tuple[datetime, UUID]) if cursor else province.OLDEST
    async with desk.database.read() as read:
        held = await province.holds(read, desk.caller)
        uses = await province.refused(read, desk.caller, after=after, limit=PAGE + 1)
        places = {one.institution_id for one in held} | {one.institution_id for one in uses}
        names = await institutions.names_of(read, places)
    notice = ("ok", desk.say("province.done")) if desk.asked("done") else None
    return desk.listed(desk.say("province.title"), _uses(desk, uses, names), _held(desk, held, names), notice=notice)


def _uses(desk: Desk, uses: list[province.RefusedUse], names: dict[UUID, str]) -> Table:
    page = page_of(uses, PAGE, lambda one: (one.refused_at, one.id))
    rows: list[Row] = [
        (
            names.get(one.institution_id),
            one.scene,
            at(one.used_at),
            f"{one.code} {one.msg}",
            desk.words("who.institution"),
            Cell(desk.say("province.resend"), href=f"{SYSTEM.href}{PATH}/{one.id}/resend"),
        )
        for one in page.items
    ]
    heads = [desk.say(f"province.{name}") for name in ("hospital", "scene", "used", "msg", "acts", "resend")]
    more = query(desk.path, after=page.next) if page.next else ""
    return Table(desk.say("province.refused-title"), heads, rows, desk.say("province.none"), more)


def _held(desk: Desk, held: list[province.Hold], names: dict[UUID, str]) -> Table:
    rows: list[Row] = [
        (names.get(one.institution_id), at(one.held_at), one.error, desk.words("who.administrator")) for one in held
    ]
    heads = [desk.say(f"province.{name}") for name in ("hospital", "since", "msg", "acts")]
    return Table(desk.say("province.held"), heads, rows, desk.say("province.none-held"))


@view(router, SYSTEM, AGAIN)
async def ask_again(desk: Desk) -> Response:
    """Say what sending again does, and ask for the reason."""
    return await _ask(desk, {})


async def _ask(desk: Desk, values: dict[str, str], problem: Problem | None = None) -> Response:
    async with desk.database.read() as read:
        one = await province.refused_use(read, desk.caller, desk.id("batch_id"))
        names = await institutions.names_of(read, [one.institution_id])
    form = Form(
        desk.say("province.resend"),
        [reason_field(desk.words, values.get("reason", ""))],
        review=[
            (desk.say("province.hospital"), names.get(one.institution_id)),
            (desk.say("province.msg"), f"{one.code} {one.msg}"),
        ],
        warning=desk.say("province.resend-warning"),
    )
    return desk.to_fill(desk.say("province.resend"), form, up=SYSTEM.href + PATH, problem=problem)


@view(router, SYSTEM, AGAIN, "POST")
async def send_again(desk: Desk) -> Response:
    """Have the use go up anew."""
    form, refused_id = desk.form(), desk.id("batch_id")
    try:
        reason = people.read_evidence(form.get("reason", ""), "reason")
        async with desk.database.read() as read:
            one = await province.refused_use(read, desk.caller, refused_id)
        await desk.transact(
            lambda tx: province.send_again(tx, desk.caller, one.institution_id, [refused_id], reason), int
        )
    except Problem as problem:
        return await _ask(desk, form, problem)
    return go_to(query(SYSTEM.href + PATH, done="resend"))
