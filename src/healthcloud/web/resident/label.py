"""The printed card of a resident, or of somebody they act for."""

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from healthcloud import cards
from healthcloud.core.db import Transaction
from healthcloud.core.errors import Problem
from healthcloud.core.http import DatabaseIn, needs_nothing
from healthcloud.web.card_label import label_pdf, read_paper
from healthcloud.web.once import carry_out
from healthcloud.web.page import form_of, page
from healthcloud.web.resident.card_visit import refused_card, visit_card
from healthcloud.web.resident.family import SENT_TO_SIGN_IN

router = APIRouter(prefix="/card/label", include_in_schema=False)


@router.get("", dependencies=[needs_nothing(SENT_TO_SIGN_IN)])
async def label_page(request: Request, database: DatabaseIn, person: UUID | None = None) -> Response:
    """Say what a printed code is good for, and ask on what it is to be printed."""
    visit = await visit_card(request, database, person)
    return visit if isinstance(visit, Response) else page(request, "resident/label.html", **visit.shown)


@router.post("", dependencies=[needs_nothing(SENT_TO_SIGN_IN)])
async def print_label(request: Request, database: DatabaseIn, person: UUID | None = None) -> Response:
    """Give out the printed code as a PDF: a deed, once for each form and paper."""
    visit = await visit_card(request, database, person)
    if isinstance(visit, Response):
        return visit
    caller, subject = visit.caller, visit.subject

    async def act(tx: Transaction) -> cards.PrintedCode:
        return await cards.print_code(tx, caller, subject.whose)

    try:
        paper = read_paper(form_of(request))
        printed = await carry_out(request, database, caller, act, cards.PrintedCode, choice=paper)
        return await label_pdf(request, subject.face.name, printed, paper, database.clock.now())
    except Problem as problem:
        return refused_card(request, "resident/label.html", problem, **visit.shown)
