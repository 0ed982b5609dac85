"""`/console`: sends each caller to their own first page, who works at a desk to the scan page."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from healthcloud.core.caller import CallerKind
from healthcloud.core.http import needs_nothing
from healthcloud.web.console.frame import subjects_of
from healthcloud.web.page import go_to, looker, page

router = APIRouter(include_in_schema=False)
SIGN_IN = "/staff/sign-in?next=/console"
SCANS, DESK = "cards.verify", "/scan"


@router.get("/console", dependencies=[needs_nothing("sends each caller to their own first page")])
async def console(request: Request) -> Response:
    """Send each caller to their own first page."""
    caller = await looker(request)
    if caller.kind is CallerKind.GUEST:
        return go_to(SIGN_IN)
    subjects = subjects_of(caller)
    if not subjects and SCANS in caller.scopes:
        return go_to(DESK)
    return go_to(subjects[0].href) if subjects else page(request, "kit/not_yours.html", status=403)
