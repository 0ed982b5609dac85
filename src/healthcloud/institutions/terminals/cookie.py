"""The cookie by which a browser is known as a terminal."""

from starlette.responses import Response

from healthcloud.core.settings import Settings

COOKIE = "hc_terminal"
COOKIE_SECONDS = 400 * 24 * 3600  # the longest browsers keep one


def keep_binding(response: Response, token: str, settings: Settings) -> None:
    """Hand the browser its terminal's token: out of reach of scripts and of other sites' requests."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=COOKIE_SECONDS,
        httponly=True,
        samesite="lax",
        secure=settings.production or settings.public_url.startswith("https:"),
    )
