"""The printed card at a counter: a label for the patient's booklet, or a sheet for those without a phone."""

from fastapi import APIRouter
from starlette.responses import Response

from healthcloud import cards
from healthcloud.core.clock import SHANGHAI
from healthcloud.core.db import Transaction
from healthcloud.core.errors import FieldFault, Problem, Unacceptable
from healthcloud.web.clinic.desk import Desk, view
from healthcloud.web.clinic.find import ISSUE, Sheet, sheet_of
from healthcloud.web.label_printer import print_pdf
from healthcloud.web.resident.label import PAPERS, label_document

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
    sheet, paper = await _sheet(desk), desk.form().get("paper", "")

    async def act(tx: Transaction) -> cards.PrintedCode:
        return await cards.counter.print_at_counter(tx, desk.caller, desk.person_id)

    try:
        if paper not in PAPERS:
            raise Unacceptable(faults=(FieldFault("#/paper", "choose the paper", "请选择纸张"),))
        printed = await desk.transact(act, cards.PrintedCode)
        day = desk.database.clock.now().astimezone(SHANGHAI).date().isoformat()
        html = label_document(desk.request, sheet.face.name, printed, paper, day)
        pdf = await print_pdf(html, PAPERS[paper], paper)
    except Problem as problem:
        return desk.refused("clinic/label.html", problem, sheet=sheet, paper=paper or FIRST_PAPER)
    name = f"health-card-{paper}.pdf"
    return Response(pdf, media_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'})


async def _sheet(desk: Desk) -> Sheet:
    async with desk.database.read() as read:
        return await sheet_of(read, desk)
