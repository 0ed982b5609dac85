"""Where this account is signed in, and the phones that make codes by themselves; each can be removed."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from healthcloud import access, cards
from healthcloud.core.caller import Caller
from healthcloud.core.db import Read, Transaction
from healthcloud.core.errors import Problem
from healthcloud.core.http import DatabaseIn, needs_nothing
from healthcloud.web.forms import refused
from healthcloud.web.page import page, words_of
from healthcloud.web.resident.family import SENT_TO_SIGN_IN
from healthcloud.web.resident.telling import device_words
from healthcloud.web.resident.visitor import carry_out_to, visitor

Act: TypeAlias = Callable[[Transaction], Awaitable[str]]
router = APIRouter(prefix="/me/devices", include_in_schema=False)


@router.get("", dependencies=[needs_nothing(SENT_TO_SIGN_IN)])
async def devices(request: Request, database: DatabaseIn) -> Response:
    """List browsers that are signed in, and phones with a secret of the card."""
    caller = await visitor(request, person=False)
    if isinstance(caller, Response):
        return caller
    async with database.read() as read:
        shown = await _shown(read, caller, request)
    return page(request, "resident/devices.html", back="/me", **shown)


@router.post("/others", dependencies=[needs_nothing(SENT_TO_SIGN_IN)])
async def end_others(request: Request, database: DatabaseIn) -> Response:
    """Sign every other browser out."""
    caller = await visitor(request, person=False)
    if isinstance(caller, Response):
        return caller

    async def act(tx: Transaction) -> str:
        why = "signed out elsewhere by its owner"
        await access.sessions.end_all_sessions(tx, caller, caller.account_id, why, but=caller.session_id)
        return "/me/devices"

    return await _carried(request, database, caller, act)


@router.post("/sessions/{session_id:uuid}", dependencies=[needs_nothing(SENT_TO_SIGN_IN)])
async def end_one(session_id: UUID, request: Request, database: DatabaseIn) -> Response:
    """Sign one browser out."""
    caller = await visitor(request, person=False)
    if isinstance(caller, Response):
        return caller

    async def act(tx: Transaction) -> str:
        await access.sessions.end_session(tx, caller, session_id)
        return "/me/devices"

    return await _carried(request, database, caller, act)


@router.post("/phones/{phone_id:uuid}", dependencies=[needs_nothing(SENT_TO_SIGN_IN)])
async def remove_phone(phone_id: UUID, request: Request, database: DatabaseIn) -> Response:
    """Remove a phone from one's card: its next code is refused."""
    caller = await visitor(request)
    if isinstance(caller, Response):
        return caller

    async def act(tx: Transaction) -> str:
        await cards.phones.remove_phone(tx, caller, None, phone_id)
        return "/me/devices"

    return await _carried(request, database, caller, act)


async def _carried(request: Request, database: DatabaseIn, caller: Caller, act: Act) -> Response:
    try:
        return await carry_out_to(request, database, caller, act)
    except Problem as problem:
        async with database.read() as read:
            shown = await _shown(read, caller, request)
        return refused(request, "resident/devices.html", problem, back="/me", **shown)


async def _shown(read: Read, caller: Caller, request: Request) -> dict[str, Any]:
    phones: list[cards.phones.Phone] = []
    if caller.person_id is not None and await cards.card_of(read, caller.person_id) is not None:
        phones = await cards.phones.my_phones(read, caller)
    words = words_of(request)
    found = await access.sessions.own_sessions(read, caller)
    sessions = [(one, device_words(words, one.device)) for one in reversed(found)]
    return {"sessions": sessions, "here": caller.session_id, "phones": phones}
