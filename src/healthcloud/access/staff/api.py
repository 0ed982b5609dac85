"""Staff themselves over HTTP: enrol, sign in, unlock, change the password."""

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import Field

from healthcloud.access.request import BrowserIn, Code, InvitationToken, Login, Password, PolicyIn
from healthcloud.access.sessions import SessionLine, SessionOver, keep_session
from healthcloud.access.staff import (
    Enrolment,
    EnrolmentNotBegun,
    InvitationOver,
    PasswordExpired,
    PasswordUnfit,
    PasswordUsedBefore,
    PinUnfit,
    SignInCodeUsed,
    SignInLocked,
    SignInRefused,
    begin_enrolment,
    change_password,
    finish_enrolment,
    set_pin,
    sign_in,
    unlock_session,
)
from healthcloud.core.errors import Unavailable
from healthcloud.core.http import CallerIn, DatabaseIn, Wish, needs, needs_nothing, problems

router = APIRouter(tags=["access"])


class EnrolmentWish(Wish):
    """The invitation, and the password: the new one of a new account, else the present one."""

    token: InvitationToken
    password: Password


class Confirmation(Wish):
    """The invitation and a code; where only the password is reset, the new one and a code of the present factor."""

    token: InvitationToken
    code: Code
    new_password: Password | None = None


class SignIn(Wish):
    """Both factors of a member of staff."""

    login: Login
    password: Password
    code: Code


class PasswordChange(SignIn):
    """Both factors, and the password that is to come."""

    new_password: Password


class Unlocking(Wish):
    """A code of the second factor, or the PIN."""

    code: Code | None = None
    pin: Annotated[str, Field(min_length=6, max_length=12)] | None = None


class PinWish(Wish):
    """A PIN of 6 to 12 digits, and a code of the second factor."""

    pin: Annotated[str, Field(min_length=6, max_length=12)]
    code: Code


@router.post(
    "/enrolments",
    dependencies=[needs_nothing("the invitation's token is what lets somebody in")],
    responses=problems(InvitationOver, PasswordUnfit, SignInRefused, SignInLocked, Unavailable),
)
async def begin(wish: EnrolmentWish, database: DatabaseIn, policy: PolicyIn) -> Enrolment:
    """Begin to set password and second factor; answers what the authenticator app needs."""
    return await begin_enrolment(database, policy, wish.token, wish.password)


@router.post(
    "/enrolments/confirmations",
    status_code=204,
    dependencies=[needs_nothing("the invitation's token is what lets somebody in")],
    responses=problems(
        InvitationOver,
        EnrolmentNotBegun,
        PasswordUnfit,
        PasswordUsedBefore,
        SignInRefused,
        SignInLocked,
        Unavailable,
    ),
)
async def confirm(wish: Confirmation, database: DatabaseIn, policy: PolicyIn) -> None:
    """Put the new password and second factor in force; the invitation is spent."""
    await finish_enrolment(database, policy, wish.token, wish.code, wish.new_password)


@router.post(
    "/staff-sessions",
    status_code=201,
    dependencies=[needs_nothing("signing in is how a caller becomes somebody")],
    responses=problems(SignInRefused, SignInCodeUsed, SignInLocked, PasswordExpired, Unavailable),
)
async def begin_session(
    wish: SignIn, database: DatabaseIn, policy: PolicyIn, browser: BrowserIn, response: Response
) -> SessionLine:
    """Sign in; the session travels in a cookie that scripts cannot read."""
    token, line = await sign_in(database, policy, browser, wish.login, wish.password, wish.code)
    keep_session(response, token, policy.staff_sessions.life, secure=policy.secure_cookies)
    return line


@router.post(
    "/password-changes",
    status_code=204,
    dependencies=[needs_nothing("both factors are shown; an expired password cannot sign in")],
    responses=problems(SignInRefused, SignInCodeUsed, SignInLocked, PasswordUnfit, PasswordUsedBefore, Unavailable),
)
async def put_password(wish: PasswordChange, database: DatabaseIn, policy: PolicyIn, browser: BrowserIn) -> None:
    """Change the password; every session ends."""
    address = browser.address
    await change_password(database, policy, address, wish.login, wish.password, wish.code, wish.new_password)


@router.post(
    "/session/unlocking",
    status_code=204,
    dependencies=[needs_nothing("a locked session's cookie and a code are shown")],
    responses=problems(SessionOver, SignInRefused, Unavailable),
)
async def unlock(
    wish: Unlocking, database: DatabaseIn, policy: PolicyIn, browser: BrowserIn, response: Response
) -> None:
    """Unlock a session that was left alone; it goes on under a new token."""
    token = await unlock_session(database, policy, browser.former or "", code=wish.code, pin=wish.pin)
    keep_session(response, token, policy.staff_sessions.life, secure=policy.secure_cookies)


@router.put(
    "/pin",
    status_code=204,
    dependencies=[needs("staff")],
    responses=problems(PinUnfit, SignInRefused, Unavailable),
)
async def put_pin(wish: PinWish, database: DatabaseIn, policy: PolicyIn, caller: CallerIn) -> None:
    """Set the PIN that unlocks a session left alone."""
    await set_pin(database, policy, caller, wish.pin, wish.code)
