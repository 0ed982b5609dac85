"""Freezing a card, unfreezing and cancelling it: what it does is said first, then what happens next."""

from typing import Any, TypeAlias
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from healthcloud import cards
from healthcloud.core.caller import Caller
from healthcloud.core.db import Database, Read, Transaction
from healthcloud.core.errors import Problem
from healthcloud.core.http import DatabaseIn, needs_nothing
from healthcloud.web.forms import Fault, refused
from healthcloud.web.page import form_of, page, words_of
from healthcloud.web.resident.card import standing, why_not
from healthcloud.web.resident.card_subject import not_kept, subject_of
from healthcloud.web.resident.consenting import must_tick
from healthcloud.web.resident.family import SENT_TO_SIGN_IN
from healthcloud.web.resident.visitor import carry_out_to, visitor

Shown: TypeAlias = dict[str, Any]
router = APIRouter(prefix="/card", include_in_schema=False)
ACTS = {"freeze": cards.freeze, "unfreeze": cards.unfreeze, "cancel": cards.cancel}


@router.get("/freeze", dependencies=[needs_nothing(SENT_TO_SIGN_IN)])
async def freeze_page(request: Request, database: DatabaseIn, person: UUID | None = None) -> Response:
    """Say what freezing does."""
    return await _ask(request, database, "freeze", person)


@router.post("/freeze", dependencies=[needs_nothing(SENT_TO_SIGN_IN)])
async def freeze(request: Request, database: DatabaseIn, person: UUID | None = None) -> Response:
    """Freeze a card, at the next scan everywhere."""
    return await _carry_out(request, database, "freeze", person)


@router.get("/unfreeze", dependencies=[needs_nothing(SENT_TO_SIGN_IN)])
async def unfreeze_page(request: Request, database: DatabaseIn, person: UUID | None = None) -> Response:
    """Say what unfreezing takes."""
    return await _ask(request, database, "unfreeze", person)


@router.post("/unfreeze", dependencies=[needs_nothing(SENT_TO_SIGN_IN)])
async def unfreeze(request: Request, database: DatabaseIn, person: UUID | None = None) -> Response:
    """Unfreeze a card whose holder was verified again."""
    return await _carry_out(request, database, "unfreeze", person)


@router.get("/cancel", dependencies=[needs_nothing(SENT_TO_SIGN_IN)])
async def cancel_page(request: Request, database: DatabaseIn, person: UUID | None = None) -> Response:
    """Say what cancelling ends, and that it can be restored."""
    return await _ask(request, database, "cancel", person)


@router.post("/cancel", dependencies=[needs_nothing(SENT_TO_SIGN_IN)])
async def cancel(request: Request, database: DatabaseIn, person: UUID | None = None) -> Response:
    """Cancel a card and remove its phones."""
    return await _carry_out(request, database, "cancel", person)


@router.get("/changed/{act}", dependencies=[needs_nothing(SENT_TO_SIGN_IN)])
async def changed(act: str, request: Request, database: DatabaseIn, person: UUID | None = None) -> Response:
    """Say what happens next."""
    caller = await visitor(request)
    if isinstance(caller, Response):
        return caller
    async with database.read() as read:
        shown = await _shown(request, read, caller, person, act if act in ACTS else "freeze")
    return not_kept(request) if shown is None else page(request, "resident/card_changed.html", **shown)


async def _ask(request: Request, database: Database, act: str, person: UUID | None) -> Response:
    caller = await visitor(request)
    if isinstance(caller, Response):
        return caller
    async with database.read() as read:
        shown = await _shown(request, read, caller, person, act)
    return not_kept(request) if shown is None else page(request, "resident/card_change.html", **shown)


async def _carry_out(request: Request, database: Database, act: str, person: UUID | None) -> Response:
    caller = await visitor(request)
    if isinstance(caller, Response):
        return caller
    async with database.read() as read:
        shown = await _shown(request, read, caller, person, act)
    if shown is None:
        return not_kept(request)
    subject = shown["subject"]

    async def change(tx: Transaction) -> str:
        await ACTS[act](tx, caller, None if subject.own else subject.person_id)
        return f"/card/changed/{act}{subject.query}"

    try:
        if act == "cancel":
            must_tick(form_of(request), ("agree",))
        return await carry_out_to(request, database, caller, change)
    except Problem as problem:
        again = {"verify_again": problem.code == "verify-again" and shown["standing"]["key"] != "risk"}
        texts = {} if problem.faults else {"errors": [Fault("", why_not(words_of(request), problem))]}
        return refused(request, "resident/card_change.html", problem, **(shown | again | texts))


async def _shown(request: Request, read: Read, caller: Caller, person: UUID | None, act: str) -> Shown | None:
    subject = await subject_of(read, caller, person)
    if subject is None:
        return None
    front = await cards.front_of(read, subject.person_id)
    return {
        "act": act,
        "subject": subject,
        "front": front,
        "standing": standing(words_of(request), front, read.clock.now()),
        "verify_again": False,
        "back": "/card" + subject.query,
    }
