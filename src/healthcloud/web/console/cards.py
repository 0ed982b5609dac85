"""Card operations: a card found with a reason, its state and history, and what is done to it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from healthcloud import access, audit, cards, institutions, people
from healthcloud.core.db import Read, Transaction
from healthcloud.core.errors import NotFound, Problem
from healthcloud.web.console.desk import Desk, view
from healthcloud.web.console.fields import code_field, document_fields, reason_field
from healthcloud.web.console.frame import CARDS
from healthcloud.web.console.parts import Action, Cell, Field, Form, Pairs, Row, Section, Table, at, query
from healthcloud.web.page import go_to

router = APIRouter()
ONE = "/{person_id:uuid}"
LOOKED_UP = ("people.looked-up", "cards.looked-up")
LOOK_LASTS = timedelta(hours=12)
TONES = {cards.CardStatus.NORMAL: "ok", cards.CardStatus.FROZEN: "warn", cards.CardStatus.CANCELLED: "danger"}


@dataclass(frozen=True, slots=True)
class Act:
    """One act on a card: when it may be done, what carries it out, whether a one-time code is asked."""

    statuses: frozenset[cards.CardStatus]
    act: Callable[[Transaction, Desk, UUID], Awaitable[Any]]
    grave: bool = False


async def _alias(tx: Transaction, desk: Desk, person_id: UUID) -> None:
    """Have another number stand for this card."""
    number = cards.read_number(desk.form().get("number", ""))
    card = await cards.my_card(tx, desk.caller, person_id)
    await cards.add_alias(tx, desk.caller, number, card.id)


_LIVE = frozenset(cards.CardStatus) - {cards.CardStatus.CANCELLED}
ACTS = {
    "freeze": Act(frozenset({cards.CardStatus.NORMAL}), lambda tx, d, i: cards.freeze(tx, d.caller, i, _why(d))),
    "unfreeze": Act(frozenset({cards.CardStatus.FROZEN}), lambda tx, d, i: cards.unfreeze(tx, d.caller, i)),
    "restore": Act(
        frozenset({cards.CardStatus.CANCELLED}),
        lambda tx, d, i: cards.apply(tx, d.caller, cards.Application(i)),
        grave=True,
    ),
    "cancel": Act(_LIVE, lambda tx, d, i: cards.cancel(tx, d.caller, i), grave=True),
    "alias": Act(_LIVE, _alias, grave=True),
    "take-back": Act(_LIVE, lambda tx, d, i: cards.take_back(tx, d.caller, i), grave=True),
}


def _why(desk: Desk) -> cards.Why:
    return cards.Why.RISK if desk.form().get("why") == cards.Why.RISK else cards.Why.LOST


def _href(person_id: UUID, rest: str = "") -> str:
    return f"{CARDS.href}/{person_id}{rest}"


@view(router, CARDS)
async def ask_card(desk: Desk) -> Response:
    """Ask by what a card is to be found."""
    return _ask_card(desk, {})


def _ask_card(desk: Desk, values: dict[str, str], problem: Problem | None = None) -> Response:
    by_number = (desk.asked("by") or values.get("by")) == "card"
    if by_number:
        fields = [
            Field("number", desk.say("card-number"), value=values.get("number", ""), hint=desk.say("number-hint"))
        ]
    else:
        fields = document_fields(desk.words, values)
    form = Form(
        desk.say("find"),
        [*fields, reason_field(desk.words, values.get("reason", ""))],
        about=[desk.say("about")],
        hidden=[("by", "card" if by_number else "document")],
    )
    tabs = [
        (CARDS.href, desk.say("by-document"), not by_number),
        (query(CARDS.href, by="card"), desk.say("by-card"), by_number),
        (f"{CARDS.href}/batches", desk.say("batch.title"), False),
    ]
    return desk.to_fill(desk.say("title"), form, up="", problem=problem, tabs=tabs)


@view(router, CARDS, "", "POST")
async def find_card(desk: Desk) -> Response:
    """Find a card: a deed its holder reads, with the reason."""
    form = desk.form()
    try:
        person_id = await desk.database.transact(lambda tx: _find(tx, desk, form))
    except Problem as problem:
        return _ask_card(desk, form, problem)
    return go_to(_href(person_id))


async def _find(tx: Transaction, desk: Desk, form: dict[str, str]) -> UUID:
    reason = people.read_evidence(form.get("reason", ""), "reason")
    if form.get("by") == "card":
        return (await cards.find_by_number(tx, desk.caller, form.get("number", ""), reason)).person_id
    document = people.DocumentForm(form.get("kind", ""), form.get("number", ""))
    found = await people.find_by_document(tx, replace(desk.caller, reason=reason), document)
    return found.person_id


@view(router, CARDS, ONE)
async def show_card(desk: Desk) -> Response:
    """Show a card with its holder masked, its history and its other numbers."""
    person_id = desk.id("person_id")
    async with desk.database.read() as read:
        seen = await _seen(read, desk, person_id)
        card = await _card(read, desk, person_id)
        pairs = _facts(desk, seen, card)
        sections = [] if card is None else [await _history(read, desk, card), await _aliases(read, desk, card)]
    if card is None:
        sections = [Section(desk.say("no-card"), about=desk.say("no-card-about"))]
    fitting = [what for what, act in ACTS.items() if card is not None and cards.CardStatus(card.status) in act.statuses]
    actions = [
        Action(_href(person_id, f"/{what}"), desk.say(f"act.{what}"), "danger" if ACTS[what].grave else "quiet")
        for what in fitting
    ]
    return desk.detailed(desk.say("one"), *sections, pairs=pairs, actions=actions, up=CARDS.href)


async def _seen(read: Read, desk: Desk, person_id: UUID) -> people.Seen:
    """Return the person whose card it is, to whoever looked them up lately and said why; raise NotFound."""
    wanted = audit.DeedsOf(kinds=LOOKED_UP)
    looks = await audit.deeds_about(read, [person_id], wanted=wanted)
    since = read.clock.now() - LOOK_LASTS
    if not any(look.actor_id == desk.caller.account_id and look.at > since for look in looks):
        raise NotFound
    seen = (await people.faces(read, None, [person_id])).get(person_id)
    if seen is None:
        raise NotFound
    return seen


async def _card(read: Read, desk: Desk, person_id: UUID) -> cards.Card | None:
    try:
        return await cards.my_card(read, desk.caller, person_id)
    except NotFound:
        return None


def _facts(desk: Desk, seen: people.Seen, card: cards.Card | None) -> Pairs:
    face = people.masked(seen.face)
    pairs: list[tuple[str, Cell | str | int]] = [
        (desk.say("fact.name"), face.name),
        (desk.say("fact.born"), face.birth_year),
        (desk.say("fact.document"), face.document_number),
        (desk.say("fact.phone"), face.phone or ""),
        (desk.say("fact.level"), desk.words(f"level.{int(seen.level)}")),
    ]
    if card is not None:
        status = cards.CardStatus(card.status)
        pairs += [
            (desk.say("fact.status"), Cell(desk.say(f"status.{int(status)}"), tone=TONES.get(status, "quiet"))),
            (desk.say("fact.reason"), desk.say(f"why.{card.reason}") if card.reason else ""),
            (desk.say("fact.kind"), desk.say(f"kind.{card.kind}")),
            (desk.say("fact.deadline"), at(card.deadline)),
            (desk.say("fact.number"), Cell(masked_number(card.number), code=True)),
            (desk.say("fact.created"), at(card.created_at)),
            (desk.say("fact.changed"), at(card.changed_at)),
        ]
    return pairs


def masked_number(number: str) -> str:
    """Mask a card's number: its first six and last four digits stay."""
    return f"{number[:6]}…{number[-4:]}"


async def _history(read: Read, desk: Desk, card: cards.Card) -> Section:
    lines = await cards.history_of(read, desk.caller, card)
    logins = await access.staff.logins_of(read, {line.account_id for line in lines})
    names = await institutions.names_of(read, {line.institution_id for line in lines if line.institution_id})
    rows: list[Row] = [
        (
            at(line.at),
            desk.say(f"change.{line.change}"),
            desk.say(f"status.{line.before}") if line.before else "",
            desk.say(f"status.{line.after}"),
            desk.say(f"why.{line.reason}") if line.reason else "",
            logins.get(line.account_id, desk.say("somebody")),
            names.get(line.institution_id) if line.institution_id else "",
        )
        for line in lines
    ]
    heads = [desk.say(f"history.{name}") for name in ("at", "change", "before", "after", "why", "who", "institution")]
    return Section(desk.say("history.title"), tables=[Table(desk.say("history.title"), heads, rows, "")])


async def _aliases(read: Read, desk: Desk, card: cards.Card) -> Section:
    numbers = await cards.aliases_of(read, desk.caller, card)
    rows: list[Row] = [(Cell(masked_number(number), code=True),) for number in numbers]
    table = Table(desk.say("alias.title"), [desk.say("fact.number")], rows, desk.say("alias.none"))
    return Section(desk.say("alias.title"), tables=[table])


def _act(desk: Desk) -> tuple[str, Act]:
    what = str(desk.request.path_params["act"])
    if what not in ACTS:
        raise NotFound
    return what, ACTS[what]


@view(router, CARDS, ONE + "/{act}")
async def ask(desk: Desk) -> Response:
    """Say what an act does, and to whose card."""
    return await _ask(desk, {})


async def _ask(desk: Desk, values: dict[str, str], problem: Problem | None = None) -> Response:
    (what, act), person_id = _act(desk), desk.id("person_id")
    async with desk.database.read() as read:
        seen = await _seen(read, desk, person_id)
        card = await _card(read, desk, person_id)
    if card is None:
        raise NotFound
    fields = [reason_field(desk.words, values.get("reason", ""))]
    if what == "freeze":
        whys = [(why.value, desk.say(f"why.{why.value}")) for why in (cards.Why.LOST, cards.Why.RISK)]
        chosen = values.get("why", cards.Why.LOST.value)
        fields.insert(0, Field("why", desk.say("fact.reason"), "choices", chosen, options=whys))
    if what == "alias":
        number = Field("number", desk.say("old-number"), value=values.get("number", ""), hint=desk.say("number-hint"))
        fields.insert(0, number)
    if act.grave:
        fields.append(code_field(desk.words))
    form = Form(
        desk.say(f"act.{what}"),
        fields,
        review=_facts(desk, seen, card),
        warning=desk.say(f"warning.{what}"),
        kind="danger" if act.grave else "act",
    )
    return desk.to_fill(desk.say(f"act.{what}"), form, up=_href(person_id), problem=problem)


@view(router, CARDS, ONE + "/{act}", "POST")
async def carry_out(desk: Desk) -> Response:
    """Carry an act out, with its reason on the deed."""
    (what, act), form, person_id = _act(desk), desk.form(), desk.id("person_id")
    async with desk.database.read() as read:
        await _seen(read, desk, person_id)
    try:
        reasoned = replace(
            desk, caller=replace(desk.caller, reason=people.read_evidence(form.get("reason", ""), "reason"))
        )

        async def do(tx: Transaction) -> None:
            await act.act(tx, reasoned, person_id)

        carry = desk.transact_proven if act.grave else desk.transact
        await carry(do, type(None))
    except Problem as problem:
        return await _ask(desk, form, problem)
    return go_to(query(_href(person_id), done=what))
