"""Practitioners of an institution: entering one with a post, ending a post."""

from datetime import date
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from healthcloud import institutions
from healthcloud.core.clock import SHANGHAI
from healthcloud.core.errors import Problem
from healthcloud.web.console.desk import Desk, view
from healthcloud.web.console.fields import day_of, uuid_of
from healthcloud.web.console.frame import INSTITUTIONS
from healthcloud.web.console.institutions.labels import options_of
from healthcloud.web.console.institutions.pages import href, own
from healthcloud.web.console.parts import Field, Form, query
from healthcloud.web.page import go_to

router = APIRouter()
PATH = "/{institution_id:uuid}/practitioners"
ONE = PATH + "/{practitioner_id:uuid}/end"


def _today(desk: Desk) -> date:
    return desk.database.clock.now().astimezone(SHANGHAI).date()


@view(router, INSTITUTIONS, f"{PATH}/new")
async def ask_practitioner(desk: Desk) -> Response:
    """Ask who is to be entered."""
    return await _ask(desk, {"started_on": _today(desk).isoformat()})


async def _ask(desk: Desk, values: dict[str, str], problem: Problem | None = None) -> Response:
    institution_id = own(desk)
    async with desk.database.read() as read:
        titles = await options_of(read, desk.words, "professional-title")
        departments = await institutions.departments.departments_of(read, institution_id)
    places = [(str(one.id), one.name) for one in departments if one.state == "open"]
    fields = [
        Field("name", desk.say("practitioner.name"), value=values.get("name", ""), maxlength=50),
        Field("staff_number", desk.say("practitioner.number"), value=values.get("staff_number", ""), maxlength=32),
        Field(
            "licence_number",
            desk.say("practitioner.licence"),
            value=values.get("licence_number", ""),
            hint=desk.say("practitioner.licence-hint"),
            required=False,
            maxlength=32,
        ),
        Field(
            "title_code",
            desk.say("practitioner.job"),
            "select",
            values.get("title_code", ""),
            options=[("", desk.say("practitioner.no-job")), *titles],
            required=False,
        ),
        Field(
            "department_id",
            desk.say("practitioner.department"),
            "select",
            values.get("department_id", ""),
            options=[("", desk.say("practitioner.no-department")), *places],
            required=False,
        ),
        Field("started_on", desk.say("practitioner.started"), "date", values.get("started_on", "")),
    ]
    form = Form(desk.say("practitioner.add"), fields)
    return desk.to_fill(desk.say("practitioner.add"), form, up=href(institution_id), problem=problem)


@view(router, INSTITUTIONS, f"{PATH}/new", "POST")
async def add_practitioner(desk: Desk) -> Response:
    """Enter a practitioner with a post."""
    institution_id, form = own(desk), desk.form()
    try:
        department = form.get("department_id", "")
        wish = institutions.practitioners.PractitionerWish(
            name=form.get("name", ""),
            staff_number=form.get("staff_number", ""),
            started_on=day_of(form.get("started_on", ""), "started_on"),
            licence_number=form.get("licence_number") or None,
            title_code=form.get("title_code") or None,
            department_id=uuid_of(department, "department_id") if department else None,
        )
        await desk.transact(
            lambda tx: institutions.practitioners.add_practitioner(tx, desk.caller, institution_id, wish), UUID
        )
    except Problem as problem:
        return await _ask(desk, form, problem)
    return go_to(query(href(institution_id), done="practitioner-added"))


@view(router, INSTITUTIONS, ONE)
async def ask_end(desk: Desk) -> Response:
    """Ask on which day a post ends."""
    return _ask_end(desk, {"on": _today(desk).isoformat()})


def _ask_end(desk: Desk, values: dict[str, str], problem: Problem | None = None) -> Response:
    form = Form(
        desk.say("practitioner.end"),
        [Field("on", desk.say("practitioner.end-on"), "date", values.get("on", ""))],
        warning=desk.say("practitioner.warning"),
        kind="danger",
    )
    return desk.to_fill(desk.say("practitioner.end"), form, up=href(own(desk)), problem=problem)


@view(router, INSTITUTIONS, ONE, "POST")
async def end_post(desk: Desk) -> Response:
    """End a post."""
    institution_id = own(desk)
    practitioner_id = desk.id("practitioner_id")
    try:
        on = day_of(desk.form().get("on", ""), "on")
        await desk.transact(
            lambda tx: institutions.practitioners.end_post(tx, desk.caller, institution_id, practitioner_id, on),
            type(None),
        )
    except Problem as problem:
        return _ask_end(desk, desk.form(), problem)
    return go_to(query(href(institution_id), done="post-ended"))
