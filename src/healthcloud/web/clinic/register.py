"""Registering somebody and opening their card: choose who, fill in, look at it together, then one act."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from fastapi import APIRouter
from starlette.responses import Response

from healthcloud import cards, people
from healthcloud.core.clock import SHANGHAI
from healthcloud.core.errors import Problem
from healthcloud.web.card_consent import DAYS
from healthcloud.web.clinic import documents
from healthcloud.web.clinic.desk import Desk, view
from healthcloud.web.clinic.find import ISSUE, REGISTER, SHEET
from healthcloud.web.clinic.opening import Checked, Opened, checked, opened, tried
from healthcloud.web.clinic.registering import (
    TEMPORARY_DAYS,
    WITH_CARD,
    Opening,
    Variant,
    fields_of,
    has_expired,
    keeper_document,
    opening_of,
    temporary_number,
)
from healthcloud.web.drafts import draft_over
from healthcloud.web.page import go_to

router = APIRouter(include_in_schema=False)
CHOOSE, FORM = "/counter/register", "/counter/register/{variant}"
CHECK, OPEN_CARD, READ_CARD = "check", "open", "read"
_NO_KEEPER = {
    "en": "is not registered; register them first, at this counter",
    "zh": "尚未登记，请先在本窗口为其登记",
}
# What is carried through the page that is looked at; nothing else a browser sends.
FIELDS = (
    "kind", "number", "issuer", "name", "sex", "birth_date", "phone", "local_number", "keeper_kind", "keeper_id",
    "relation", "mother_kind", "mother_id", "born_at", "order", "of_several", "age", "evidence", "seen", "consent",
    "ethnicity", "address", "authority", "valid_from", "valid_to", "keep_record",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Before:
    """What is known of somebody before their card is opened: their masked name and their card's status, if any."""

    name: str
    birth_year: int
    status: int | None


@dataclass(frozen=True, slots=True)
class Looked:
    """What is looked at together before a card is opened, and what opening it would do."""

    pairs: list[tuple[str, str]]
    is_new: bool
    outcome: str
    before: Before | None
    expired: bool
    until: datetime | None


@view(router, CHOOSE, REGISTER)
async def choose_page(desk: Desk) -> Response:
    """Ask whom a card is opened for."""
    return desk.page("clinic/register.html", variants=list(Variant))


@view(router, FORM, REGISTER)
async def form_page(desk: Desk) -> Response:
    """Show the form of one kind of people, or what was filled in, to be looked at together."""
    variant, kept = _variant(desk), await desk.draft(Looked)
    if kept is None:
        over = draft_over(desk.request)
        return desk.page("clinic/register_form.html", errors=over, who="", **await _form_values(desk, variant, {}))
    draft, looked = kept
    if draft.is_changing:
        return desk.page("clinic/register_form.html", **await _form_values(desk, variant, draft.fields))
    return desk.page(
        "clinic/register_review.html",
        variant=variant,
        form=draft.fields,
        looked=looked,
        today_year=_today(desk).year,
        once=draft.once,
        change=draft.change,
    )


@view(router, FORM, REGISTER, method="POST")
async def send(desk: Desk) -> Response:
    """Keep what was filled in, to be looked at together, or carry it out."""
    variant, sent = _variant(desk), desk.form()
    form, step = {name: sent[name] for name in FIELDS if name in sent}, sent.get("step", CHECK)
    if step == READ_CARD:
        return await _filled_in(desk, variant, form, sent.get("record", ""))
    if variant is Variant.UNKNOWN and not form.get("number"):
        form["number"] = temporary_number(_today(desk))
    try:
        wish = await _read(desk, variant, form)
        if step == OPEN_CARD:
            return await _carry_out(desk, variant, wish)
        would = await tried(desk.database, desk.caller, wish, desk.settings)
    except Problem as problem:
        return desk.refused("clinic/register_form.html", problem, **await _form_values(desk, variant, form))
    looked = Looked(
        pairs=await _pairs(desk, variant, form, wish),
        is_new=would.created,
        outcome=would.outcome,
        before=await _before(desk, form, would),
        expired=has_expired(form, _today(desk)),
        until=wish.opening.deadline(desk.database.clock.now()),
    )
    return await desk.to_review(form, looked)


async def _filled_in(desk: Desk, variant: Variant, form: dict[str, str], line: str) -> Response:
    """Fill the form in from what a card reader read, or say why that is no card."""
    try:
        card = people.id_records.read_card(line, _today(desk))
    except Problem as problem:
        return desk.refused("clinic/register_form.html", problem, **await _form_values(desk, variant, form))
    values = await _form_values(desk, variant, form | fields_of(card))
    return desk.page("clinic/register_form.html", **(values | {"has_read": True}))


async def _carry_out(desk: Desk, variant: Variant, wish: Checked) -> Response:
    done = await desk.transact(lambda tx: opened(tx, desk.caller, wish, desk.settings), Opened)
    return go_to(f"{SHEET.format(person_id=done.person_id)}?done={done.outcome}&as={variant}")


async def _read(desk: Desk, variant: Variant, form: dict[str, str]) -> Checked:
    """Read a form: its keeper or mother found, a deed they can read; the registry asked."""
    shown = keeper_document(variant, form)
    field = "mother_id" if variant is Variant.NEWBORN else "keeper_id"
    keeper = None if shown is None else await documents.found_by(desk, shown, field, **_NO_KEEPER)
    opening: Opening = opening_of(variant, form, keeper.person_id if keeper else None, _today(desk))
    registry = cast("people.registry.PopulationRegistry | None", getattr(desk.request.app.state, "registry", None))
    return await checked(desk.database, opening, registry)


async def _before(desk: Desk, form: dict[str, str], would: Opened) -> Before | None:
    """Return who the document says somebody is already; a deed they can read."""
    if would.created or not form.get("number"):
        return None
    shown = documents.document_of(form)
    found = await desk.database.transact(lambda tx: people.find_by_document(tx, desk.caller, shown))
    async with desk.database.read() as read:
        card = await cards.counter.card_at_counter(read, desk.caller, found.person_id) if desk.may(ISSUE) else None
    return Before(found.face.name, found.face.birth_year, card.status if card else None)


async def _pairs(desk: Desk, variant: Variant, form: dict[str, str], wish: Checked) -> list[tuple[str, str]]:
    """Return what was filled in as it will be kept, to be read out to whoever is there."""
    words, registration = desk.words, wish.registration
    kinds = dict(await documents.kinds(desk))
    document = registration.documents[0] if registration.documents else None
    keeper = form.get("keeper_id") or form.get("mother_id")
    told = [
        ("who", words(f"register.variant.{variant}")),
        ("name", registration.name or words("register.name-later")),
        ("sex", words(f"sex.{registration.sex}")),
        ("birth_date", registration.birth_date.isoformat()),
        ("born_at", form.get("born_at", "").replace("T", " ")),
        ("document", f"{kinds.get(document.kind, '')} {document.number}" if document else ""),
        ("issuer", (document.issuer or "") if document else ""),
        ("ethnicity", dict(await documents.ethnic_groups(desk)).get(registration.ethnicity or "", "")),
        *((name, form.get(name, "")) for name in ("address", "authority", "valid_from", "valid_to")),
        ("mother" if variant is Variant.NEWBORN else "keeper", keeper or ""),
        ("relation", words(f"register.relation-{wish.opening.relation}") if keeper else ""),
        ("phone", registration.phone or ""),
        ("local_number", registration.local_number or ""),
        ("marks" if variant is Variant.UNKNOWN else "evidence", wish.opening.evidence or ""),
    ]
    return [(words(f"register.{name}"), value) for name, value in told if value]


async def _form_values(desk: Desk, variant: Variant, form: dict[str, str]) -> dict[str, Any]:
    without = (documents.PASSPORT, documents.BIRTH_CERTIFICATE)
    return {
        "variant": variant,
        "form": form,
        "kinds": await documents.kinds(desk, without=without),
        "groups": await documents.ethnic_groups(desk) if variant in WITH_CARD else [],
        "has_read": False,
        "expired": _expired(form, _today(desk)),
        "countries": await documents.countries(desk) if variant is Variant.FOREIGN else [],
        "today": _today(desk).isoformat(),
        "consent_years": round(DAYS / 365),
        "temporary_days": TEMPORARY_DAYS,
    }


def _expired(form: dict[str, str], today: date) -> bool:
    """Tell whether the document in a form has expired; a day that is none is said elsewhere."""
    try:
        return has_expired(form, today)
    except Problem:
        return False


def _variant(desk: Desk) -> Variant:
    """Return the kind of people in the address; raise PersonNotFound for none of ours."""
    try:
        return Variant(str(desk.request.path_params["variant"]))
    except ValueError:
        raise people.PersonNotFound from None


def _today(desk: Desk) -> date:
    return desk.database.clock.now().astimezone(SHANGHAI).date()
