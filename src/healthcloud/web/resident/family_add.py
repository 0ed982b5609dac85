"""Asking to act for somebody: a child, an elder who agrees by a code, a newborn by its mother at once."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from healthcloud import access, people
from healthcloud.core.caller import Caller
from healthcloud.core.db import Transaction
from healthcloud.core.errors import FieldFault, Problem, Unacceptable
from healthcloud.core.http import DatabaseIn, SettingsIn, address_of, needs_nothing
from healthcloud.web.drafts import draft_of, draft_over, to_review
from healthcloud.web.forms import refused
from healthcloud.web.page import form_of, go_to, page, words_of
from healthcloud.web.resident.family import SENT_TO_SIGN_IN, masked_names, ticked
from healthcloud.web.resident.telling import code_labels, countries_of, way_on
from healthcloud.web.resident.visitor import carry_out_to, own_person, visitor

router = APIRouter(prefix="/family", include_in_schema=False)
# Which relation each way leads to; the form lets it be changed where there are several.
WAYS: Mapping[str, tuple[str, ...]] = {
    "child": ("parent", "guardian"),
    "elder": ("child", "spouse", "guardian", "other"),
    "other": ("spouse", "child", "carer", "other"),
    "carer": ("carer",),
}
SCOPES = tuple(str(one) for one in people.grants.GrantScope)
FIELDS = ("name", "kind", "number", "issuer", "relation", "last_day")


@router.get("/add", dependencies=[needs_nothing(SENT_TO_SIGN_IN)])
async def ways(request: Request, database: DatabaseIn) -> Response:
    """Ask whom it is about, and show the children whose birth was registered with this mother."""
    caller = await visitor(request)
    if isinstance(caller, Response):
        return caller
    async with database.read() as read:
        found = await people.grants.newborns_to_keep(read, own_person(caller))
    newborns = [(one.canonical_id, people.masked(one.face).name, one.face.birth_date) for one in found]
    return page(request, "resident/family_ways.html", back="/family", newborns=newborns)


@router.post("/newborn", dependencies=[needs_nothing(SENT_TO_SIGN_IN)])
async def newborn(request: Request, database: DatabaseIn, settings: SettingsIn) -> Response:
    """Let a mother act for her newborn."""
    caller = await visitor(request)
    if isinstance(caller, Response):
        return caller
    policy, child = people.Policy.of(settings), form_of(request).get("child", "")

    async def act(tx: Transaction) -> str:
        try:
            person_id = UUID(child)
        except ValueError:
            raise people.PersonNotFound from None
        await people.grants.keep_newborn(tx, caller, person_id, policy)
        return "/family/done/newborn"

    try:
        return await carry_out_to(request, database, caller, act)
    except Problem as problem:
        shown: dict[str, Any] = {"back": "/family", "newborns": []}
        return refused(request, "resident/family_ways.html", problem, stands=way_on(problem), **shown)


@router.get("/add/{way}", dependencies=[needs_nothing(SENT_TO_SIGN_IN)])
async def ask_page(way: str, request: Request, database: DatabaseIn) -> Response:
    """Ask who it is, and for what, or show what was written for review."""
    caller = await visitor(request)
    if isinstance(caller, Response):
        return caller
    if way not in WAYS:
        return go_to("/family/add")
    draft = await draft_of(request, database, caller)
    shown = await _form(request, database, way, draft.fields if draft else {})
    if draft is None:
        return page(request, "resident/family_ask.html", **shown, errors=draft_over(request))
    if draft.is_changing:
        return page(request, "resident/family_ask.html", **shown)
    return page(request, "resident/family_review.html", **shown, once=draft.once, change=draft.change)


@router.post("/add/{way}", dependencies=[needs_nothing(SENT_TO_SIGN_IN)])
async def ask(way: str, request: Request, database: DatabaseIn, settings: SettingsIn) -> Response:
    """Keep what was written for review, and once it is confirmed, ask."""
    caller = await visitor(request)
    if isinstance(caller, Response):
        return caller
    if way not in WAYS:
        return go_to("/family/add")
    form = form_of(request)
    shown = await _form(request, database, way, form)
    try:
        wish = _wish(form, way)
        if "confirmed" not in form:
            scopes = {f"scope-{one}": "yes" for one in wish.scopes}
            return await to_review(request, database, caller, shown["form"] | scopes)
        return await _asked(request, database, settings, caller, wish, way)
    except Problem as problem:
        return refused(request, "resident/family_ask.html", problem, stands=way_on(problem), **shown)


async def _asked(
    request: Request,
    database: DatabaseIn,
    settings: SettingsIn,
    caller: Caller,
    wish: people.grants.GrantWish,
    way: str,
) -> Response:
    policy = people.Policy.of(settings)

    async def act(tx: Transaction) -> str:
        grant = await people.grants.ask_grant(tx, caller, wish, policy)
        if grant.state == people.grants.GrantState.ACCEPTED:
            return "/family/done/accept"
        return f"/family/asked/{way}/{grant.person_id}/{grant.id}"

    return await carry_out_to(request, database, caller, act)


@router.get("/asked/{way}/{person_id:uuid}/{grant_id:uuid}", dependencies=[needs_nothing(SENT_TO_SIGN_IN)])
async def asked(way: str, person_id: UUID, grant_id: UUID, request: Request, database: DatabaseIn) -> Response:
    """Say what happens next: the other agrees by a code now, in their own account, or at a counter."""
    caller = await visitor(request)
    if isinstance(caller, Response):
        return caller
    async with database.read() as read:
        mine = await people.grants.kept_by(read, own_person(caller))
        name = masked_names(await people.faces(read, None, [person_id])).get(person_id, "–")
    if (person_id, grant_id) not in {(one.person_id, one.id) for one in mine}:
        return go_to("/family")
    known = way if way in WAYS else "other"
    return page(
        request, "resident/family_asked.html", back="/family", way=known, name=name, at=f"{person_id}/{grant_id}"
    )


@router.get("/code/{person_id:uuid}/{grant_id:uuid}", dependencies=[needs_nothing(SENT_TO_SIGN_IN)])
async def code_page(person_id: UUID, grant_id: UUID, request: Request) -> Response:
    """Ask for the elder's phone."""
    caller = await visitor(request)
    if isinstance(caller, Response):
        return caller
    return page(request, "resident/family_phone.html", back="/family", at=f"{person_id}/{grant_id}", phone="")


@router.post("/code/{person_id:uuid}/{grant_id:uuid}", dependencies=[needs_nothing(SENT_TO_SIGN_IN)])
async def code(
    person_id: UUID, grant_id: UUID, request: Request, database: DatabaseIn, settings: SettingsIn
) -> Response:
    """Send a code to the elder's phone, or with the code put the grant in force."""
    caller = await visitor(request)
    if isinstance(caller, Response):
        return caller
    form, policy = form_of(request), access.AccessPolicy.of(settings)
    phone, written = form.get("phone", "").strip(), form.get("code", "").strip()
    shown: dict[str, Any] = {"back": "/family", "at": f"{person_id}/{grant_id}", "phone": phone}
    template = "resident/family_code.html" if written or "again" in form else "resident/family_phone.html"
    try:
        if written:
            policies, proof = (policy, people.Policy.of(settings)), (phone, written)
            await people.grants.agree_by_code(
                database, policies, caller, (person_id, grant_id), proof, address_of(request)
            )
            return go_to("/family/done/agree")
        if "phone" in form:
            device = request.cookies.get(access.sessions.DEVICE_COOKIE, str(caller.account_id))
            browser = (address_of(request), device)
            await people.grants.send_agreement_code(database, policy, caller, (person_id, grant_id), phone, browser)
            return page(request, "resident/family_code.html", **shown)
    except Problem as problem:
        return refused(request, template, problem, **shown)
    return page(request, "resident/family_phone.html", **shown)


def _wish(form: dict[str, str], way: str) -> people.grants.GrantWish:
    """Return what the form asks; raise Unacceptable with every fault that needs no look-up."""
    faults = [
        FieldFault(f"#/{name}", "is required", "必填") for name in ("name", "kind", "number") if not form.get(name)
    ]
    scopes = ticked(form, "scope", SCOPES)
    if not scopes:
        faults.append(FieldFault("#/scope-card", "choose at least one matter", "请至少选择一项代办事务"))
    last_day = None
    if text := form.get("last_day", "").strip():
        try:
            last_day = date.fromisoformat(text)
        except ValueError:
            faults.append(FieldFault("#/last_day", "must be a date", "请填写日期"))
    if way == "carer" and last_day is None:
        faults.append(FieldFault("#/last_day", "say until when", "请填写到哪一天为止"))
    if faults:
        raise Unacceptable(faults=tuple(faults))
    relation = form.get("relation") if form.get("relation") in WAYS[way] else WAYS[way][0]
    document = people.DocumentForm(form["kind"], form["number"], form.get("issuer") or None)
    return people.grants.GrantWish(form["name"], document, str(relation), scopes, last_day)


async def _form(request: Request, database: DatabaseIn, way: str, form: dict[str, str]) -> dict[str, Any]:
    words = words_of(request)
    async with database.read() as read:
        kinds = await code_labels(read, "identity-document-kind", words)
        countries = await countries_of(read, words)
    return {
        "back": "/family/add",
        "way": way,
        "kinds": list(kinds.items()),
        "kind_name": kinds.get(form.get("kind", ""), ""),
        "countries": countries,
        "country_name": dict(countries).get(form.get("issuer", ""), ""),
        "relations": WAYS[way],
        "every_scope": SCOPES,
        "ticked_scopes": ticked(form, "scope", SCOPES),
        "form": {name: form.get(name, "") for name in FIELDS} | {"relation": form.get("relation", WAYS[way][0])},
    }
