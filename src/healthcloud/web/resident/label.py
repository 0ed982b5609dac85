"""The printed card: a label of 50 × 30 mm, or a page, with the code that does not change."""

from collections.abc import Mapping
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from healthcloud import cards
from healthcloud.core.clock import SHANGHAI
from healthcloud.core.db import Transaction
from healthcloud.core.errors import FieldFault, Problem, Unacceptable
from healthcloud.core.http import DatabaseIn, needs_nothing
from healthcloud.web.forms import Fault, refused
from healthcloud.web.label_printer import print_pdf
from healthcloud.web.once import carry_out
from healthcloud.web.page import form_of, page, rendered, words_of
from healthcloud.web.qr import qr_svg
from healthcloud.web.resident.card import standing, why_not
from healthcloud.web.resident.card_subject import not_kept, subject_of
from healthcloud.web.resident.family import SENT_TO_SIGN_IN
from healthcloud.web.resident.visitor import visitor

router = APIRouter(prefix="/card/label", include_in_schema=False)
# Media as CSS names them; a label is what hospitals' label printers hold.
PAPERS: Mapping[str, str] = {"label": "label", "a5": "sheet", "a4": "sheet"}
LONG_NAME, LONGER_NAME = 9, 18
SHOWN_END = 8


@router.get("", dependencies=[needs_nothing(SENT_TO_SIGN_IN)])
async def label_page(request: Request, database: DatabaseIn, person: UUID | None = None) -> Response:
    """Say what a printed code is good for, and ask on what it is to be printed."""
    caller = await visitor(request)
    if isinstance(caller, Response):
        return caller
    async with database.read() as read:
        subject = await subject_of(read, caller, person)
        if subject is None:
            return not_kept(request)
        front = await cards.front_of(read, subject.person_id)
        state = standing(words_of(request), front, read.clock.now())
    return page(request, "resident/label.html", subject=subject, standing=state, back="/card" + subject.query)


@router.post("", dependencies=[needs_nothing(SENT_TO_SIGN_IN)])
async def print_label(request: Request, database: DatabaseIn, person: UUID | None = None) -> Response:
    """Give out the printed code as a PDF: a deed, once for each form."""
    caller = await visitor(request)
    if isinstance(caller, Response):
        return caller
    async with database.read() as read:
        subject = await subject_of(read, caller, person)
        front = None if subject is None else await cards.front_of(read, subject.person_id)
        state = standing(words_of(request), front, read.clock.now())
    if subject is None:
        return not_kept(request)
    paper = form_of(request).get("paper", "")

    async def act(tx: Transaction) -> cards.PrintedCode:
        return await cards.print_code(tx, caller, None if subject.own else subject.person_id)

    try:
        if paper not in PAPERS:
            raise Unacceptable(faults=(FieldFault("#/paper", "choose the paper", "请选择纸张"),))
        printed = await carry_out(request, database, caller, act, cards.PrintedCode, choice=paper)
        day = database.clock.now().astimezone(SHANGHAI).date().isoformat()
        pdf = await print_pdf(label_document(request, subject.face.name, printed, paper, day), PAPERS[paper], paper)
    except Problem as problem:
        texts = {} if problem.faults else {"errors": [Fault("", why_not(words_of(request), problem))]}
        shown = {"subject": subject, "standing": state, "back": "/card" + subject.query}
        return refused(request, "resident/label.html", problem, **(shown | texts))
    name = f"health-card-{paper}.pdf"
    return Response(pdf, media_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'})


def label_document(request: Request, name: str, printed: cards.PrintedCode, paper: str, day: str) -> str:
    """Return the HTML that is printed; `name` is masked, since a scan asks for it beside the code."""
    width = sum(2 if ord(sign) > 0x2E80 else 1 for sign in name)  # noqa: PLR2004 - where wide scripts begin
    return rendered(
        request,
        f"print/{PAPERS[paper]}.html",
        name=name,
        paper=paper,
        fit="longer" if width > LONGER_NAME else "long" if width > LONG_NAME else "",
        code=qr_svg(printed.text),
        end=printed.text.partition(":")[0][-SHOWN_END:],
        deadline=printed.deadline,
        day=day,
    )
