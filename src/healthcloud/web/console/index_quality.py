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
    records = found.records
    shares = _precision(desk, found.precision)
    pairs: Pairs = [
        (desk.say("counted"), at(found.counted_at) if found.counted_at else desk.say("never")),
        (desk.say("head.records"), f"{sum(records.values()):,}"),
        (desk.say("head.linked"), f"{found.outcomes.get('linked', 0):,}"),
        (desk.say("head.new"), f"{found.outcomes.get('new', 0):,}"),
        (desk.say("head.review"), f"{records.get('review', 0):,}"),
        (desk.say("head.waiting"), f"{records.get('waiting', 0):,}"),
        (desk.say("head.duplicates"), f"{found.duplicates_suspected:,}"),
        (desk.say("oldest"), _age(desk, found.oldest_question)),
        (desk.say("median"), _age(desk, found.median_question)),
        (desk.say("head.precision"), shares[0]),
        (desk.say("head.base"), shares[1]),
    ]
    linked = sum(found.links_by_rule.values())
    rules: list[Row] = [
        (_rule(desk, rule), f"{count:,}", f"{100 * count / linked:.1f} %")
        for rule, count in sorted(found.links_by_rule.items(), key=lambda one: (-one[1], one[0]))
    ]
    kinds: list[Row] = [
        (desk.words(f"console-questions.kind.{kind}"), f"{count:,}")
        for kind, count in sorted(found.questions.items(), key=lambda one: (-one[1], one[0]))
    ]
    by_rule = Table(
        desk.say("rules"),
        [desk.say(f"head.{name}") for name in ("rule", "linked", "share")],
        rules,
        desk.say("no-links"),
    )
    by_kind = Table(
        desk.say("questions"),
        [desk.words("console-questions.head.kind"), desk.say("head.count")],
        kinds,
        desk.say("no-questions"),
    )
    sections = [
        *more,
        Section(desk.say("rules"), tables=[by_rule]),
        Section(desk.say("questions"), tables=[by_kind]),
        Section(
            desk.say("meaning.title"), [(desk.say(f"meaning.{name}"), desk.say(f"means.{name}")) for name in _TOLD]
        ),
    ]
    actions = []
    if "index.review" in desk.caller.scopes:
        waiting = desk.say("sample", n=found.precision.waiting)
        actions = [Action("/console/questions", desk.words("console-questions.begin"))]
        actions += [Action("/console/questions/sample", waiting, "act")] if found.precision.waiting else []
    return desk.detailed(title, *sections, pairs=pairs, actions=actions, up=up)


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
