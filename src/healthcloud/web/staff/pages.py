"""Signing in with password and one-time code, signing out, and enrolling after an invitation; plain forms."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from healthcloud import access
from healthcloud.core.caller import CallerKind
from healthcloud.core.errors import Problem
from healthcloud.core.http import DatabaseIn, SettingsIn, address_of, needs_nothing
from healthcloud.web.forms import refused
from healthcloud.web.page import form_of, go_to, looker, own_path, page
from healthcloud.web.qr import qr_svg

router = APIRouter(prefix="/staff", include_in_schema=False)
SIGN_IN = "/staff/sign-in"
AFTER_SIGN_IN = "/console"  # which sends each to their own first page
LONGEST_URI = 500


@router.get("/sign-in", dependencies=[needs_nothing("signing in is how a caller becomes somebody")])
async def sign_in_page(request: Request) -> Response:
    """Ask for login name, password and code."""
    caller, after = await looker(request), own_path(request.query_params.get("next", ""), AFTER_SIGN_IN)
    if caller.kind is CallerKind.STAFF:
        return go_to(after)
    return page(request, "staff/sign_in.html", login="", next=after)


@router.post("/sign-in", dependencies=[needs_nothing("signing in is how a caller becomes somebody")])
async def sign_in(request: Request, database: DatabaseIn, settings: SettingsIn) -> Response:
    """Begin a session, or say why not."""
    form, policy = form_of(request), access.AccessPolicy.of(settings)
    login, after = form.get("login", ""), own_path(form.get("next", ""), AFTER_SIGN_IN)
    try:
        token, _ = await access.staff.sign_in(
            database, policy, _browser(request), login, form.get("password", ""), form.get("code", "").strip()
        )
    except Problem as problem:
        if await _is_signed_in(request, database, login):
            return go_to(after)
        return refused(request, "staff/sign_in.html", problem, login=login, next=after)
    answer = go_to(after)
    access.sessions.keep_session(answer, token, policy.staff_sessions.life, secure=policy.secure_cookies)
    return answer


@router.post("/sign-out", dependencies=[needs_nothing("whoever has no session has nothing to end")])
async def sign_out(request: Request, database: DatabaseIn, settings: SettingsIn) -> Response:
    """End the session of this browser."""
    cookie = request.cookies.get(access.sessions.SESSION_COOKIE, "")
    await database.transact(lambda tx: access.sessions.end_own_session(tx, cookie))
    answer = go_to(SIGN_IN)
    access.sessions.forget_session(answer, secure=access.AccessPolicy.of(settings).secure_cookies)
    return answer


@router.get("/enrol", dependencies=[needs_nothing("the invitation's token is the proof")])
async def enrol_page(request: Request) -> Response:
    """Ask for the invitation's token and the password; the link carries the token behind `#`, so no server sees it."""
    return page(request, "staff/enrol.html", token="")


@router.post("/enrol", dependencies=[needs_nothing("the invitation's token is the proof")])
async def enrol(request: Request, database: DatabaseIn, settings: SettingsIn) -> Response:
    """Make a new second factor and show it, or with a code made from it put both factors in force."""
    form, policy = form_of(request), access.AccessPolicy.of(settings)
    token = form.get("token", "").strip()
    try:
        if "code" in form:
            await access.staff.finish_enrolment(database, policy, token, form["code"].strip())
            return go_to(SIGN_IN)
        begun = await access.staff.begin_enrolment(database, policy, token, form.get("password", ""))
    except Problem as problem:
        if "code" in form:
            shown = _to_scan(form.get("secret", ""), form.get("uri", ""))
            return refused(request, "staff/enrol_code.html", problem, token=token, **shown)
        return refused(request, "staff/enrol.html", problem, token=token)
    return page(request, "staff/enrol_code.html", token=token, **_to_scan(begun.secret, begun.otpauth_uri))


async def _is_signed_in(request: Request, database: DatabaseIn, login: str) -> bool:
    """Tell whether this browser has a session of who signs in: a second tab, or a form sent again."""
    caller = await looker(request)
    if caller.kind is not CallerKind.STAFF:
        return False
    async with database.read() as read:
        logins = await access.staff.logins_of(read, [caller.account_id])
    return logins.get(caller.account_id) == login.strip().lower()


def _to_scan(secret: str, uri: str) -> dict[str, Any]:
    """Return what is shown of a new second factor: typed, opened, or scanned."""
    known = uri if uri.startswith("otpauth://") and len(uri) <= LONGEST_URI else ""
    return {"secret": secret, "uri": known, "picture": qr_svg(known) if known else ""}


def _browser(request: Request) -> access.Browser:
    device = access.sessions.device_name(request.headers.get("user-agent", ""))
    return access.Browser(address_of(request), device, request.cookies.get(access.sessions.SESSION_COOKIE))
