"""The resident themself: data masked until asked for, phone, consents, display, and what privacy law gives them."""

from typing import Any
from uuid import UUID

import msgspec
from fastapi import APIRouter, Request
from starlette.responses import Response

from healthcloud import access, cards, people
from healthcloud.core.caller import Caller
from healthcloud.core.db import Read, Transaction
from healthcloud.core.errors import Problem
from healthcloud.core.http import DatabaseIn, SettingsIn, needs_nothing
from healthcloud.web.forms import refused
from healthcloud.web.page import form_of, page, words_of
from healthcloud.web.resident.copying import copy_of
from healthcloud.web.resident.family import SENT_TO_SIGN_IN
from healthcloud.web.resident.messages import unread_messages
from healthcloud.web.resident.telling import code_labels, way_on
from healthcloud.web.resident.visitor import carry_out_to, own_person, visitor

router = APIRouter(prefix="/me", include_in_schema=False)
COPY_NAME = "my-health-card-data.json"


@router.get("", dependencies=[needs_nothing(SENT_TO_SIGN_IN)])
async def me(request: Request, database: DatabaseIn) -> Response:
    """Show one's own data masked, and the ways on."""
    caller = await visitor(request, person=False)
    if isinstance(caller, Response):
        return caller
    async with database.read() as read:
        shown = await _profile(read, caller, request)
    return page(request, "resident/me.html", tab="me", whole=None, **shown)


@router.post("/reveal", dependencies=[needs_nothing(SENT_TO_SIGN_IN)])
async def reveal(request: Request, database: DatabaseIn) -> Response:
    """Show one's own data whole, this once; a line of one's own record."""
    caller = await visitor(request)
    if isinstance(caller, Response):
        return caller
    seen = await database.transact(lambda tx: people.reveal_own(tx, caller))
    async with database.read() as read:
        shown = await _profile(read, caller, request)
    return page(request, "resident/me.html", tab="me", whole=seen.face, **shown)


@router.get("/phone", dependencies=[needs_nothing(SENT_TO_SIGN_IN)])
async def phone_page(request: Request) -> Response:
    """Ask for another number to be reached at."""
    caller = await visitor(request)
    if isinstance(caller, Response):
        return caller
    return page(request, "resident/phone.html", back="/me", phone="")


@router.post("/phone", dependencies=[needs_nothing(SENT_TO_SIGN_IN)])
async def phone(request: Request, database: DatabaseIn, settings: SettingsIn) -> Response:
    """Write another number to be reached at."""
    caller = await visitor(request)
    if isinstance(caller, Response):
        return caller
    policy, number = people.Policy.of(settings), form_of(request).get("phone", "")

    async def act(tx: Transaction) -> str:
        await people.contacts.change_phone(tx, caller, own_person(caller), number or None, policy)
        return "/me"

    try:
        return await carry_out_to(request, database, caller, act)
    except Problem as problem:
        return refused(request, "resident/phone.html", problem, back="/me", phone=number)


@router.get("/consents", dependencies=[needs_nothing(SENT_TO_SIGN_IN)])
async def consents(request: Request, database: DatabaseIn) -> Response:
    """List what one agreed to."""
    caller = await visitor(request)
    if isinstance(caller, Response):
        return caller
    return page(request, "resident/consents.html", back="/me", **await _consents(database, caller))


@router.post("/consents/{consent_id:uuid}/withdraw", dependencies=[needs_nothing(SENT_TO_SIGN_IN)])
async def withdraw_consent(consent_id: UUID, request: Request, database: DatabaseIn) -> Response:
    """Withdraw a consent."""
    caller = await visitor(request)
    if isinstance(caller, Response):
        return caller

    async def act(tx: Transaction) -> str:
        await people.consents.withdraw_consent(tx, caller, own_person(caller), consent_id)
        return "/me/consents"

    try:
        return await carry_out_to(request, database, caller, act)
    except Problem as problem:
        shown = await _consents(database, caller)
        return refused(request, "resident/consents.html", problem, back="/me", **shown)


@router.get("/privacy", dependencies=[needs_nothing(SENT_TO_SIGN_IN)])
async def privacy(request: Request) -> Response:
    """Show what can be asked for: a copy, a correction, an explanation, the end."""
    caller = await visitor(request, person=False)
    if isinstance(caller, Response):
        return caller
    return page(request, "resident/privacy.html", back="/me", has_person=caller.person_id is not None)


@router.post("/copy", dependencies=[needs_nothing(SENT_TO_SIGN_IN)])
async def copy(request: Request, database: DatabaseIn) -> Response:
    """Hand out a copy of everything kept about this resident, as a file."""
    caller = await visitor(request)
    if isinstance(caller, Response):
        return caller
    text = msgspec.json.format(msgspec.json.encode(await database.transact(lambda tx: copy_of(tx, caller))), indent=2)
    told = {"Content-Disposition": f'attachment; filename="{COPY_NAME}"', "Cache-Control": "no-store"}
    return Response(text, media_type="application/json; charset=utf-8", headers=told)


@router.get("/closing", dependencies=[needs_nothing(SENT_TO_SIGN_IN)])
async def closing_page(request: Request) -> Response:
    """Say what ends and what the law keeps, and ask for the reason."""
    caller = await visitor(request)
    if isinstance(caller, Response):
        return caller
    return page(request, "resident/closing.html", back="/me/privacy", text="")


@router.post("/closing", dependencies=[needs_nothing(SENT_TO_SIGN_IN)])
async def closing(request: Request, database: DatabaseIn) -> Response:
    """Ask for the end of everything that may end."""
    caller = await visitor(request)
    if isinstance(caller, Response):
        return caller
    text = form_of(request).get("text", "")
    try:
        asked = people.requests.read_asked("closing", "account", text)

        async def act(tx: Transaction) -> str:
            return f"/me/corrections/{(await people.requests.ask(tx, caller, asked)).id}?new=1"

        return await carry_out_to(request, database, caller, act)
    except Problem as problem:
        shown = {"back": "/me/privacy", "text": text}
        return refused(request, "resident/closing.html", problem, stands=way_on(problem), **shown)


async def _profile(read: Read, caller: Caller, request: Request) -> dict[str, Any]:
    words = words_of(request)
    phone_number = await access.residents.masked_phone(read, caller)
    if caller.person_id is None:
        return {"face": None, "level": None, "phone": phone_number, "document": "", "card": None}
    seen = (await people.faces(read, None, [caller.person_id]))[caller.person_id]
    kinds = await code_labels(read, "identity-document-kind", words)
    return {
        "unread": await unread_messages(read, caller),
        "face": people.masked(seen.face),
        "level": int(seen.level),
        "phone": phone_number,
        "document": kinds.get(seen.face.document_kind, ""),
        "card": await cards.card_of(read, seen.canonical_id),
    }


async def _consents(database: DatabaseIn, caller: Caller) -> dict[str, Any]:
    async with database.read() as read:
        found = await people.consents.consents_of(read, own_person(caller))
        now = read.clock.now()
    return {
        "standing": [one for one in found if one.withdrawn_at is None and one.until > now],
        "ended": [one for one in found if one.withdrawn_at is not None or one.until <= now],
    }
