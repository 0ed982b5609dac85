"""The scan page as a device keeps it for an outage: nobody's page, and the worker that gives it."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from healthcloud.core.http import allow_on_page, needs_nothing
from healthcloud.web.assets import load
from healthcloud.web.clinic.desk import PREFIX_COOKIE
from healthcloud.web.clinic.scan import WASM
from healthcloud.web.page import page

router = APIRouter(include_in_schema=False)
# What the page's scripts import: named in the page, so that the worker keeps them too.
MODULES = ("outage", "shown_code", "tone", "unverified", "wedge")


@router.get("/scan/shell", dependencies=[needs_nothing("holds nobody's data; kept by a terminal for an outage")])
async def scan_shell(request: Request) -> Response:
    """Show the scan page without anybody in it, as one that cannot reach the platform."""
    modules = [f"clinic/{name}.js" for name in MODULES]
    prefix = request.cookies.get(PREFIX_COOKIE, "")
    answer = page(request, "clinic/scan_shell.html", kept=True, terminal_id="", prefix=prefix, modules=modules)
    allow_on_page(answer, "script-src", WASM)
    return answer


@router.get("/scan/worker.js", dependencies=[needs_nothing("a script, the same for all")])
async def scan_worker() -> Response:
    """Return the worker that keeps the scan page, and may serve that page only."""
    script = load("clinic/worker.js")
    return Response(script.plain, headers={"Content-Type": script.kind, "Service-Worker-Allowed": "/scan"})
