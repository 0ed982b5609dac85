"""Inviting somebody, and showing the link they enrol by."""

from fastapi import APIRouter
from starlette.responses import Response

from healthcloud import access, institutions
from healthcloud.core.errors import Problem
from healthcloud.web.console.desk import Desk, view
from healthcloud.web.console.fields import institutions_of, text_of, uuid_of
from healthcloud.web.console.frame import STAFF
from healthcloud.web.console.parts import Action, Cell, Field, Form, Pairs, at
from healthcloud.web.console.staff.pages import GRANT, href
from healthcloud.web.drafts import Draft

router = APIRouter()
LONGEST_NAME = 60


def told(desk: Desk, invitation: access.Invitation) -> Response:
    """Show the link of an invitation, once; the token stands behind `#`, so that no server's log has it."""
    link = f"{desk.settings.public_url.rstrip('/')}/staff/enrol#{invitation.token}"
    pairs: Pairs = (
        (desk.say("head.login"), invitation.login),
        (desk.say("invitation.kind"), desk.say(f"invitation.{invitation.kind}")),
        (desk.say("invitation.link"), Cell(link, code=True)),
        (desk.say("invitation.until"), at(invitation.expires_at)),
    )
    on = Action(href(invitation.account_id), desk.say("invitation.on"))
    return desk.told_once(desk.say("invitation.title"), pairs, [desk.say("invitation.about")], on=on)


def _roles(desk: Desk) -> list[tuple[str, str]]:
    """Return the roles the caller may give with the invitation."""
    if GRANT not in desk.caller.scopes:
        return []
    return [(role.value, desk.words(f"console-roles.role.{role}")) for role in access.Role]


async def _fields(desk: Desk, values: dict[str, str]) -> list[Field]:
    fields = [
        Field(
            "login", desk.say("head.login"), value=values.get("login", ""), hint=desk.say("login-hint"), maxlength=32
        ),
        Field("name", desk.say("head.name"), value=values.get("name", ""), maxlength=LONGEST_NAME),
    ]
    if desk.caller.institution_id is None:
        async with desk.database.read() as read:
            places = [("", desk.say("of-city")), *await institutions_of(read)]
        fields.append(
            Field(
                "institution_id",
                desk.say("head.institution"),
                "select",
                values.get("institution_id", ""),
                options=places,
                required=False,
            )
        )
    if roles := _roles(desk):
        offered = [("", desk.say("role.later")), *roles]
        fields.append(
            Field("role", desk.say("role.name"), "select", values.get("role", ""), options=offered, required=False)
        )
    return fields


@view(router, STAFF, "/new")
async def ask_invitation(desk: Desk) -> Response:
    """Ask who is to be invited, or show what was filled in, to be checked."""
    draft = await desk.draft()
    if draft is None or draft.is_changing:
        return await _ask(desk, draft.fields if draft else {}, draft=draft)
    return await _review(desk, draft)


async def _ask(
    desk: Desk, values: dict[str, str], problem: Problem | None = None, draft: Draft | None = None
) -> Response:
    form = Form(desk.words("console.check"), await _fields(desk, values), about=[desk.say("invite-about")])
    return desk.to_fill(desk.say("invite"), form, up=STAFF.href, problem=problem, draft=draft)


@view(router, STAFF, "/new", "POST")
async def invite(desk: Desk) -> Response:
    """Keep who is to be invited, to be checked; then open the account and show its link."""
    form = desk.form()
    try:
        if form.get("checked") != "yes":
            if place := form.get("institution_id", ""):
                uuid_of(place, "institution_id")
            return await desk.to_check({field.name: form.get(field.name, "") for field in await _fields(desk, form)})
        name, place = text_of(form, "name", LONGEST_NAME), form.get("institution_id", "")
        institution_id = uuid_of(place, "institution_id") if place else desk.caller.institution_id
        chosen = form.get("role", "")
        roles = [access.Role(chosen)] if chosen in set(access.Role) and _roles(desk) else []
        invitation = await desk.transact(
            lambda tx: access.invite(
                tx,
                desk.caller,
                desk.policy,
                login=form.get("login", ""),
                name=name,
                institution_id=institution_id,
                roles=roles,
            ),
            access.Invitation,
        )
    except Problem as problem:
        return await _ask(desk, form, problem)
    return told(desk, invitation)


async def _review(desk: Desk, draft: Draft) -> Response:
    form = draft.fields
    fields = await _fields(desk, form)
    place = form.get("institution_id", "")
    async with desk.database.read() as read:
        names = await institutions.names_of(read, [uuid_of(place, "institution_id")]) if place else {}
    review: list[tuple[str, Cell | str]] = [(field.label, form.get(field.name, "")) for field in fields[:2]]
    review.append((desk.say("head.institution"), next(iter(names.values()), desk.say("of-city"))))
    if form.get("role") in set(access.Role):
        role = access.Role(form["role"])
        review.append((desk.say("role.name"), desk.words(f"console-roles.role.{role}")))
        scopes = [desk.words(f"console-roles.scope.{scope}") for scope in sorted(access.ROLES[role])]
        review.append((desk.say("role.can"), "；".join(scopes)))
    hidden = [(field.name, form.get(field.name, "")) for field in fields] + [("checked", "yes")]
    reviewed = Form(desk.say("invite-act"), review=review, hidden=hidden, change=draft.change)
    return desk.to_fill(desk.say("invite"), reviewed, up=f"{STAFF.href}/new", draft=draft)
