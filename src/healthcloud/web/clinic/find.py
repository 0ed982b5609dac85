"""Finding somebody by a document, their sheet at the counter, and opening it unmasked for a reason they can read."""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from healthcloud import cards, people
from healthcloud.core.db import Read
from healthcloud.core.errors import Problem, Unacceptable
from healthcloud.web.clinic import documents
from healthcloud.web.clinic.desk import Desk, view
from healthcloud.web.page import go_to

router = APIRouter(include_in_schema=False)
REGISTER, OPEN, ISSUE = "people.register", "people.open", "cards.issue"
FIND, SHEET = "/counter/find", "/counter/people/{person_id}"
# What was just done, by the word in the address; each has its own next steps in the catalogue.
DONE = (
    "issued",
    "activated",
    "restored",
    "converted",
    "existing",
    "frozen",
    "unfrozen",
    "taken-back",
    "linked",
    "added",
    "photo-kept",
    "photo-removed",
)
VARIANTS = ("adult", "child", "newborn", "elder", "foreign", "unknown")


@dataclass(frozen=True, slots=True)
class Sheet:
    """Somebody at the counter: masked, with how their card stands; `full` where it was opened."""

    person: people.Seen
    face: people.MaskedFace
    card: cards.Card | None
    full: people.Face | None = None
    age: int = 0

    @property
    def is_usable(self) -> bool:
        """Whether the card has a code to print."""
        return self.card is not None and self.card.status == cards.CardStatus.NORMAL


@view(router, "/counter", REGISTER, OPEN)
async def start(desk: Desk) -> Response:
    """Go to where whoever sits here begins."""
    return go_to("/scan" if desk.may("cards.verify") else FIND)


@view(router, FIND, REGISTER, OPEN)
async def find_page(desk: Desk) -> Response:
    """Ask for a document."""
    return desk.page("clinic/find.html", form={}, missing=False, **await _choices(desk))


@view(router, FIND, REGISTER, OPEN, method="POST")
async def find(desk: Desk) -> Response:
    """Find whose document it is, and go to their sheet; nobody is said as nobody whom you may see."""
    form = desk.form()
    try:
        document = documents.document_of(form)
        found = await desk.database.transact(lambda tx: people.find_by_document(tx, desk.caller, document))
    except Problem as problem:
        missing = isinstance(problem, people.PersonNotFound)
        return desk.refused("clinic/find.html", problem, form=form, missing=missing, **await _choices(desk))
    return go_to(SHEET.format(person_id=found.person_id))


@view(router, SHEET, REGISTER, OPEN)
async def sheet_page(desk: Desk) -> Response:
    """Show somebody masked, what may be done for them, and what was just done."""
    async with desk.database.read() as read:
        sheet = await sheet_of(read, desk)
    return desk.page("clinic/person.html", sheet=sheet, **_just_done(desk))


@view(router, SHEET, OPEN, method="POST")
async def open_sheet(desk: Desk) -> Response:
    """Show somebody unmasked, once, for the reason in the form: a deed they can read."""
    reason = desk.form().get("reason", "")
    try:
        seen = await desk.database.transact(lambda tx: people.open_person(tx, desk.caller, desk.person_id, reason))
    except Unacceptable as problem:
        async with desk.database.read() as read:
            sheet = await sheet_of(read, desk)
        return desk.refused("clinic/person.html", problem, sheet=sheet, **_just_done(desk))
    async with desk.database.read() as read:
        sheet = await sheet_of(read, desk, seen.face)
    return desk.page("clinic/person.html", sheet=sheet, **_just_done(desk))


async def sheet_of(read: Read, desk: Desk, full: people.Face | None = None) -> Sheet:
    """Return the sheet of the person in the page's address; raise PersonNotFound."""
    asked = desk.person_id
    seen = (await people.faces(read, desk.caller.institution_id, [asked])).get(asked)
    if seen is None or seen.state is people.PersonState.WITHDRAWN:
        raise people.PersonNotFound
    card = await cards.counter.card_at_counter(read, desk.caller, asked) if desk.may(ISSUE) else None
    face = people.masked(seen.face)
    return Sheet(seen, face, card, full, read.clock.now().year - face.birth_year)


def _just_done(desk: Desk) -> dict[str, Any]:
    done, variant = desk.request.query_params.get("done", ""), desk.request.query_params.get("as", "")
    return {"done": done if done in DONE else "", "variant": variant if variant in VARIANTS else "adult"}


async def _choices(desk: Desk) -> dict[str, Any]:
    return {"kinds": await documents.kinds(desk), "countries": await documents.countries(desk)}
