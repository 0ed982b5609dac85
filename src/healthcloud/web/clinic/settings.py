"""This desk: its terminal, its scanner, who is signed in where, and the PIN that unlocks."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from healthcloud import access, institutions
from healthcloud.core.db import Read
from healthcloud.core.errors import FieldFault, Problem, Unacceptable
from healthcloud.web.clinic.desk import PREFIX_COOKIE, TONE_COOKIE, TONE_ON, Desk, view
from healthcloud.web.page import go_to

router = APIRouter(include_in_schema=False)
DESK = "/counter/desk"
STAFF = "staff"
LONGEST_PREFIX = 8
_YEAR = 365 * 24 * 3600


@view(router, DESK, STAFF)
async def desk_page(desk: Desk) -> Response:
    """Show this desk."""
    return await _shown(desk, None)


@view(router, f"{DESK}/scanner", STAFF, method="POST")
async def set_scanner(desk: Desk) -> Response:
    """Remember in this browser what its scanner types before each code."""
    prefix = desk.form().get("prefix", "")
    if len(prefix) > LONGEST_PREFIX or not (prefix.isascii() and prefix.isprintable()) or set(prefix) & set(' ";,\\'):
        told = f"must be at most {LONGEST_PREFIX} plain characters", f"应为不超过 {LONGEST_PREFIX} 个英文字符"
        return await _shown(desk, Unacceptable(faults=(FieldFault("#/prefix", *told),)))
    answer = go_to(f"{DESK}?done=scanner")
    secure = access.AccessPolicy.of(desk.settings).secure_cookies
    answer.set_cookie(PREFIX_COOKIE, prefix, max_age=_YEAR, httponly=True, samesite="lax", secure=secure)
    return answer


@view(router, f"{DESK}/tone", STAFF, method="POST")
async def set_tone(desk: Desk) -> Response:
    """Remember in this browser whether a verdict has a tone; the page's script reads it, also without the platform."""
    wanted = TONE_ON if desk.form().get("tone") == "yes" else "off"
    answer = go_to(f"{DESK}?done=tone")
    secure = access.AccessPolicy.of(desk.settings).secure_cookies
    answer.set_cookie(TONE_COOKIE, wanted, max_age=_YEAR, samesite="lax", secure=secure)
    return answer


@view(router, f"{DESK}/pin", STAFF, method="POST")
async def set_pin(desk: Desk) -> Response:
    """Set the PIN that unlocks, a code of the second factor shown."""
    form, policy = desk.form(), access.AccessPolicy.of(desk.settings)
    try:
        await access.staff.set_pin(desk.database, policy, desk.caller, form.get("pin", ""), form.get("code", ""))
    except Problem as problem:
        return await _shown(desk, problem)
    return go_to(f"{DESK}?done=pin")


@view(router, f"{DESK}/sessions", STAFF, method="POST")
async def end_session(desk: Desk) -> Response:
    """Sign another of one's own browsers out."""
    try:
        session_id = UUID(desk.form().get("session", ""))
    except ValueError:
        raise access.sessions.NoSuchSession from None
    await desk.database.transact(lambda tx: access.sessions.end_session(tx, desk.caller, session_id))
    return go_to(f"{DESK}?done=session")


async def _shown(desk: Desk, problem: Problem | None) -> Response:
    async with desk.database.read() as read:
        sessions = await access.sessions.own_sessions(read, desk.caller)
        code = await _terminal_code(read, desk.terminal) if desk.terminal else ""
    asked = desk.request.query_params.get("done", "")
    done = asked if asked in ("scanner", "tone", "pin", "session") else ""
    values: dict[str, Any] = {"sessions": sessions, "code": code, "done": done}
    if problem is not None:
        return desk.refused("clinic/desk_settings.html", problem, **values)
    return desk.page("clinic/desk_settings.html", **values)


async def _terminal_code(read: Read, terminal: institutions.Terminal) -> str:
    codes = await institutions.terminals.terminal_codes(read, terminal.institution_id, [terminal])
    return codes[terminal.id]
