"""The cookies of a browser: its session, and a mark by which a device that asks for codes is counted."""

import re
import secrets
from datetime import timedelta

from fastapi import Request, Response

from healthcloud.access.tokens import AccountToken

SESSION_COOKIE = "hc_session"
DEVICE_COOKIE = "hc_device"
_DEVICE_LIFE = timedelta(days=365)
_DEVICE = re.compile(r"[A-Za-z0-9_-]{22}")


def keep_session(response: Response, token: AccountToken, life: timedelta, *, secure: bool) -> None:
    """Hand the browser its token: out of reach of scripts and of other sites' requests."""
    response.set_cookie(
        SESSION_COOKIE,
        token.text,
        max_age=int(life.total_seconds()),
        path="/",
        secure=secure,
        httponly=True,
        samesite="lax",
    )


def forget_session(response: Response, *, secure: bool) -> None:
    """Take the token away from the browser."""
    response.delete_cookie(SESSION_COOKIE, path="/", secure=secure, httponly=True, samesite="lax")


def device_of(request: Request, response: Response, *, secure: bool) -> str:
    """Return this browser's mark, making one when it has none."""
    mark = request.cookies.get(DEVICE_COOKIE, "")
    if not _DEVICE.fullmatch(mark):
        mark = secrets.token_urlsafe(16)
        response.set_cookie(
            DEVICE_COOKIE,
            mark,
            max_age=int(_DEVICE_LIFE.total_seconds()),
            path="/",
            secure=secure,
            httponly=True,
            samesite="lax",
        )
    return mark
