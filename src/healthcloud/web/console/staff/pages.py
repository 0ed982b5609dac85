"""The list of staff, and one member with roles and sessions."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from healthcloud import access, institutions
from healthcloud.core.db import Read
from healthcloud.core.paging import page_of
from healthcloud.web.console.desk import Desk, view
from healthcloud.web.console.fields import institutions_of, uuid_of
from healthcloud.web.console.frame import STAFF
from healthcloud.web.console.parts import Action, Cell, Field, Section, Table, at, query

router = APIRouter()
ONE = "/{account_id:uuid}"
GRANT = "access.grant-roles"
PAGE = 30
STATES = ("invited", "active", "suspended", "left")
TONES = {"invited": "warn", "active": "ok", "suspended": "danger", "left": "quiet"}


def href(account_id: UUID, rest: str = "") -> str:
    """Return where a member's page, or one below it, is."""
    return f"{STAFF.href}/{account_id}{rest}"


def state_of(desk: Desk, line: access.staff.StaffLine) -> Cell:
    """Return a member's state as a label."""
    return Cell(desk.say(f"state.{line.state}"), tone=TONES.get(line.state, ""))


@view(router, STAFF)
async def list_staff(desk: Desk) -> Response:
    """List staff by the filters of the address; who belongs to an institution sees its own."""
    after, (place, state, text) = desk.after(), (desk.asked(name) for name in ("institution", "state", "text"))
    wanted = uuid_of(place, "institution") if place else None
    async with desk.database.read() as read:
        found = await access.staff.staff_of(
            read, desk.caller, wanted, state=state, text=text, after=after, limit=PAGE + 1
        )
        names = await institutions.names_of(read, {one.institution_id for one in found if one.institution_id})
        places = [] if desk.caller.institution_id else await institutions_of(read)
    page = page_of(found, PAGE, lambda one: (one.id,))
    rows = [
        (
            Cell(one.login, href=href(one.id)),
            one.name,
            names.get(one.institution_id) if one.institution_id else desk.say("of-city"),
            state_of(desk, one),
            at(one.signed_in_at),
        )
        for one in page.items
    ]
    heads = [desk.say(f"head.{name}") for name in ("login", "name", "institution", "state", "signed-in")]
    more = query(desk.path, institution=place, state=state, text=text, after=page.next) if page.next else ""
    states = [(one, desk.say(f"state.{one}")) for one in STATES]
    filters = [
        Field("text", desk.say("filter.text"), value=text or "", required=False, maxlength=60),
        Field("state", desk.say("head.state"), "select", state or "", options=states, required=False),
    ]
    if places:
        filters.append(
            Field("institution", desk.say("head.institution"), "select", place or "", options=places, required=False)
        )
    table = Table(desk.say("title"), heads, rows, desk.say("none"), more)
    return desk.listed(
        desk.say("title"), table, filters=filters, actions=[Action(f"{STAFF.href}/new", desk.say("invite"), "act")]
    )


@view(router, STAFF, ONE)
async def show_member(desk: Desk) -> Response:
    """Show a member of staff."""
    async with desk.database.read() as read:
        one = await access.staff.staff_member(read, desk.caller, desk.id("account_id"))
        names = await institutions.names_of(read, [one.institution_id]) if one.institution_id else {}
        sections = [await _roles(read, desk, one), await _sessions(read, desk, one)]
    pairs = (
        (desk.say("head.login"), one.login),
        (desk.say("head.name"), one.name),
        (desk.say("head.institution"), next(iter(names.values()), desk.say("of-city"))),
        (desk.say("head.state"), state_of(desk, one)),
        (desk.say("head.created"), at(one.created_at)),
        (desk.say("head.signed-in"), at(one.signed_in_at)),
        (desk.say("head.ended"), at(one.ended_at)),
    )
    return desk.detailed(one.name, *sections, pairs=pairs, actions=_actions(desk, one), up=STAFF.href)


def _actions(desk: Desk, one: access.staff.StaffLine) -> list[Action]:
    """Return what may be done: nothing to oneself, and to nobody who has left."""
    if one.id == desk.caller.account_id or one.state == "left":
        return []
    acts = {"invited": ["invite-again"], "active": ["suspend", "unlock"], "suspended": ["reinstate"]}[one.state]
    if one.state == "active" and GRANT in desk.caller.scopes:
        acts = ["reset-password", "reset-factor", *acts]
    kinds = {"suspend": "danger", "invite-again": "act"}
    actions = [Action(href(one.id, f"/{what}"), desk.say(f"act.{what}"), kinds.get(what, "quiet")) for what in acts]
    return [*actions, Action(href(one.id, "/leave"), desk.say("act.leave"), "danger")]


async def _roles(read: Read, desk: Desk, one: access.staff.StaffLine) -> Section:
    grants = await access.staff.roles_of(read, desk.caller, one.id)
    logins = await access.staff.logins_of(read, {grant.granted_by for grant in grants})
    may = GRANT in desk.caller.scopes and one.id != desk.caller.account_id and one.state != "left"
    rows = []
    for grant in grants:
        genuine = access.roles.is_genuine(read.vault, grant, one.institution_id)
        name = desk.words(f"console-roles.role.{grant.role}")
        counts = Cell(desk.say("role.genuine" if genuine else "role.altered"), tone="ok" if genuine else "danger")
        until = at(grant.expires_at) if grant.expires_at else desk.say("role.for-good")
        by = logins.get(grant.granted_by, desk.say("role.by-system"))
        away = Cell(desk.say("role.withdraw"), href=href(one.id, f"/roles/{grant.role}/withdraw"))
        row = (Cell(name, href=f"/console/roles#{grant.role}"), until, by, at(grant.granted_at), counts)
        rows.append((*row, away if may else ""))
    heads = [desk.say(f"role.{name}") for name in ("name", "until", "by", "since", "counts")]
    table = Table(desk.say("role.title"), [*heads, desk.words("console.act")], rows, desk.say("role.none"))
    add = [Action(href(one.id, "/roles/new"), desk.say("role.grant"), "act")] if may else []
    return Section(desk.say("role.title"), tables=[table], actions=add)


async def _sessions(read: Read, desk: Desk, one: access.staff.StaffLine) -> Section:
    sessions = await access.staff.sessions_of(read, desk.caller, one.id)
    rows = [(line.device, at(line.created_at), at(line.seen_at), at(line.expires_at)) for line in sessions]
    heads = [desk.say(f"session.{name}") for name in ("device", "since", "seen", "until")]
    table = Table(desk.say("session.title"), heads, rows, desk.say("session.none"))
    may = bool(sessions) and one.id != desk.caller.account_id
    end = [Action(href(one.id, "/sign-out"), desk.say("act.sign-out"), "danger")] if may else []
    return Section(desk.say("session.title"), tables=[table], actions=end)
