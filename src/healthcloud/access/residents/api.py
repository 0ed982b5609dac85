"""Residents over HTTP: ask for a code, sign in with it, change the number."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from healthcloud import channels
from healthcloud.access.request import BrowserIn, Code, Phone, PolicyIn
from healthcloud.access.residents import (
    CodePurpose,
    CodeRefused,
    CodeSent,
    CodesLocked,
    CodesTooOften,
    PhoneTaken,
    change_phone,
    request_code,
    sign_in,
)
from healthcloud.access.sessions import SessionLine, SessionOver, device_of, keep_session
from healthcloud.core.http import CallerIn, DatabaseIn, Wish, needs, needs_nothing, problems

router = APIRouter(tags=["access"])


class CodeWish(Wish):
    """Where the code is to go and what for."""

    phone: Phone
    purpose: CodePurpose = CodePurpose.SIGN_IN


class ResidentSignIn(Wish):
    """A number, and the code that was sent to it."""

    phone: Phone
    code: Code


class PhoneChange(ResidentSignIn):
    """The new number with its code, and the code sent to the present number."""

    present_code: Code


async def _device(request: Request, response: Response, policy: PolicyIn) -> str:
    return device_of(request, response, secure=policy.secure_cookies)


@router.post(
    "/codes",
    status_code=202,
    dependencies=[needs_nothing("asking for a code is the first step of signing in")],
    responses=problems(channels.NotAMobileNumber, CodesTooOften),
)
async def post_code(
    wish: CodeWish,
    database: DatabaseIn,
    policy: PolicyIn,
    browser: BrowserIn,
    device: Annotated[str, Depends(_device)],
) -> CodeSent:
    """Have a one-time code sent to a number; the answer does not tell whether anybody signs in with it."""
    return await request_code(database, policy, wish.phone, wish.purpose, address=browser.address, device=device)


@router.post(
    "/resident-sessions",
    status_code=201,
    dependencies=[needs_nothing("signing in is how a caller becomes somebody")],
    responses=problems(channels.NotAMobileNumber, CodeRefused, CodesLocked),
)
async def post_session(
    wish: ResidentSignIn, database: DatabaseIn, policy: PolicyIn, browser: BrowserIn, response: Response
) -> SessionLine:
    """Sign in with the code; the first time opens the account."""
    token, line = await sign_in(database, policy, browser, wish.phone, wish.code)
    keep_session(response, token, policy.resident_sessions.life, secure=policy.secure_cookies)
    return line


@router.post(
    "/phone-changes",
    status_code=204,
    dependencies=[needs("resident")],
    responses=problems(channels.NotAMobileNumber, CodeRefused, CodesLocked, PhoneTaken, SessionOver),
)
async def post_phone_change(
    wish: PhoneChange, database: DatabaseIn, policy: PolicyIn, caller: CallerIn, browser: BrowserIn, response: Response
) -> None:
    """Sign in with another number from now on; other sessions end."""
    token = await change_phone(database, policy, caller, browser, wish.phone, wish.code, wish.present_code)
    keep_session(response, token, policy.resident_sessions.life, secure=policy.secure_cookies)
