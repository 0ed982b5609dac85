"""A counter left alone: the page is covered and the session locked, and goes on where it was after a PIN or code."""

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from healthcloud import access
from healthcloud.core.caller import CallerKind
from healthcloud.core.errors import Problem, Unauthenticated
from healthcloud.core.http import DatabaseIn, SettingsIn, caller_of, needs_nothing
from healthcloud.web.clinic.desk import LOCK, SIGN_IN
from healthcloud.web.forms import refused
from healthcloud.web.page import form_of, go_to, own_path, page

router = APIRouter(include_in_schema=False)
AFTER = "/scan"
CODE_LENGTH = 6


@router.get(LOCK, dependencies=[needs_nothing("a locked session is nobody's until it is unlocked")])
async def lock_page(request: Request) -> Response:
    """Ask for PIN or code where the session is locked; else there is nothing to unlock."""
    after = own_path(request.query_params.get("next", ""), AFTER)
    try:
        caller = await caller_of(request)
    except access.sessions.SessionLocked:
        return page(request, "clinic/lock.html", next=after)
    except Unauthenticated:
        return go_to(SIGN_IN)
    return go_to(after if caller.kind is CallerKind.STAFF else SIGN_IN)


@router.post(LOCK, dependencies=[needs_nothing("a locked session's cookie and a PIN or code are shown")])
async def unlock(request: Request, database: DatabaseIn, settings: SettingsIn) -> Response:
    """Take the session up where it was left, under a new token; five wrong tries end it."""
    form, policy = form_of(request), access.AccessPolicy.of(settings)
    after, secret = own_path(form.get("next", ""), AFTER), form.get("secret", "").strip()
    cookie = request.cookies.get(access.sessions.SESSION_COOKIE, "")
    code = secret if len(secret) == CODE_LENGTH else None
    try:
        token = await access.staff.unlock_session(database, policy, cookie, code=code, pin=secret)
    except access.sessions.SessionOver:
        return go_to(SIGN_IN)
    except Problem as problem:
        return refused(request, "clinic/lock.html", problem, next=after)
    answer = go_to(after)
    access.sessions.keep_session(answer, token, policy.staff_sessions.life, secure=policy.secure_cookies)
    return answer


@router.post(f"{LOCK}/now", dependencies=[needs_nothing("whoever has no session has nothing to lock")])
async def lock_now(request: Request, database: DatabaseIn) -> Response:
    """Lock the session of this browser at once."""
    cookie = request.cookies.get(access.sessions.SESSION_COOKIE, "")
    await database.transact(lambda tx: access.sessions.lock_own_session(tx, cookie))
    return go_to(LOCK)


@router.get(f"{LOCK}/state", dependencies=[needs_nothing("says only whether this browser's own session is awake")])
async def state(request: Request) -> Response:
    """Say whether the session is awake; asking keeps it so, as any other use."""
    try:
        awake = (await caller_of(request)).kind is CallerKind.STAFF
    except Unauthenticated:
        awake = False
    return JSONResponse({"awake": awake})
