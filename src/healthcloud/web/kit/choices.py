"""The choices of language and display."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from healthcloud.core.http import SettingsIn, needs_nothing
from healthcloud.core.settings import Settings
from healthcloud.web.display import DISPLAY_COOKIE, SIZES, THEMES, display_of
from healthcloud.web.page import LANGUAGE_COOKIE, form_of, go_to, own_path, page
from healthcloud.web.wording import LANGUAGES

router = APIRouter(include_in_schema=False)
_YEAR = 365 * 24 * 3600


@router.post("/language", dependencies=[needs_nothing("anybody may choose a language")])
async def choose_language(request: Request, settings: SettingsIn) -> Response:
    """Remember a language in this browser and go back."""
    form = form_of(request)
    answer = go_to(own_path(form.get("back", "/")))
    if form.get("language") in LANGUAGES:
        _remember(answer, settings, LANGUAGE_COOKIE, form["language"])
    return answer


@router.get("/display", dependencies=[needs_nothing("anybody may choose how pages look")])
async def display_page(request: Request) -> Response:
    """Show every choice of text size, theme and language."""
    back = own_path(request.query_params.get("back", "/"))
    return page(request, "kit/display.html", back=back, languages=LANGUAGES, sizes=SIZES, themes=THEMES)


@router.post("/display", dependencies=[needs_nothing("anybody may choose how pages look")])
async def choose_display(request: Request, settings: SettingsIn) -> Response:
    """Remember a text size, a theme or a language in this browser and go back."""
    form = form_of(request)
    answer = go_to(own_path(form.get("back", "/")))
    display = display_of(request).changed(form.get("size"), form.get("theme"))
    _remember(answer, settings, DISPLAY_COOKIE, display.written())
    if form.get("language") in LANGUAGES:
        _remember(answer, settings, LANGUAGE_COOKIE, form["language"])
    return answer


def _remember(answer: Response, settings: Settings, name: str, value: str) -> None:
    secure = settings.public_url.startswith("https:")
    answer.set_cookie(name, value, max_age=_YEAR, httponly=True, samesite="lax", secure=secure)
