"""Being verified as oneself: what is written, looked at once more, then checked; and what to do without a document."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from healthcloud import access, people
from healthcloud.core.caller import Caller
from healthcloud.core.clock import SHANGHAI
from healthcloud.core.db import Database, Transaction
from healthcloud.core.errors import FieldFault, Problem, Unacceptable
from healthcloud.core.http import DatabaseIn, SettingsIn, needs_nothing
from healthcloud.core.settings import Settings
from healthcloud.web.card_consent import SENSITIVE_CONSENT
from healthcloud.web.drafts import draft_of, draft_over, to_review
from healthcloud.web.forms import Fault, faults_of, refused
from healthcloud.web.page import form_of, own_path, page, words_of
from healthcloud.web.resident.consenting import consent_to, must_tick
from healthcloud.web.resident.family import SENT_TO_SIGN_IN
from healthcloud.web.resident.telling import code_labels, countries_of
from healthcloud.web.resident.visitor import carry_out_to, own_person, visitor

router = APIRouter(prefix="/real-name", include_in_schema=False)
IDENTITY_CARD, PASSPORT = "01", "03"
FIELDS = ("kind", "name", "number", "issuer", "sex", "birth_date", "next")
# Refusals that only a counter can lift, each told with what to bring.
AT_COUNTER = ("identity-conflict", "identity-not-confirmed", "registry-mismatch", "deceased-in-registry")


@dataclass(frozen=True, slots=True)
class Claim:
    """Who somebody says they are, read and checked."""

    registration: people.Registration
    verification: people.Verification


async def _registry(request: Request) -> people.registry.PopulationRegistry | None:
    return getattr(request.app.state, "registry", None)


RegistryIn = Annotated[people.registry.PopulationRegistry | None, Depends(_registry)]


@router.get("", dependencies=[needs_nothing(SENT_TO_SIGN_IN)])
async def real_name_page(request: Request, database: DatabaseIn) -> Response:
    """Ask for name and document, and say why and for how long; or show what was written for review."""
    caller = await visitor(request, person=False)
    if isinstance(caller, Response):
        return caller
    draft = await draft_of(request, database, caller)
    form = draft.fields if draft else {"next": own_path(request.query_params.get("next", ""), "/card/open")}
    shown = await _shown(request, database, caller, form)
    if draft is None:
        return page(request, "resident/real_name.html", **shown, errors=draft_over(request))
    if draft.is_changing:
        return page(request, "resident/real_name.html", **shown)
    return page(request, "resident/real_name_review.html", **shown, once=draft.once, change=draft.change)


@router.post("", dependencies=[needs_nothing(SENT_TO_SIGN_IN)])
async def real_name(request: Request, database: DatabaseIn, settings: SettingsIn, registry: RegistryIn) -> Response:
    """Keep what was written for review; once it is confirmed, be that person."""
    caller = await visitor(request, person=False)
    if isinstance(caller, Response):
        return caller
    form = form_of(request)
    shown = await _shown(request, database, caller, form)
    try:
        registration = _read(form, database)
        must_tick(form, ("sensitive",))
        if "confirmed" not in form:
            return await to_review(request, database, caller, shown["form"])
        return await _claim(request, database, settings, caller, registration, registry)
    except Problem as problem:
        told: dict[str, Any] = {"at_counter": problem.code in AT_COUNTER}
        told["errors"] = [Fault(_named(fault.field), fault.text) for fault in faults_of(words_of(request), problem)]
        return refused(request, "resident/real_name.html", problem, **(shown | told))


@router.get("/done", dependencies=[needs_nothing(SENT_TO_SIGN_IN)])
async def done(request: Request, database: DatabaseIn) -> Response:
    """Say how far the identity is checked and what comes next."""
    caller = await visitor(request)
    if isinstance(caller, Response):
        return caller
    after = own_path(request.query_params.get("next", ""), "/card/open")
    me = own_person(caller)
    async with database.read() as read:
        seen = (await people.faces(read, None, [me])).get(me)
    checked = seen is not None and seen.level > people.Level.DECLARED
    return page(request, "resident/real_name_done.html", checked=checked, next=after, back="/")


@router.get("/later", dependencies=[needs_nothing(SENT_TO_SIGN_IN)])
async def later(request: Request, database: DatabaseIn) -> Response:
    """Say what can be done without the document at hand, and what to tell a counter."""
    caller = await visitor(request, person=False)
    if isinstance(caller, Response):
        return caller
    async with database.read() as read:
        phone = await access.residents.masked_phone(read, caller)
    return page(request, "resident/real_name_later.html", phone=phone or "–", back="/real-name")


async def _claim(
    request: Request,
    database: Database,
    settings: Settings,
    caller: Caller,
    registration: people.Registration,
    registry: people.registry.PopulationRegistry | None,
) -> Response:
    async with database.read() as read:
        phone = await access.own_phone(read, caller)
    proven = replace(registration, phone=phone)
    verification = await people.registry.verify_registration(registry, proven, seen=False)
    policy = people.Policy.of(settings)
    after = own_path(form_of(request).get("next", ""), "/card/open")

    async def act(tx: Transaction) -> str:
        answer = await people.accounts.claim_own_person(tx, caller, proven, verification, policy)
        await _consent(tx, caller, answer.person_id, policy)
        return f"/real-name/done?next={quote(after, safe='/')}"

    return await carry_out_to(request, database, caller, act)


async def _consent(tx: Transaction, caller: Caller, person_id: UUID, policy: people.Policy) -> None:
    """Keep the consent that was ticked, unless it stands already."""
    if not await people.consents.consented(tx, person_id, SENSITIVE_CONSENT, tx.clock.now()):
        await consent_to(tx, caller, person_id, (SENSITIVE_CONSENT,), policy)


def _read(form: dict[str, str], database: Database) -> people.Registration:
    """Read who somebody says they are; raise Unacceptable with every fault."""
    today = database.clock.now().astimezone(SHANGHAI).date()
    born = None
    if text := form.get("birth_date", "").strip():
        try:
            born = date.fromisoformat(text)
        except ValueError:
            raise Unacceptable(faults=(FieldFault("#/birth_date", "must be a date", "请填写日期"),)) from None
    kind, issuer = form.get("kind") or IDENTITY_CARD, form.get("issuer") or None
    document = people.DocumentForm(kind, form.get("number", ""), issuer if kind == PASSPORT else None)
    written = people.RegistrationForm(
        name=form.get("name", ""),
        sex=form.get("sex") or None,
        birth_date=born,
        documents=(document,),
        nationality=issuer if kind == PASSPORT else None,
    )
    return people.read_registration(written, today)


def _named(field: str) -> str:
    """Return the form's field for a registration's; what no field holds belongs to the whole form."""
    return {"nationality": "issuer", "documents": "number"}.get(field, field if field in (*FIELDS, "sensitive") else "")


async def _shown(request: Request, database: Database, caller: Caller, form: dict[str, str]) -> dict[str, Any]:
    words = words_of(request)
    kept = {name: form.get(name, "") for name in FIELDS}
    async with database.read() as read:
        kinds = await code_labels(read, "identity-document-kind", words)
        countries = await countries_of(read, words)
    return {
        "form": kept,
        "kinds": [(code, label) for code, label in kinds.items() if code != "08"],
        "kind_name": kinds.get(kept["kind"], ""),
        "countries": countries,
        "country_name": dict(countries).get(kept["issuer"], ""),
        "again": caller.person_id is not None,
        "at_counter": False,
        "back": "/",
    }
