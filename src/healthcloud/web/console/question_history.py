"""What was decided of a question and of all: by whom, why, what became of it, and the way back."""

from collections.abc import Sequence

from fastapi import APIRouter
from starlette.responses import Response

from healthcloud import access, index, institutions
from healthcloud.core.db import Read, Transaction
from healthcloud.core.errors import NotFound, Problem
from healthcloud.web.console.desk import Desk, view
from healthcloud.web.console.fields import reason_field
from healthcloud.web.console.frame import QUESTIONS
from healthcloud.web.console.parts import Action, Cell, Form, Pairs, Row, Section, Table, at, query
from healthcloud.web.console.question_showing import Sides
from healthcloud.web.page import go_to

router = APIRouter()
AT_ONCE = 50
UNDO = "/{question_id:uuid}/undo/{decision_id:uuid}"
DecisionState, Verdict = index.questions.DecisionState, index.questions.Verdict
TONES = {DecisionState.DONE: "ok", DecisionState.PROPOSED: "warn"}


def is_reversible(one: index.questions.Decided) -> bool:
    """Tell whether a decision can be taken back."""
    return one.state == DecisionState.DONE and one.verdict != Verdict.LATER


async def rows_of(
    read: Read, desk: Desk, decided: Sequence[index.questions.Decided], *, with_question: bool
) -> list[Row]:
    """Return decisions as rows, with who made, confirmed and undid them."""
    accounts = {who for one in decided for who in (one.account_id, one.second_account, one.undone_by) if who}
    logins = await access.staff.logins_of(read, accounts)
    rows: list[Row] = []
    for one in decided:
        whole = [one.reason, *([desk.say("history.undone", why=one.undone_reason)] if one.undone_reason else [])]
        others = [logins[who] for who in (one.second_account, one.undone_by) if who in logins]
        question = Cell(desk.say("history.question"), href=f"{QUESTIONS.href}/{one.question_id}")
        undo = Cell(desk.say("answer.undo"), href=f"{QUESTIONS.href}/{one.question_id}/undo/{one.id}")
        rows.append(
            (
                at(one.at),
                desk.say(f"verdict.{one.verdict}"),
                Cell(desk.say(f"decided.{one.state}"), tone=TONES.get(DecisionState(one.state), "quiet")),
                logins.get(one.account_id, desk.say("somebody")),
                "、".join(others),
                "；".join(line for line in whole if line),
                *([question] if with_question else []),
                undo if is_reversible(one) else "",
            )
        )
    return rows


def heads(desk: Desk, *, with_question: bool) -> list[str]:
    """Return the heads of the rows of decisions."""
    named = ("at", "what", "became", "who", "second", "why", *(["question"] if with_question else []), "way-back")
    return [desk.say(f"history.{name}") for name in named]


async def of_one(read: Read, desk: Desk, sides: Sides) -> Section:
    """Return what happened to a question."""
    rows = await rows_of(read, desk, sides.opened.history, with_question=False)
    title = desk.say("history.title")
    table = Table(title, heads(desk, with_question=False), rows, desk.say("history.none"))
    return Section(title, tables=[table])


@view(router, QUESTIONS, "/history")
async def list_decisions(desk: Desk) -> Response:
    """List what was decided, the newest first."""
    async with desk.database.read() as read:
        found = await index.questions.history(read, desk.caller, desk.asked("cursor"), AT_ONCE)
        rows = await rows_of(read, desk, found.items, with_question=True)
    more = query(desk.path, cursor=found.next) if found.next else ""
    table = Table(desk.say("history.all"), heads(desk, with_question=True), rows, desk.say("history.none"), more)
    actions = [Action(QUESTIONS.href, desk.say("to-list"))]
    return desk.listed(desk.say("history.all"), table, about=desk.say("history.about"), actions=actions)


async def _decided(desk: Desk, read: Read) -> index.questions.Decided:
    question_id, decision_id = desk.id("question_id"), desk.id("decision_id")
    past = await index.questions.history_of(read, desk.caller, question_id)
    found = next((one for one in past if one.id == decision_id and is_reversible(one)), None)
    if found is None:
        raise NotFound
    return found


@view(router, QUESTIONS, UNDO)
async def ask_undo(desk: Desk) -> Response:
    """Say what undoing gives back, and ask why."""
    return await _ask(desk, {})


async def _ask(desk: Desk, values: dict[str, str], problem: Problem | None = None) -> Response:
    async with desk.database.read() as read:
        one = await _decided(desk, read)
        back = await index.questions.moved_by(read, desk.caller, one)
        logins = await access.staff.logins_of(read, [who for who in (one.account_id, one.second_account) if who])
        names = await institutions.names_of(read, {record.source_id for record in back})
    pairs: Pairs = [
        (desk.say("history.what"), desk.say(f"verdict.{one.verdict}")),
        (desk.say("history.at"), at(one.at)),
        (desk.say("history.who"), "、".join(logins.values())),
        (desk.say("history.why"), one.reason),
        *((desk.say("undo.record", source=names.get(two.source_id, "–")), two.number) for two in back),
    ]
    about = ["merge"] if one.from_id else ["different"] if one.verdict == Verdict.DIFFERENT else []
    about += ["records"] if back else []
    form = Form(
        desk.say("answer.undo"),
        [reason_field(desk.words, values.get("reason", ""))],
        review=pairs,
        about=[desk.say(f"undo.{name}") for name in (*about, "always")],
        kind="danger",
    )
    up = f"{QUESTIONS.href}/{one.question_id}"
    return desk.to_fill(desk.say("undo-title"), form, up=up, problem=problem)


@view(router, QUESTIONS, UNDO, "POST")
async def undo(desk: Desk) -> Response:
    """Take a decision back."""
    question_id, decision_id, form = desk.id("question_id"), desk.id("decision_id"), desk.form()

    async def act(tx: Transaction) -> index.questions.Answered:
        return await index.questions.undo(tx, desk.caller, question_id, decision_id, form.get("reason", ""))

    try:
        done = await desk.transact(act, index.questions.Answered)
    except Problem as problem:
        return await _ask(desk, form, problem)
    if done.to_place:
        await index.place(desk.database, list(done.to_place))
    return go_to(query(f"{QUESTIONS.href}/{question_id}", told="undone"))
