"""The card with no network: asking for it on this phone, what the phone can do, and what browsers keep for it."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from healthcloud import access
from healthcloud.core.http import DatabaseIn, allow_on_page, needs_nothing
from healthcloud.core.http.errors import NoSuchAddress
from healthcloud.web.page import go_to
from healthcloud.web.resident.card_now import millis
from healthcloud.web.resident.card_pwa import manifest, worker_script
from healthcloud.web.resident.card_words import device_words, offline_words
from healthcloud.web.resident.shells import ShellPage, send_shell
from healthcloud.web.wording import LANGUAGES

router = APIRouter(include_in_schema=False)
NAMES_NOBODY = "it names nobody"
OFFLINE = ShellPage("/card/offline", "resident/card_offline.html", offline_words, back="/card")
DEVICE = ShellPage("/device-check", "resident/device_check.html", device_words, back="/help")


@router.get("/card/offline", dependencies=[needs_nothing("it names nobody; without a session one is sent to sign in")])
async def offline(request: Request) -> Response:
    """Show what a phone keeps to make codes with no network, begin it, and take it away."""
    if access.sessions.SESSION_COOKIE not in request.cookies:
        return go_to("/sign-in?next=/card/offline")
    return send_shell(request, OFFLINE)


@router.head("/device-check", dependencies=[needs_nothing("it tells the time")])
@router.get("/device-check", dependencies=[needs_nothing("what a phone can do is looked at before signing in, too")])
async def device_check(request: Request, database: DatabaseIn) -> Response:
    """Show what this phone can do for the card; it looks by itself and sends nothing."""
    answer = send_shell(request, DEVICE)
    allow_on_page(answer, "script-src", "'wasm-unsafe-eval'")
    answer.headers["X-Server-Time"] = str(millis(database.clock.now()))
    return answer


@router.get("/card/manifest/{language}", dependencies=[needs_nothing(NAMES_NOBODY)])
async def web_manifest(language: str) -> Response:
    """Tell browsers how the card is installed on a phone."""
    if language not in LANGUAGES:
        raise NoSuchAddress
    headers = {"Cache-Control": "no-cache"}
    return Response(manifest(language), media_type="application/manifest+json", headers=headers)


@router.get("/card-worker.js", dependencies=[needs_nothing(NAMES_NOBODY)])
async def worker() -> Response:
    """Give the service worker of the card's pages; another one whenever a file of ours is another."""
    return Response(worker_script(), media_type="text/javascript", headers={"Cache-Control": "no-cache"})
