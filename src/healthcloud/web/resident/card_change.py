"""Freezing a card, unfreezing and cancelling it: what it does is said first, then what happens next."""

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from healthcloud import cards
from healthcloud.core.db import Database, Transaction
from healthcloud.core.errors import Problem
from healthcloud.core.http import DatabaseIn, needs_nothing
from healthcloud.web.page import form_of, page
from healthcloud.web.resident.card_visit import refused_card, visit_card
from healthcloud.web.resident.consenting import must_tick
from healthcloud.web.resident.family import SENT_TO_SIGN_IN
from healthcloud.web.resident.visitor import carry_out_to

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
    visit = await visit_card(request, database, person)
    if isinstance(visit, Response):
        return visit
    return page(request, "resident/card_changed.html", act=act if act in ACTS else "freeze", **visit.shown)


async def _ask(request: Request, database: Database, act: str, person: UUID | None) -> Response:
    visit = await visit_card(request, database, person)
    if isinstance(visit, Response):
        return visit
    return page(request, "resident/card_change.html", act=act, verify_again=False, **visit.shown)


async def _carry_out(request: Request, database: Database, act: str, person: UUID | None) -> Response:
    visit = await visit_card(request, database, person)
    if isinstance(visit, Response):
        return visit
    caller, subject = visit.caller, visit.subject

    async def change(tx: Transaction) -> str:
        await ACTS[act](tx, caller, subject.whose)
        return f"/card/changed/{act}{subject.query}"

    try:
        if act == "cancel":
            must_tick(form_of(request), ("agree",))
        return await carry_out_to(request, database, caller, change)
    except Problem as problem:
        again = problem.code == "verify-again" and visit.shown["standing"]["key"] != "risk"
        return refused_card(request, "resident/card_change.html", problem, act=act, verify_again=again, **visit.shown)
