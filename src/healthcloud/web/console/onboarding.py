"""Onboarding: where each institution stands by evidence, what is missing next, and who must act."""

from collections.abc import Sequence
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from healthcloud import institutions, onboarding
from healthcloud.core.paging import page_of
from healthcloud.web.console.desk import Desk, view
from healthcloud.web.console.frame import ONBOARDING
from healthcloud.web.console.parts import Action, Cell, Field, Pairs, Row, Section, Table, at, query
from healthcloud.web.page import go_to

router = APIRouter()
OF_ONE = "/{institution_id:uuid}"
PAGE = 30
MOST_NAMED = 8  # cases named in a cell; the rest is a number


def href(institution_id: UUID, rest: str = "") -> str:
    """Return where an institution's way in, or a page below it, is."""
    return f"{ONBOARDING.href}/{institution_id}{rest}"


def policy_of(desk: Desk) -> onboarding.Policy:
    """Return which reports count, and what is fresh."""
    return onboarding.policy_of(desk.settings, desk.database)


@view(router, ONBOARDING)
async def list_standings(desk: Desk) -> Response:
    """List where institutions stand; who belongs to one is sent to it."""
    if desk.caller.institution_id is not None:
        return go_to(href(desk.caller.institution_id))
    text, hospitals = desk.asked("text"), desk.asked("hospitals")
    wanted = institutions.InstitutionFilter(text=text, class_code="A" if hospitals else None)
    policy, after = policy_of(desk), desk.after()
    async with desk.database.read() as read:
        found = await onboarding.list_standings(read, desk.caller, policy, wanted, after=after, limit=PAGE + 1)
    page = page_of(found, PAGE, lambda one: (one.institution_id,))
    heads = [desk.say(f"head.{name}") for name in ("institution", "reached", "next", "who")]
    table = Table(
        desk.say("title"),
        [*heads, *(desk.say(f"step.{step}") for step in onboarding.Step)],
        [_row(desk, one) for one in page.items],
        desk.say("none"),
        query(desk.path, text=text, hospitals=hospitals, after=page.next) if page.next else "",
    )
    filters = [
        Field("text", desk.say("filter.text"), value=text or "", required=False, maxlength=100),
        Field("hospitals", desk.say("filter.hospitals"), "tick", hospitals or "", required=False),
    ]
    return desk.listed(desk.say("title"), table, filters=filters, about=desk.say("about"))


def _row(desk: Desk, one: onboarding.Standing) -> Row:
    reached, ahead = one.state.reached, one.state.next
    return [
        Cell(one.institution, href=href(one.institution_id)),
        desk.say(f"step.{reached}") if reached else None,
        desk.say(f"step.{ahead.step}") if ahead else Cell(desk.say("all-met"), tone="ok"),
        desk.say(f"who.{ahead.who_acts}") if ahead else None,
        *(_chip(desk, step) for step in one.state.steps),
    ]


def _chip(desk: Desk, step: onboarding.StepState) -> Cell:
    if step.is_met:
        return Cell(desk.say("met"), tone="ok")
    if step.have == 0:
        return Cell(desk.say("unmet"), tone="quiet")
    return Cell(desk.say("partly", have=step.have, want=step.want), tone="warn")


@view(router, ONBOARDING, OF_ONE)
async def show_standing(desk: Desk) -> Response:
    """Show an institution's steps, points of use, reports and application."""
    institution_id, policy = desk.id("institution_id"), policy_of(desk)
    async with desk.database.read() as read:
        one = await onboarding.standing_of(read, desk.caller, institution_id, policy)
        reports = await onboarding.reports_of(read, desk.caller, institution_id)
        application = await onboarding.application_of(read, desk.caller, institution_id)
    sections = [
        Section(desk.say("steps"), tables=[_steps(desk, one)]),
        Section(desk.say("points"), tables=[_points(desk, one, policy.fresh.days)], about=desk.say("points-about")),
        Section(desk.say("reports"), tables=[_reports(desk, reports, policy)]),
    ]
    if application is not None:
        sections.append(Section(desk.say("application"), _application(desk, application)))
    acts = [
        Action(href(institution_id, "/apply"), desk.say("amend" if application else "apply"), "act"),
        Action(href(institution_id, "/reports/new"), desk.say("hand-in")),
    ]
    may_act = onboarding.MANAGE in desk.caller.scopes
    up = "" if desk.caller.institution_id else ONBOARDING.href
    title = desk.say("of", name=one.institution)
    return desk.detailed(title, *sections, pairs=_where(desk, one), actions=acts if may_act else (), up=up)


def _where(desk: Desk, one: onboarding.Standing) -> Pairs:
    reached, ahead = one.state.reached, one.state.next
    stands = desk.say(f"step.{reached}") if reached else desk.say("not-begun")
    if ahead is None:
        return [(desk.say("head.reached"), stands), (desk.say("head.next"), Cell(desk.say("all-met"), tone="ok"))]
    return [
        (desk.say("head.reached"), stands),
        (desk.say("head.next"), desk.say(f"todo.{ahead.step}")),
        (desk.say("head.who"), desk.say(f"who.{ahead.who_acts}")),
    ]


def _steps(desk: Desk, one: onboarding.Standing) -> Table:
    rows: list[Row] = [
        (
            desk.say(f"step.{step.step}"),
            _chip(desk, step),
            desk.say("of-want", have=step.have, want=step.want),
            at(step.at) if step.at else None,
            _missing(desk, step),
            None if step.is_met else desk.say(f"who.{step.who_acts}"),
        )
        for step in one.state.steps
    ]
    heads = [desk.say(f"head.{name}") for name in ("step", "state", "evidence", "at", "missing", "who")]
    face = one.state.face
    caption = desk.say("steps-on", face=face) if face else desk.say("steps")
    return Table(caption, heads, rows, desk.say("none"))


def _missing(desk: Desk, step: onboarding.StepState) -> str:
    """Name what a step lacks: points in words, cases by their ids, of many the first ones."""
    if step.is_met:
        return ""
    comma = desk.say("comma")
    if step.step is onboarding.Step.POINTS and step.missing:
        return comma.join(desk.say(f"point.{one}") for one in step.missing)
    if not step.missing:
        return desk.say(f"todo.{step.step}")
    named, rest = comma.join(step.missing[:MOST_NAMED]), len(step.missing) - MOST_NAMED
    return desk.say("and-more", named=named, count=rest) if rest > 0 else named


def _points(desk: Desk, one: onboarding.Standing, days: int) -> Table:
    rows: list[Row] = [
        (
            desk.say(f"point.{point.point}"),
            desk.words("console.yes") if point.is_planned else desk.words("console.no"),
            point.terminals,
            point.uses,
            at(point.last_used_at) if point.last_used_at else None,
        )
        for point in one.points
    ]
    heads = [desk.say(f"point-head.{name}") for name in ("point", "planned", "terminals")]
    heads += [desk.say("point-head.uses", days=days), desk.say("point-head.last")]
    return Table(desk.say("points"), heads, rows, desk.say("none"))


def _reports(desk: Desk, reports: Sequence[onboarding.Report], policy: onboarding.Policy) -> Table:
    rows: list[Row] = [
        (
            at(one.ended),
            one.face,
            _verdict(desk, one, policy),
            len(one.passed),
            len(one.failed),
            Cell(one.key, code=True),
            at(one.received_at),
        )
        for one in reports
    ]
    names = ("ended", "face", "verdict", "passed", "failed", "key", "received")
    return Table(desk.say("reports"), [desk.say(f"report.{name}") for name in names], rows, desk.say("report.none"))


def _verdict(desk: Desk, one: onboarding.Report, policy: onboarding.Policy) -> Cell:
    if not policy.trusts(one.key):
        return Cell(desk.say("report.untrusted"), tone="danger")
    if one.is_passed:
        return Cell(desk.say("report.whole"), tone="ok")
    return Cell(desk.say("report.not-passed" if one.is_complete else "report.some"), tone="warn")


def _application(desk: Desk, one: onboarding.Application) -> Pairs:
    comma = desk.say("comma")
    return [
        (desk.say("field.contact"), one.contact),
        (desk.say("field.phone"), one.phone),
        (desk.say("field.systems"), comma.join(f"{each.name} {each.vendor}" for each in one.systems)),
        (desk.say("field.points"), comma.join(desk.say(f"point.{point}") for point in one.points)),
    ]
