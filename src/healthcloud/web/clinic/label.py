"""The printed card at a counter: a label for the patient's booklet, or a sheet for those without a phone."""

from fastapi import APIRouter
from starlette.responses import Response

from healthcloud import cards
from healthcloud.core.db import Transaction
from healthcloud.core.errors import Problem
from healthcloud.web.card_label import label_pdf, read_paper
from healthcloud.web.clinic.desk import Desk, view
from healthcloud.web.clinic.find import ISSUE, Sheet, sheet_of

router = APIRouter(include_in_schema=False)
LABEL = "/counter/label/{person_id}"
FIRST_PAPER = "label"


@view(router, LABEL, ISSUE)
async def label_page(desk: Desk) -> Response:
    """Ask on what the card is to be printed."""
    return desk.page("clinic/label.html", sheet=await _sheet(desk), paper=FIRST_PAPER)


@view(router, LABEL, ISSUE, method="POST")
async def print_label(desk: Desk) -> Response:
    """Give out the printed code as a PDF: a deed, once for each form."""
    sheet = await _sheet(desk)

    async def act(tx: Transaction) -> cards.PrintedCode:
        return await cards.counter.print_at_counter(tx, desk.caller, desk.person_id)

    try:
        paper = read_paper(desk.form())
        printed = await desk.transact(act, cards.PrintedCode)
        return await label_pdf(desk.request, sheet.face.name, printed, paper, desk.database.clock.now())
    except Problem as problem:
        return desk.refused("clinic/label.html", problem, sheet=sheet, paper=desk.form().get("paper") or FIRST_PAPER)


async def _sheet(desk: Desk) -> Sheet:
    async with desk.database.read() as read:
        return await sheet_of(read, desk)
