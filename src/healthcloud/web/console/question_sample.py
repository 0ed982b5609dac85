"""Links the machine made, drawn to be judged by a clerk: how often it is right is measured, not believed."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from healthcloud import index, institutions
from healthcloud.core.db import Transaction
from healthcloud.core.errors import NotFound, Problem
from healthcloud.web.console.desk import Desk, view
from healthcloud.web.console.frame import QUALITY, QUESTIONS
from healthcloud.web.console.parts import Pairs, at, query
from healthcloud.web.console.question_showing import Answer, Shown, lines_of, rule_in_words, total_of
from healthcloud.web.forms import faults_of
from healthcloud.web.once import kept_key
from healthcloud.web.page import go_to

router = APIRouter()
SAMPLE = "/sample"
Verdict = index.quality.Verdict
KEYS = (("1", Verdict.SAME), ("2", Verdict.DIFFERENT), ("3", Verdict.UNSURE))


@view(router, QUESTIONS, SAMPLE)
async def show_sample(desk: Desk) -> Response:
    """Open the sample that has waited longest: a deed its person can read."""
    return await _show(desk)


async def _show(desk: Desk, problem: Problem | None = None) -> Response:
    found = await desk.database.transact(lambda tx: index.quality.next_sample(tx, desk.caller))
    if found is None:
        return go_to(query(QUESTIONS.href, told="sampled"))
    async with desk.database.read() as read:
        names = await institutions.names_of(read, {found.record.source_id, found.other.source_id} - {index.CITY})
    names[index.CITY] = desk.say("city")
    ways = [
        Answer(verdict, key, desk.say(f"sample.{verdict}"), desk.say(f"sample.{verdict}-about"))
        for key, verdict in KEYS
    ]
    told = desk.asked("told")
    notice = desk.words.texts.get(f"console-questions.told.{told}") if told else None
    shared = {} if problem is None else kept_key(desk.request)
    return desk.page(
        "console/index/question.html",
        status=200 if problem is None else problem.status,
        title=desk.say("sample.title"),
        up=QUALITY.href,
        before="",
        after="",
        notice=("ok", notice) if notice else None,
        errors=[] if problem is None else faults_of(desk.words, problem),
        shown=_shown(desk, found, names),
        tabs=[],
        answers=ways,
        answer_title=desk.say("answer-title"),
        act=desk.path,
        hidden=[("record", str(found.record.id))],
        with_reason=False,
        reason="",
        sections=[],
        persons=[],
        keys=[(key, desk.say(f"sample.{verdict}")) for key, verdict in KEYS],
        **shared,
    )


def _shown(desk: Desk, found: index.quality.SampleShown, names: dict[UUID, str]) -> Shown:
    pair = (found.record, found.other)
    facts: Pairs = [
        (desk.say("head.rule"), rule_in_words(desk, found.rule)),
        (desk.say("sample.drawn"), at(found.drawn_at)),
    ]
    columns = [f"{letter} · {names.get(one.source_id, '–')}" for letter, one in zip("AB", pair, strict=True)]
    lines = lines_of(desk, pair, found.decision)
    return Shown(desk.say("sample.about"), facts, columns, lines, total_of(desk, found.decision))


@view(router, QUESTIONS, SAMPLE, "POST")
async def judge_sample(desk: Desk) -> Response:
    """Keep what a clerk says, and show the next."""
    form = desk.form()
    try:
        record_id, verdict = UUID(form.get("record", "")), Verdict(form.get("verdict", ""))
    except ValueError:
        raise NotFound from None

    async def act(tx: Transaction) -> None:
        await index.quality.judge(tx, desk.caller, record_id, verdict)

    try:
        await desk.transact(act, type(None))
    except Problem as problem:
        return await _show(desk, problem)
    return go_to(query(desk.path, told="judged"))
