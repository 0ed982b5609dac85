"""Roles: what each can see, from what is really declared; giving one, taking one away."""

from fastapi import APIRouter, Request
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.responses import Response

from healthcloud import access, cards
from healthcloud.core.db import Transaction
from healthcloud.core.errors import FieldFault, NotFound, Problem, Unacceptable
from healthcloud.core.http import needs_of
from healthcloud.web.console.desk import Desk, view
from healthcloud.web.console.fields import code_field, end_of_day
from healthcloud.web.console.frame import ROLES, STAFF, SUBJECTS
from healthcloud.web.console.parts import Cell, Field, Form, Pairs, Row, Section, Table, query
from healthcloud.web.console.staff.pages import ONE, href
from healthcloud.web.page import go_to

router = APIRouter()


def pages_of(role: access.Role) -> list[str]:
    """Return the subjects of the consoles a role opens."""
    scopes = access.ROLES[role]
    institutional = role in access.roles.OF_INSTITUTION
    return [one.name for one in SUBJECTS if one.scopes & scopes and not (one.of_city and institutional)]


def interface_of(request: Request, role: access.Role) -> list[tuple[str, str]]:
    """Return method and path of every route of the interface that a scope of this role opens."""
    scopes = access.ROLES[role]
    hot = [(one.path, "POST") for one in cards.HOT_DOCUMENTS if one.scope in scopes]
    return sorted(hot) + sorted(
        (route.path or "", "|".join(sorted(route.methods or ())))
        for route in iter_route_contexts(request.app.routes)
        if isinstance(route.original_route, APIRoute)
        and any(scopes.intersection(need.scopes) for need in needs_of(route.dependant))
    )


@view(router, ROLES)
async def list_roles(desk: Desk) -> Response:
    """Show of every role what it can see."""
    sections = [_section(desk, role) for role in access.Role]
    return desk.page("console/roles.html", title=desk.say("title"), sections=sections, about=desk.say("about"))


def _section(desk: Desk, role: access.Role) -> tuple[str, Section]:
    name = desk.say(f"role.{role}")
    rows: list[Row] = [(desk.say(f"scope.{scope}"), Cell(scope, code=True)) for scope in sorted(access.ROLES[role])]
    heads = [desk.say("can"), desk.say("scope-name")]
    table = Table(f"{name} · {desk.say('can')}", heads, rows, desk.say("none"))
    pages = "、".join(desk.words(f"console.nav.{page}") for page in pages_of(role)) or desk.say("no-pages")
    reach = desk.say("of-institution" if role in access.roles.OF_INSTITUTION else "of-city")
    routes = [(Cell(path, code=True), method) for path, method in interface_of(desk.request, role)]
    heads = [desk.say("path"), desk.say("method")]
    interface = Table(f"{name} · {desk.say('interface')}", heads, routes, desk.say("no-interface"))
    pairs = ((desk.say("reach"), reach), (desk.say("pages"), pages))
    return role.value, Section(name, pairs, [table, interface], about=desk.say(f"role-about.{role}"))


async def _member(desk: Desk) -> access.staff.StaffLine:
    async with desk.database.read() as read:
        return await access.staff.staff_member(read, desk.caller, desk.id("account_id"))


@view(router, STAFF, f"{ONE}/roles/new")
async def ask_role(desk: Desk) -> Response:
    """Ask which role is to be given, and until when."""
    return await _ask_role(desk, {})


async def _ask_role(desk: Desk, values: dict[str, str], problem: Problem | None = None) -> Response:
    one = await _member(desk)
    fitting = [r for r in access.Role if (r in access.roles.OF_INSTITUTION) == (one.institution_id is not None)]
    offered = [(role.value, desk.words(f"console-roles.role.{role}")) for role in fitting]
    fields = [
        Field("role", desk.say("role.name"), "choices", values.get("role", ""), options=offered),
        Field(
            "until",
            desk.say("role.until"),
            "date",
            values.get("until", ""),
            hint=desk.say("role.until-hint"),
            required=False,
        ),
        code_field(desk.words),
    ]
    form = Form(desk.say("role.grant"), fields, review=_who(desk, one), warning=desk.say("role.warning"))
    return desk.to_fill(desk.say("role.grant"), form, up=href(one.id), problem=problem)


def _who(desk: Desk, one: access.staff.StaffLine) -> Pairs:
    return ((desk.say("head.login"), one.login), (desk.say("head.name"), one.name))


@view(router, STAFF, f"{ONE}/roles/new", "POST")
async def grant(desk: Desk) -> Response:
    """Give a role."""
    form, account_id = desk.form(), desk.id("account_id")
    try:
        role = _role(form.get("role", ""))
        until = end_of_day(form.get("until", ""), "until")

        async def give(tx: Transaction) -> None:
            await access.grant_role(tx, desk.caller, account_id, role, expires_at=until)

        await desk.transact_proven(give, type(None))
    except Problem as problem:
        return await _ask_role(desk, form, problem)
    return go_to(query(href(account_id), done="role-granted"))


def _role(text: str) -> access.Role:
    if text not in set(access.Role):
        raise Unacceptable(faults=(FieldFault("#/role", "choose a role", "请选择角色"),))
    return access.Role(text)


@view(router, STAFF, ONE + "/roles/{role}/withdraw")
async def ask_withdrawal(desk: Desk) -> Response:
    """Show which role is to be taken from whom."""
    return await _ask_withdrawal(desk)


async def _ask_withdrawal(desk: Desk, problem: Problem | None = None) -> Response:
    one, role = await _member(desk), desk.request.path_params["role"]
    if role not in set(access.Role):
        raise NotFound
    review = [*_who(desk, one), (desk.say("role.name"), desk.words(f"console-roles.role.{role}"))]
    form = Form(
        desk.say("role.withdraw"),
        [code_field(desk.words)],
        review=review,
        warning=desk.say("role.withdraw-warning"),
        kind="danger",
    )
    return desk.to_fill(desk.say("role.withdraw"), form, up=href(one.id), problem=problem)


@view(router, STAFF, ONE + "/roles/{role}/withdraw", "POST")
async def withdraw(desk: Desk) -> Response:
    """Take a role away; it is gone at the next request."""
    account_id, role = desk.id("account_id"), _role(desk.request.path_params["role"])
    try:
        await desk.transact_proven(lambda tx: access.withdraw_role(tx, desk.caller, account_id, role), type(None))
    except Problem as problem:
        return await _ask_withdrawal(desk, problem)
    return go_to(query(href(account_id), done="role-withdrawn"))
