"""The review queue: what waits, one question at a time by the keyboard, and on to the next once it is answered."""

from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from healthcloud import index, institutions
from healthcloud.core.consequences import Consequence
from healthcloud.core.db import Transaction
from healthcloud.core.errors import NotFound, Problem
from healthcloud.core.paging import encode_cursor
from healthcloud.web.console import question_history
from healthcloud.web.console.comparing import signed
from healthcloud.web.console.desk import Desk, view
from healthcloud.web.console.fields import institutions_of
from healthcloud.web.console.frame import PERSONS, QUESTIONS
from healthcloud.web.console.parts import Action, Cell, Field, Row, Table, at, query
from healthcloud.web.console.question_showing import Answer, Sides, answers, follows, shown, sources_of
from healthcloud.web.forms import faults_of
from healthcloud.web.once import kept_key
from healthcloud.web.page import go_to

router = APIRouter()
ONE = "/{question_id:uuid}"
AT_ONCE = 50
FILTERS = ("kind", "state", "source")
Kind, State, Verdict = index.questions.Kind, index.questions.QuestionState, index.questions.Verdict
ASKED = tuple(one for one in Kind if one is not Kind.SPLIT)
KEYS = (("j", "next"), ("k", "before"), ("1", "same"), ("2", "different"), ("3", "later"), ("r", "reason"))
CONFIRM_KEYS = (("j", "next"), ("k", "before"), ("c", "confirm"), ("d", "decline"), ("r", "reason"))


def wanted_of(desk: Desk) -> tuple[index.questions.Filter, dict[str, str]]:
    """Return which questions the address asks for, and its part of an address; what says nothing known is left out."""
    known = {
        "kind": {one.value for one in ASKED},
        "state": {State.OPEN.value, State.PROPOSED.value, "later"},
    }
    said = {name: desk.asked(name) or "" for name in FILTERS}
    kept = {name: value for name, value in said.items() if value and value in known.get(name, {value})}
    try:
        source = UUID(kept["source"]) if "source" in kept else None
    except ValueError:
        source = None
        del kept["source"]
    state = kept.get("state")
    return index.questions.Filter(
        kind=Kind(kept["kind"]) if "kind" in kept else None,
        state=State(state) if state and state != "later" else None,
        source_id=source,
        put_off=state == "later",
    ), kept


@view(router, QUESTIONS)
async def list_questions(desk: Desk) -> Response:
    """List what waits, the oldest first; nothing of anybody is in it."""
    wanted, kept = wanted_of(desk)
    async with desk.database.read() as read:
        found = await index.questions.open_questions(read, desk.caller, wanted, desk.asked("cursor"), AT_ONCE)
        names = await institutions.names_of(read, {one.source_id for one in found.items if one.source_id})
        places = await institutions_of(read)
    rows: list[Row] = [
        (
            Cell(desk.say(f"kind.{one.kind}"), href=query(_href(one.id), **kept)),
            names.get(one.source_id) if one.source_id else desk.say("city"),
            len(one.record_ids),
            signed(one.weight) if one.weight else "",
            at(one.opened_at),
            _state(desk, one),
        )
        for one in found.items
    ]
    named = ("kind", "source", "records", "likeness", "opened", "state")
    more = query(QUESTIONS.href, cursor=found.next, **kept) if found.next else ""
    table = Table(desk.say("title"), [desk.say(f"head.{name}") for name in named], rows, desk.say("none"), more)
    first = found.items[0] if found.items else None
    actions = [Action(query(_href(first.id), **kept), desk.say("begin"), "act")] if first else []
    actions += [Action(f"{QUESTIONS.href}/history", desk.say("history.all"))]
    told = desk.asked("told")
    known = desk.words.texts.get(f"console-questions.told.{told}") if told else None
    return desk.listed(
        desk.say("title"),
        table,
        filters=_filters(desk, kept, places),
        actions=actions,
        about=desk.say("about"),
        notice=("ok", f"{known}{'' if first else desk.say('all-done')}") if known else None,
    )


def _filters(desk: Desk, kept: dict[str, str], places: list[tuple[str, str]]) -> list[Field]:
    options = {
        "kind": [(one.value, desk.say(f"kind.{one}")) for one in ASKED],
        "state": [(one, desk.say(f"state.{one}")) for one in (State.OPEN.value, State.PROPOSED.value, "later")],
        "source": places,
    }
    return [
        Field(
            name,
            desk.say(f"head.{name}"),
            "select",
            kept.get(name, ""),
            options=[*([("", desk.say("any"))] if name in kept else []), *options[name]],
            required=False,
        )
        for name in FILTERS
    ]


def _state(desk: Desk, one: index.questions.Question) -> Cell:
    now = desk.database.clock.now()
    if one.state == State.PROPOSED:
        return Cell(desk.say("state.proposed"), tone="warn")
    if one.is_claimed_by_another(desk.caller.account_id, now):
        return Cell(desk.say("state.taken"), tone="quiet")
    later = one.later_until is not None and one.later_until > now
    return Cell(desk.say("state.later" if later else "state.open"), tone="quiet" if later else "ok")


def _href(question_id: UUID, rest: str = "") -> str:
    return f"{QUESTIONS.href}/{question_id}{rest}"


def consequences_of(desk: Desk) -> Sequence[Consequence]:
    """Return who tells what would follow from a merge, as the application has it."""
    return cast("Sequence[Consequence]", desk.request.app.state.consequences)


@view(router, QUESTIONS, ONE)
async def show_question(desk: Desk) -> Response:
    """Open a question: a deed that whom it concerns can read."""
    return await _show(desk)


async def _show(desk: Desk, problem: Problem | None = None) -> Response:
    question_id, told = desk.id("question_id"), consequences_of(desk)
    opened = await desk.database.transact(lambda tx: index.questions.question(tx, desk.caller, question_id, told))
    wanted, kept = wanted_of(desk)
    form = desk.form() if problem is not None else {}
    async with desk.database.read() as read:
        ids = {record.source_id for side in opened.sides for record in side.records} - {index.CITY}
        sides = Sides(desk, opened, await institutions.names_of(read, ids))
        back, on = await index.questions.around(read, desk.caller, wanted, opened.question)
        past = await question_history.of_one(read, desk, sides)
    among = sides.among()
    place = _place(desk, len(among))
    compared = among[place] if among else None
    said = desk.asked("told")
    notice = desk.words.texts.get(f"console-questions.told.{said}") if said else None
    ways, keys, title = _ways(desk, sides, compared)
    is_proposed = opened.question.state == State.PROPOSED
    shared: dict[str, Any] = {} if problem is None else kept_key(desk.request)
    return desk.page(
        "console/index/question.html",
        status=200 if problem is None else problem.status,
        title=desk.say("one", kind=desk.say(f"kind.{opened.question.kind}")),
        up=query(QUESTIONS.href, **kept),
        before=query(_href(back), **kept) if back else "",
        after=query(_href(on), **kept) if on else query(QUESTIONS.href, **kept),
        notice=("ok", notice) if notice else None,
        errors=[] if problem is None else faults_of(desk.words, problem),
        shown=shown(desk, sides, compared),
        tabs=[] if len(among) < 2 else _tabs(desk, sides, kept, place),  # noqa: PLR2004 - one pair needs no choice
        answers=ways,
        answer_title=title,
        act=query(_href(question_id, "/confirm" if is_proposed else ""), **kept),
        hidden=[("between", f"{compared.one} {compared.other}")] if compared else [],
        with_reason=True,
        reason=form.get("reason", "" if is_proposed else desk.say("usual-reason")),
        sections=[sources_of(desk, sides), past],
        persons=_persons(desk, sides),
        keys=[(key, desk.say(f"keys.{word}")) for key, word in keys],
        **shared,
    )


def _place(desk: Desk, count: int) -> int:
    """Return which pair of sides the address asks for; the first where it asks for none there is."""
    asked = next((place for place in range(count) if str(place) == desk.asked("of")), None)
    return asked or 0


def _persons(desk: Desk, sides: Sides) -> list[Action]:
    return [
        Action(f"{PERSONS.href}/{one.side.id}", desk.say("sources-of", who=sides.name(one.side.id)))
        for one in sides.opened.sides
        if one.side.person_id
    ]


def _tabs(desk: Desk, sides: Sides, kept: dict[str, str], place: int) -> list[tuple[str, str, bool]]:
    """Return the pairs of sides there are: each is judged by itself."""
    return [
        (
            query(desk.path, of=str(n) if n else None, **kept),
            desk.say("between", one=sides.name(one.one), other=sides.name(one.other))
            + ("" if one.is_open else desk.say("judged")),
            n == place,
        )
        for n, one in enumerate(sides.among())
    ]


def _ways(
    desk: Desk, sides: Sides, compared: index.questions.Comparison | None
) -> tuple[list[Answer], Sequence[tuple[str, str]], str]:
    """Return how the question can be answered as it stands, by which keys, and what is asked."""
    question = sides.opened.question
    if question.state == State.PROPOSED:
        proposed = next(one for one in sides.opened.history if one.state == index.questions.DecisionState.PROPOSED)
        effects = [desk.say("effect.merge"), *follows(desk, sides, [one.side.id for one in sides.opened.sides])]
        decline = Answer("decline", "d", desk.say("answer.decline"), desk.say("answer.decline-about"))
        if proposed.account_id == desk.caller.account_id:
            return [decline], CONFIRM_KEYS[:2] + CONFIRM_KEYS[3:], desk.say("own-title")
        confirm = Answer(
            "confirm", "c", desk.say("answer.confirm"), desk.say("answer.confirm-about"), "act", effects, says_why=False
        )
        return [confirm, decline], CONFIRM_KEYS, desk.say("confirm-title")
    if question.state != State.OPEN or compared is None or not compared.is_open:
        return [], KEYS[:2], ""
    return answers(desk, sides, compared), KEYS, desk.say("answer-title")


@view(router, QUESTIONS, ONE, "POST")
async def answer(desk: Desk) -> Response:
    """Answer a question, and go on to the next."""
    form, question_id = desk.form(), desk.id("question_id")
    if form.get("verdict") not in (Verdict.SAME, Verdict.DIFFERENT, Verdict.LATER):
        raise NotFound
    verdict = Verdict(form["verdict"])

    async def act(tx: Transaction) -> index.questions.Answered:
        between = [UUID(one) for one in form.get("between", "").split()] or None
        reason = "" if verdict is Verdict.LATER else form.get("reason", "")
        return await index.questions.answer(tx, desk.caller, question_id, verdict, reason, between)

    try:
        done = await desk.transact(act, index.questions.Answered)
    except Problem as problem:
        return await _show(desk, problem)
    await place_anew(desk, done)
    told = "proposed" if done.waits else verdict.value
    if done.state is State.OPEN and verdict is not Verdict.LATER:
        return go_to(query(_href(question_id), told=told, **wanted_of(desk)[1]))
    return await _on(desk, question_id, told)


async def place_anew(desk: Desk, done: index.questions.Answered) -> None:
    """Place the records that an answer set free; what a crash leaves is placed by the sweep."""
    if done.to_place:
        await index.place(desk.database, list(done.to_place))


async def _on(desk: Desk, question_id: UUID, told: str) -> Response:
    """Go to the next question in hand, from the beginning again after the last; to the list where none is left."""
    wanted, kept = wanted_of(desk)
    async with desk.database.read() as read:
        here = await index.questions.find(read, desk.caller, question_id)
        cursor = encode_cursor((here.opened_at, here.id))
        found = await index.questions.open_questions(read, desk.caller, wanted, cursor, 1)
        if not found.items:
            found = await index.questions.open_questions(read, desk.caller, wanted, None, 2)
    following = next((one for one in found.items if one.id != question_id), None)
    return go_to(query(QUESTIONS.href if following is None else _href(following.id), told=told, **kept))


@view(router, QUESTIONS, f"{ONE}/confirm", "POST")
async def confirm(desk: Desk) -> Response:
    """Confirm the merge a colleague proposed, or send it back."""
    form, question_id = desk.form(), desk.id("question_id")
    is_confirmed = form.get("verdict") == "confirm"

    async def act(tx: Transaction) -> index.questions.Answered:
        if is_confirmed:
            return await index.questions.confirm(tx, desk.caller, question_id)
        return await index.questions.decline(tx, desk.caller, question_id, form.get("reason", ""))

    try:
        done = await desk.transact(act, index.questions.Answered)
    except Problem as problem:
        return await _show(desk, problem)
    await place_anew(desk, done)
    if not is_confirmed:
        return go_to(query(_href(question_id), told="declined", **wanted_of(desk)[1]))
    return await _on(desk, question_id, "confirmed")
