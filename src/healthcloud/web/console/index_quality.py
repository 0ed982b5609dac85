"""How well the index does: duplicates suspected, what links rest on, how old questions are, how often it is right."""

from datetime import timedelta
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from healthcloud import index, institutions
from healthcloud.web.console.desk import Desk, view
from healthcloud.web.console.frame import QUALITY
from healthcloud.web.console.parts import Action, Cell, Pairs, Row, Section, Table, at

router = APIRouter()
_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)


@view(router, QUALITY)
async def show_quality(desk: Desk) -> Response:
    """Show the whole city, institution by institution; an institution's staff their own."""
    if desk.caller.institution_id is not None:
        return await _show(desk, desk.caller.institution_id)
    async with desk.database.read() as read:
        found = await index.quality.quality_of(read, desk.caller)
        lines = await index.quality.by_institution(read, desk.caller)
    rows: list[Row] = [
        (
            Cell(one.name or str(one.institution_id), href=f"{QUALITY.href}/{one.institution_id}"),
            f"{one.records:,}",
            f"{one.linked:,}",
            f"{one.review:,}",
            f"{one.duplicates_suspected:,}",
            *_precision(desk, one.precision),
        )
        for one in lines
    ]
    named = ("institution", "records", "linked", "review", "duplicates", "precision", "base")
    heads = [desk.say(f"head.{name}") for name in named]
    table = Table(desk.say("institutions"), heads, rows, desk.say("none"))
    section = Section(desk.say("institutions"), tables=[table])
    return _shown(desk, desk.say("title"), found, [section])


@view(router, QUALITY, "/{institution_id:uuid}")
async def show_of_institution(desk: Desk) -> Response:
    """Show one institution's."""
    return await _show(desk, desk.id("institution_id"))


async def _show(desk: Desk, institution_id: UUID) -> Response:
    async with desk.database.read() as read:
        place = await institutions.institution(read, institution_id)
        found = await index.quality.quality_of(read, desk.caller, institution_id)
    up = QUALITY.href if desk.caller.institution_id is None else ""
    return _shown(desk, desk.say("of", name=place.name), found, [], up)


def _shown(desk: Desk, title: str, found: index.quality.Quality, more: list[Section], up: str = "") -> Response:
    told: Pairs = [(desk.say(f"meaning.{name}"), desk.say(f"means.{name}")) for name in _TOLD]
    sections = [*more, _rules(desk, found), _questions(desk, found), Section(desk.say("meaning.title"), told)]
    actions = []
    if "index.review" in desk.caller.scopes:
        actions = [Action("/console/questions", desk.words("console-questions.begin"))]
        if found.precision.waiting:
            label = desk.say("sample", n=found.precision.waiting)
            actions.append(Action("/console/questions/sample", label, "act"))
    return desk.detailed(title, *sections, pairs=_measures(desk, found), actions=actions, up=up)


def _measures(desk: Desk, found: index.quality.Quality) -> Pairs:
    precision, base = _precision(desk, found.precision)
    return [
        (desk.say("counted"), at(found.counted_at) if found.counted_at else desk.say("never")),
        (desk.say("head.records"), f"{sum(found.records.values()):,}"),
        (desk.say("head.linked"), f"{found.outcomes.get('linked', 0):,}"),
        (desk.say("head.new"), f"{found.outcomes.get('new', 0):,}"),
        (desk.say("head.review"), f"{found.records.get('review', 0):,}"),
        (desk.say("head.waiting"), f"{found.records.get('waiting', 0):,}"),
        (desk.say("head.duplicates"), f"{found.duplicates_suspected:,}"),
        (desk.say("oldest"), _age(desk, found.oldest_question)),
        (desk.say("median"), _age(desk, found.median_question)),
        (desk.say("head.precision"), precision),
        (desk.say("head.base"), base),
    ]


def _rules(desk: Desk, found: index.quality.Quality) -> Section:
    linked = sum(found.links_by_rule.values())
    rows: list[Row] = [
        (_rule(desk, rule), f"{count:,}", f"{100 * count / linked:.1f} %")
        for rule, count in sorted(found.links_by_rule.items(), key=lambda one: (-one[1], one[0]))
    ]
    heads = [desk.say(f"head.{name}") for name in ("rule", "linked", "share")]
    return Section(desk.say("rules"), tables=[Table(desk.say("rules"), heads, rows, desk.say("no-links"))])


def _questions(desk: Desk, found: index.quality.Quality) -> Section:
    rows: list[Row] = [
        (desk.words(f"console-questions.kind.{kind}"), f"{count:,}")
        for kind, count in sorted(found.questions.items(), key=lambda one: (-one[1], one[0]))
    ]
    heads = [desk.words("console-questions.head.kind"), desk.say("head.count")]
    table = Table(desk.say("questions"), heads, rows, desk.say("no-questions"))
    return Section(desk.say("questions"), tables=[table])


_TOLD = ("linked", "duplicates", "precision", "age")


def _precision(desk: Desk, found: index.quality.Precision) -> tuple[str, str]:
    """Return the share found right with its interval, and what it rests on."""
    if found.share is None or found.low is None or found.high is None:
        return desk.say("unmeasured"), ""
    interval = desk.say("share", share=f"{found.share:.2%}", low=f"{found.low:.2%}", high=f"{found.high:.2%}")
    return interval, desk.say("base", judged=found.judged, right=found.right, unsure=found.unsure)


def _rule(desk: Desk, rule: str) -> str:
    known = f"index.rule.{rule}"
    return desk.words(known) if known in desk.words else desk.say(f"rule.{rule}") if rule == "human" else rule


def _age(desk: Desk, age: timedelta | None) -> str:
    if age is None:
        return "–"
    if age < _DAY:
        return desk.say("hours", n=max(1, round(age / _HOUR)))
    return desk.say("days", n=round(age / _DAY))
