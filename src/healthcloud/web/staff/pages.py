"""Signing in with password and one-time code, signing out, and enrolling after an invitation; plain forms."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from healthcloud import access
from healthcloud.core.caller import CallerKind
from healthcloud.core.errors import Problem
from healthcloud.core.http import DatabaseIn, SettingsIn, address_of, needs_nothing
from healthcloud.web.page import form_of, go_to, looker, page, words_of

router = APIRouter(include_in_schema=False)
AFTER_SIGN_IN = "/scan"


@router.get("/sign-in", dependencies=[needs_nothing("signing in is how a caller becomes somebody")])
async def sign_in_page(request: Request) -> Response:
    """Ask for login name, password and code."""
    caller = await looker(request)
    if caller.kind is CallerKind.STAFF:
        return go_to(AFTER_SIGN_IN)
    return page(request, "sign_in.html", problem=None, faults=[], login="")


@router.post("/sign-in", dependencies=[needs_nothing("signing in is how a caller becomes somebody")])
async def sign_in(request: Request, database: DatabaseIn, settings: SettingsIn) -> Response:
    """Begin a session, or say why not."""
    form, policy = form_of(request), access.AccessPolicy.of(settings)
    login = form.get("login", "")
    try:
        token, _ = await access.staff.sign_in(
            database, policy, _browser(request), login, form.get("password", ""), form.get("code", "").strip()
        )
    except Problem as problem:
        return _refused(request, "sign_in.html", problem, login=login)
    answer = go_to(AFTER_SIGN_IN)
    access.sessions.keep_session(answer, token, policy.staff_sessions.life, secure=policy.secure_cookies)
    return answer


@router.post("/sign-out", dependencies=[needs_nothing("whoever has no session has nothing to end")])
async def sign_out(request: Request, database: DatabaseIn, settings: SettingsIn) -> Response:
    """End the session of this browser."""
    cookie = request.cookies.get(access.sessions.SESSION_COOKIE, "")
    await database.transact(lambda tx: access.sessions.end_own_session(tx, cookie))
    answer = go_to("/sign-in")
    access.sessions.forget_session(answer, secure=access.AccessPolicy.of(settings).secure_cookies)
    return answer


@router.get("/enrol", dependencies=[needs_nothing("the invitation's token is the proof")])
async def enrol_page(request: Request) -> Response:
    """Ask for the invitation's token and the password; the link carries the token behind `#`, so no server sees it."""
    return page(request, "enrol.html", problem=None, faults=[], token="")


@router.post("/enrol", dependencies=[needs_nothing("the invitation's token is the proof")])
async def enrol(request: Request, database: DatabaseIn, settings: SettingsIn) -> Response:
    """Make a new second factor and show it, or with a code made from it put both factors in force."""
    form, policy = form_of(request), access.AccessPolicy.of(settings)
    token = form.get("token", "").strip()
    try:
        if "code" in form:
            await access.staff.finish_enrolment(database, policy, token, form["code"].strip())
            return go_to("/sign-in")
        begun = await access.staff.begin_enrolment(database, policy, token, form.get("password", ""))
    except Problem as problem:
        if "code" in form:
            return _refused(request, "enrol_code.html", problem, token=token, secret=form.get("secret", ""), uri="")
        return _refused(request, "enrol.html", problem, token=token)
    return page(
        request, "enrol_code.html", problem=None, faults=[], token=token, secret=begun.secret, uri=begun.otpauth_uri
    )


def _browser(request: Request) -> access.Browser:
    device = access.sessions.device_name(request.headers.get("user-agent", ""))
    return access.Browser(address_of(request), device, request.cookies.get(access.sessions.SESSION_COOKIE))


def _refused(request: Request, template: str, problem: Problem, **values: str) -> Response:
    words = words_of(request)
    return page(
        request,
        template,
        status=problem.status,
        problem=words.problem(problem),
        faults=words.faults(problem),
        **values,
    )
