"""What else a counter does for somebody: patient number, document and conversion, loss, and a card taken back."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from healthcloud import cards, people
from healthcloud.core.clock import SHANGHAI
from healthcloud.core.db import Transaction
from healthcloud.core.errors import FieldFault, Problem, Unacceptable
from healthcloud.web.clinic import documents
from healthcloud.web.clinic.desk import Desk, view
from healthcloud.web.clinic.find import ISSUE, REGISTER, SHEET, Sheet, sheet_of
from healthcloud.web.drafts import draft_over
from healthcloud.web.forms import faults_of
from healthcloud.web.page import go_to

router = APIRouter(include_in_schema=False)
FREEZE = "/counter/freeze"
FIELDS = ("kind", "number", "issuer", "seen")
_ACTS = {"freeze": "frozen", "unfreeze": "unfrozen"}


@dataclass(frozen=True, slots=True)
class Lost:
    """Whose card is to be frozen or unfrozen, masked, and the card's status."""

    name: str
    document: str
    status: int


@view(router, f"{SHEET}/number", REGISTER, method="POST")
async def link_number(desk: Desk) -> Response:
    """Link this institution's patient number to somebody."""
    number = desk.form().get("number", "")

    async def act(tx: Transaction) -> str:
        await people.patient_numbers.link_local_number(tx, desk.caller, desk.person_id, number)
        return "linked"

    return await _done(desk, act)


@view(router, f"{SHEET}/card", ISSUE, method="POST")
async def apply(desk: Desk) -> Response:
    """Give somebody who is registered a card, or the one they have."""

    async def act(tx: Transaction) -> str:
        wish = cards.Application(desk.person_id, mode=cards.Mode.COUNTER)
        return str((await cards.apply(tx, desk.caller, wish)).outcome)

    return await _done(desk, act)


@view(router, f"{SHEET}/document", REGISTER)
async def document_page(desk: Desk) -> Response:
    """Ask for the document of somebody registered without one."""
    return desk.page("clinic/document.html", form={}, **await _sheet_and_kinds(desk))


@view(router, f"{SHEET}/document", REGISTER, method="POST")
async def add_document(desk: Desk) -> Response:
    """Add a document that was seen, and make a newborn's card a standard one, with the same number."""
    form = desk.form()
    try:
        _seen(form)
        today = desk.database.clock.now().astimezone(SHANGHAI).date()
        document = people.read_document_form(documents.document_of(form), today)

        async def act(tx: Transaction) -> str:
            await people.add_document(tx, desk.caller, desk.person_id, document)
            wish = cards.Application(desk.person_id, mode=cards.Mode.COUNTER)
            return str((await cards.apply(tx, desk.caller, wish)).outcome)

        outcome = await desk.transact(act, str)
    except Problem as problem:
        return desk.refused("clinic/document.html", problem, form=form, **await _sheet_and_kinds(desk))
    return go_to(f"{SHEET.format(person_id=desk.person_id)}?done={outcome}")


@view(router, f"{SHEET}/take-back", ISSUE)
async def take_back_page(desk: Desk) -> Response:
    """Say what taking a card back does, before it is done."""
    async with desk.database.read() as read:
        return desk.page("clinic/take_back.html", sheet=await sheet_of(read, desk))


@view(router, f"{SHEET}/take-back", ISSUE, method="POST")
async def take_back(desk: Desk) -> Response:
    """Take back a card opened here for the wrong person."""

    async def act(tx: Transaction) -> str:
        await cards.counter.take_back_own(tx, desk.caller, desk.person_id)
        return "taken-back"

    return await _done(desk, act)


@view(router, FREEZE, ISSUE)
async def freeze_page(desk: Desk) -> Response:
    """Ask for the document of whoever lost a card, or found it again; or show whose card it is."""
    kept = await desk.draft(Lost)
    if kept is None:
        return desk.page("clinic/freeze.html", errors=draft_over(desk.request), form={}, **await _kinds(desk))
    draft, lost = kept
    return desk.page("clinic/freeze_review.html", form=draft.fields, lost=lost, once=draft.once)


@view(router, FREEZE, ISSUE, method="POST")
async def freeze(desk: Desk) -> Response:
    """Find whose card it is, to be looked at; then freeze or unfreeze it."""
    form = desk.form()
    try:
        _seen(form)
        shown = documents.document_of(form)
        act = _ACTS.get(form.get("act", ""))
        if act is not None:
            return await _change(desk, shown, act)
        found = await desk.database.transact(lambda tx: people.find_by_document(tx, desk.caller, shown))
        async with desk.database.read() as read:
            card = await cards.counter.card_at_counter(read, desk.caller, found.person_id)
        if card is None:
            raise people.PersonNotFound
    except Problem as problem:
        return desk.refused("clinic/freeze.html", problem, form=form, **await _kinds(desk))
    kept = {name: value for name, value in form.items() if name in FIELDS}
    return await desk.to_review(kept, Lost(found.face.name, found.face.document_number, card.status))


async def _change(desk: Desk, shown: people.DocumentForm, done: str) -> Response:
    async def act(tx: Transaction) -> str:
        change = cards.counter.freeze_shown if done == "frozen" else cards.counter.unfreeze_shown
        return str((await change(tx, desk.caller, shown)).person_id)

    person_id = await desk.transact(act, str)
    return go_to(f"{SHEET.format(person_id=person_id)}?done={done}")


async def _done(desk: Desk, act: Callable[[Transaction], Awaitable[str]]) -> Response:
    """Carry an act of somebody's sheet out once and show the sheet again, with what was done or why not."""
    try:
        done = await desk.transact(act, str)
    except Problem as problem:
        async with desk.database.read() as read:
            sheet = await sheet_of(read, desk)
        errors = faults_of(desk.words, problem)
        return desk.refused("clinic/person.html", problem, sheet=sheet, done="", variant="adult", errors=errors)
    return go_to(f"{SHEET.format(person_id=desk.person_id)}?done={done}")


def _seen(form: dict[str, str]) -> None:
    """Refuse what is done by a document nobody says they saw."""
    if form.get("seen") != "yes":
        fault = FieldFault("#/seen", "compare the document itself with who is there first", "请先核对证件原件与本人")
        raise Unacceptable(faults=(fault,))


async def _kinds(desk: Desk) -> dict[str, Any]:
    return {"kinds": await documents.kinds(desk), "countries": await documents.countries(desk)}


async def _sheet_and_kinds(desk: Desk) -> dict[str, Any]:
    async with desk.database.read() as read:
        sheet: Sheet = await sheet_of(read, desk)
    return {"sheet": sheet, "kinds": await documents.kinds(desk, without=(documents.PASSPORT,))}
