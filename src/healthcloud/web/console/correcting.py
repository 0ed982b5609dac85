"""Deciding a resident's request for a correction: prepared with the evidence by one operator, confirmed by another."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from healthcloud import access, people
from healthcloud.core.db import Transaction
from healthcloud.core.errors import NotFound, Problem
from healthcloud.web.console.desk import Desk, view
from healthcloud.web.console.fields import day_of, document_fields, reason_field
from healthcloud.web.console.frame import REQUESTS
from healthcloud.web.console.parts import Field, Form, Pairs, at, query
from healthcloud.web.page import go_to

router = APIRouter()
ONE = "/{person_id:uuid}/{request_id:uuid}"
ADD = ONE + "/correct"
CONFIRM = ONE + "/confirm"
DECLINE = ONE + "/decline"
SEXES = ("1", "2", "9", "0")


def href(person_id: UUID, request_id: UUID, rest: str = "") -> str:
    """Return the address of a request."""
    return f"{REQUESTS.href}/{person_id}/{request_id}{rest}"


def _here(desk: Desk, rest: str = "") -> str:
    return href(desk.id("person_id"), desk.id("request_id"), rest)


async def tabs_of(desk: Desk, one: people.requests.WaitingRequest, here: str = "") -> list[tuple[str, str, bool]]:
    """Return the ways to decide a request: an answer, and for a correction what is to be corrected or confirmed."""
    ways = [("", "tab-answer")]
    if one.kind is people.requests.RequestKind.CORRECTION:
        async with desk.database.read() as read:
            waits = await people.proposals.proposed_for(read, desk.caller, one.person_id, one.id)
        ways += [("/confirm", "tab-confirm"), ("/decline", "tab-decline")] if waits else [("/correct", "tab-correct")]
    return [(href(one.person_id, one.id, rest), desk.say(word), rest == here) for rest, word in ways]


async def _request(desk: Desk) -> people.requests.WaitingRequest:
    """Return the correction asked for; raise NotFound for a request of another kind."""
    async with desk.database.read() as read:
        one = await people.requests.waiting_request(read, desk.caller, desk.id("person_id"), desk.id("request_id"))
    if one.kind is not people.requests.RequestKind.CORRECTION:
        raise NotFound
    return one


@view(router, REQUESTS, ADD)
async def ask_correction(desk: Desk) -> Response:
    """Ask for the right value, what shows it, and the answer."""
    return await _ask(desk, {})


async def _ask(desk: Desk, values: dict[str, str], problem: Problem | None = None) -> Response:
    one = await _request(desk)
    field = desk.words(f"corrections.field.{one.subject}")
    pairs: Pairs = [
        (desk.say("head.ticket"), one.ticket),
        (desk.say("head.subject"), field),
        (desk.say("head.text"), one.text),
    ]
    fields = [
        *_fields(desk, one.subject, values),
        Field("evidence", desk.say("evidence"), value=values.get("evidence", ""), hint=desk.say("evidence-hint")),
        Field("answer", desk.say("answer"), "area", values.get("answer", ""), desk.say("answer-hint"), maxlength=200),
    ]
    form = Form(desk.say("correct"), fields, review=pairs, about=[desk.say("correct-about")])
    tabs = await tabs_of(desk, one, "/correct")
    return desk.to_fill(desk.say("correct"), form, up=REQUESTS.href, problem=problem, tabs=tabs)


def _fields(desk: Desk, subject: str, values: dict[str, str]) -> list[Field]:
    label, value = desk.words(f"corrections.field.{subject}"), values.get("value", "")
    if subject == "number":
        whether = [("yes", desk.say("mistyped-yes")), ("no", desk.say("mistyped-no"))]
        mistyped = Field("mistyped", desk.say("mistyped"), "choices", values.get("mistyped", ""), options=whether)
        return [*document_fields(desk.words, values), mistyped]
    if subject == "sex":
        return [Field("value", label, "choices", value, options=[(one, desk.words(f"sex.{one}")) for one in SEXES])]
    if subject == "birth-date":
        return [Field("value", label, "date", value)]
    hints = {"ethnicity": desk.say("ethnicity-hint"), "nationality": desk.say("nationality-hint")}
    return [Field("value", label, value=value, hint=hints.get(subject, ""), maxlength=100)]


@view(router, REQUESTS, ADD, "POST")
async def correct(desk: Desk) -> Response:
    """Correct it, or have it wait for another operator."""
    form, one = desk.form(), await _request(desk)
    try:
        wish = _wish(one.subject, form)

        async def act(tx: Transaction) -> bool:
            answer = form.get("answer", "")
            return await people.proposals.propose_correction(tx, desk.caller, one.person_id, one.id, wish, answer)

        waits = await desk.transact(act, bool)
    except Problem as problem:
        return await _ask(desk, form, problem)
    return go_to(query(REQUESTS.href, done="proposed" if waits else "corrected"))


def _wish(subject: str, form: dict[str, str]) -> people.CorrectionForm:
    value: Any = form.get("value", "") or None
    changes: dict[str, Any] = {subject: value}
    if subject == "number":
        document = people.DocumentForm(form.get("kind", ""), form.get("number", ""))
        changes = {"document": document, "mistyped": form.get("mistyped") == "yes"}
    elif subject == "birth-date":
        changes = {"birth_date": day_of(form.get("value", ""), "value")}
    return people.CorrectionForm(evidence=form.get("evidence", ""), **changes)


@view(router, REQUESTS, CONFIRM)
async def ask_confirmation(desk: Desk) -> Response:
    """Show what is prepared beside what is registered; a look, which is a deed."""
    return await _compare(desk)


async def _compare(desk: Desk, problem: Problem | None = None) -> Response:
    one = await _request(desk)
    proposal, held = await desk.database.transact(
        lambda tx: people.proposals.look_at(tx, desk.caller, one.person_id, one.id)
    )
    async with desk.database.read() as read:
        waits = await people.proposals.proposed_for(read, desk.caller, one.person_id, one.id)
        logins = await access.staff.logins_of(read, [waits.account_id] if waits else [])
    pairs: Pairs = [
        (desk.say("head.ticket"), one.ticket),
        (desk.say("head.text"), one.text),
        *_both(desk, proposal.form, held.face),
        (desk.say("evidence"), proposal.form.evidence),
        (desk.say("answer"), proposal.answer),
        (desk.say("proposed-by"), ", ".join(logins.values())),
        (desk.say("proposed-at"), at(waits.proposed_at) if waits else None),
    ]
    form = Form(
        desk.say("confirm"), review=pairs, about=[desk.say("confirm-about")], warning=desk.say("confirm-warning")
    )
    tabs = await tabs_of(desk, one, "/confirm")
    return desk.to_fill(desk.say("confirm"), form, up=REQUESTS.href, problem=problem, tabs=tabs)


def _both(desk: Desk, form: people.CorrectionForm, face: people.Face) -> Pairs:
    """Return each changed field as it is and as it would be."""
    kept = {
        "name": (face.name, form.name),
        "number": (face.document_number, form.document and form.document.number),
        "sex": (desk.words(f"sex.{face.sex}"), desk.words(f"sex.{form.sex}") if form.sex else None),
        "birth-date": (face.birth_date.isoformat(), form.birth_date and form.birth_date.isoformat()),
        "ethnicity": (face.ethnicity, form.ethnicity),
        "nationality": (face.nationality, form.nationality),
    }
    told: list[tuple[str, str]] = []
    for field, (before, after) in kept.items():
        if after is not None:
            label = desk.words(f"corrections.field.{field}")
            told += [(desk.say("before", field=label), before or ""), (desk.say("after", field=label), str(after))]
    return told


@view(router, REQUESTS, CONFIRM, "POST")
async def confirm(desk: Desk) -> Response:
    """Carry out what another operator prepared."""
    one = await _request(desk)
    try:
        await desk.transact(lambda tx: people.proposals.confirm_correction(tx, desk.caller, one.person_id, one.id), int)
    except Problem as problem:
        return await _compare(desk, problem)
    return go_to(query(REQUESTS.href, done="corrected"))


@view(router, REQUESTS, DECLINE)
async def ask_reason(desk: Desk) -> Response:
    """Ask why what is prepared is put aside."""
    return await _ask_reason(desk, {})


async def _ask_reason(desk: Desk, values: dict[str, str], problem: Problem | None = None) -> Response:
    one = await _request(desk)
    fields = [reason_field(desk.words, values.get("reason", ""))]
    form = Form(desk.say("decline"), fields, warning=desk.say("decline-warning"))
    tabs = await tabs_of(desk, one, "/decline")
    return desk.to_fill(desk.say("decline"), form, up=REQUESTS.href, problem=problem, tabs=tabs)


@view(router, REQUESTS, DECLINE, "POST")
async def decline(desk: Desk) -> Response:
    """Put what is prepared aside; the request stays open."""
    one, form = await _request(desk), desk.form()

    async def act(tx: Transaction) -> None:
        reason = form.get("reason", "")
        await people.proposals.decline_correction(tx, desk.caller, one.person_id, one.id, reason)

    try:
        await desk.transact(act, type(None))
    except Problem as problem:
        return await _ask_reason(desk, form, problem)
    return go_to(_here(desk))
