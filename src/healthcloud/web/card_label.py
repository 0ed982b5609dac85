"""The printed card, at a phone and at a counter: a label of 50 × 30 mm or a page, with a code that does not change."""

from collections.abc import Mapping
from datetime import datetime

from fastapi import Request
from starlette.responses import Response

from healthcloud import cards
from healthcloud.core.clock import SHANGHAI
from healthcloud.core.errors import FieldFault, Unacceptable
from healthcloud.web.label_printer import print_pdf
from healthcloud.web.page import rendered
from healthcloud.web.qr import qr_svg

# Media as CSS names them; a label is what hospitals' label printers hold.
PAPERS: Mapping[str, str] = {"label": "label", "a5": "sheet", "a4": "sheet"}
LONG_NAME, LONGER_NAME = 9, 18
SHOWN_END = 8


def read_paper(form: dict[str, str]) -> str:
    """Return the paper a form chose; raise Unacceptable."""
    paper = form.get("paper", "")
    if paper not in PAPERS:
        raise Unacceptable(faults=(FieldFault("#/paper", "choose the paper", "请选择纸张"),))
    return paper


async def label_pdf(request: Request, name: str, printed: cards.PrintedCode, paper: str, now: datetime) -> Response:
    """Print a code; `name` is masked, since a scan asks for it beside the code. Raise Unavailable."""
    pdf = await print_pdf(_document(request, name, printed, paper, now), PAPERS[paper], paper)
    shown = {"Content-Disposition": f'inline; filename="health-card-{paper}.pdf"'}
    return Response(pdf, media_type="application/pdf", headers=shown)


def _document(request: Request, name: str, printed: cards.PrintedCode, paper: str, now: datetime) -> str:
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
        day=now.astimezone(SHANGHAI).date().isoformat(),
    )
