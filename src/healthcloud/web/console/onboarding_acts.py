"""What is done on an institution's way in: applying to connect, handing a conformance report in."""

import json

from fastapi import APIRouter
from starlette.responses import Response

from healthcloud import institutions, onboarding
from healthcloud.core.errors import FieldFault, NotFound, Problem, Unacceptable
from healthcloud.web.console.desk import Desk, view
from healthcloud.web.console.frame import ONBOARDING
from healthcloud.web.console.onboarding import OF_ONE, href, policy_of
from healthcloud.web.console.parts import Field, Form, query
from healthcloud.web.forms import faults_of
from healthcloud.web.once import kept_key
from healthcloud.web.page import file_of, go_to

router = APIRouter()
LONGEST_TEXT = 60
LONGEST_SYSTEMS = 2000


async def _own(desk: Desk) -> institutions.Institution:
    """Return the institution of the page; raise NotFound for another's, Forbidden where the caller only looks."""
    institution_id = desk.id("institution_id")
    if desk.caller.institution_id not in (None, institution_id):
        raise NotFound
    async with desk.database.read() as read:
        found = await institutions.institution(read, institution_id)
    desk.caller.must(onboarding.MANAGE)
    return found


@view(router, ONBOARDING, f"{OF_ONE}/apply")
async def ask_application(desk: Desk) -> Response:
    """Ask what the institution applies with, what it applied with before filled in."""
    own = await _own(desk)
    async with desk.database.read() as read:
        before = await onboarding.application_of(read, desk.caller, own.id)
    return _ask(desk, own, _values(before) if before else {})


def _values(one: onboarding.Application) -> dict[str, str]:
    systems = "\n".join(f"{each.name} {each.vendor}" for each in one.systems)
    points = {f"point-{point}": "yes" for point in one.points}
    return {"contact": one.contact, "phone": one.phone, "systems": systems} | points


def _ask(desk: Desk, own: institutions.Institution, values: dict[str, str], problem: Problem | None = None) -> Response:
    told = values.get("systems", ""), desk.say("field.systems-hint")
    points = [(f"point-{point}", desk.say(f"point.{point}")) for point in onboarding.Point]
    fields = [
        Field("contact", desk.say("field.contact"), value=values.get("contact", ""), maxlength=LONGEST_TEXT),
        Field("phone", desk.say("field.phone"), value=values.get("phone", ""), maxlength=LONGEST_TEXT),
        Field("systems", desk.say("field.systems"), "area", *told, maxlength=LONGEST_SYSTEMS),
        *(Field(name, label, "tick", values.get(name, ""), required=False) for name, label in points),
    ]
    form = Form(desk.say("apply-act"), fields, about=[desk.say("apply-about")])
    return desk.to_fill(desk.say("apply-of", name=own.name), form, up=href(own.id), problem=problem)


@view(router, ONBOARDING, f"{OF_ONE}/apply", "POST")
async def apply(desk: Desk) -> Response:
    """Keep the application."""
    own, form = await _own(desk), desk.form()
    try:
        await desk.transact(lambda tx: onboarding.apply(tx, desk.caller, own.id, _wish(form)), bool)
    except onboarding.ApplicationUnreadable as problem:
        return _ask(desk, own, form, Unacceptable(faults=tuple(_beside(fault) for fault in problem.faults)))
    except Problem as problem:
        return _ask(desk, own, form, problem)
    return go_to(query(href(own.id), done="applied"))


def _wish(form: dict[str, str]) -> onboarding.Application:
    lines = [line.split(maxsplit=1) for line in form.get("systems", "").splitlines() if line.strip()]
    systems = tuple(onboarding.System(line[0], line[1].strip() if line[1:] else "") for line in lines)
    points = tuple(point for point in onboarding.Point if form.get(f"point-{point}") == "yes")
    return onboarding.Application(form.get("contact", ""), form.get("phone", ""), systems, points)


def _beside(fault: FieldFault) -> FieldFault:
    """Return a fault at the field of the form that stands for it."""
    name = fault.pointer.removeprefix("#/").partition("/")[0]
    return FieldFault(f"#/point-{onboarding.Point.WINDOW}" if name == "points" else f"#/{name}", fault.en, fault.zh)


@view(router, ONBOARDING, f"{OF_ONE}/reports/new")
async def ask_report(desk: Desk) -> Response:
    """Ask for the file of a signed report."""
    return _ask_report(desk, await _own(desk))


def _ask_report(desk: Desk, own: institutions.Institution, problem: Problem | None = None) -> Response:
    shared = {} if problem is None else kept_key(desk.request)
    return desk.page(
        "console/onboarding/report.html",
        status=200 if problem is None else problem.status,
        up=href(own.id),
        errors=[] if problem is None else faults_of(desk.words, problem),
        **shared,
    )


@view(router, ONBOARDING, f"{OF_ONE}/reports/new", "POST")
async def hand_in(desk: Desk) -> Response:
    """Take a signed report in; the same again is the same."""
    own, policy = await _own(desk), policy_of(desk)
    try:
        sent = file_of(desk.request, "file")
        if sent is None:
            raise Unacceptable(faults=(FieldFault("#/file", "must be chosen", "请选择文件"),))
        file = _json(sent.content)
        await desk.transact(lambda tx: onboarding.keep_report(tx, desk.caller, own.id, file, policy), onboarding.Report)
    except Problem as problem:
        return _ask_report(desk, own, problem)
    return go_to(query(href(own.id), done="reported"))


def _json(content: bytes) -> dict[str, object]:
    try:
        told = json.loads(content)
    except (ValueError, RecursionError):
        raise onboarding.ReportUnreadable from None
    if not isinstance(told, dict):
        raise onboarding.ReportUnreadable
    return told
