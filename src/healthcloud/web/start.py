"""The start page, and the choice of a language."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from healthcloud.core.http import SettingsIn, needs_nothing
from healthcloud.web.page import LANGUAGE_COOKIE, form_of, go_to, page
from healthcloud.web.wording import LANGUAGES

router = APIRouter(include_in_schema=False)
_YEAR = 365 * 24 * 3600


@router.get("/", dependencies=[needs_nothing("says what is here, and nothing of anybody")])
async def start(request: Request) -> Response:
    """Say what is here."""
    return page(request, "start.html")


@router.post("/language", dependencies=[needs_nothing("anybody may choose a language")])
async def choose_language(request: Request, settings: SettingsIn) -> Response:
    """Remember a language in this browser and go back."""
    form = form_of(request)
    back = form.get("back", "/")
    answer = go_to(back if back.startswith("/") and not back.startswith(("//", "/\\")) else "/")
    if form.get("language") in LANGUAGES:
        answer.set_cookie(
            LANGUAGE_COOKIE,
            form["language"],
            max_age=_YEAR,
            httponly=True,
            samesite="lax",
            secure=settings.public_url.startswith("https:"),
        )
    return answer
