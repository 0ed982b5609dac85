"""Signing residents in by a code sent to their phone, and out. A number stands in forms, never in an address."""

from datetime import timedelta
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from healthcloud import access, channels
from healthcloud.core.caller import CallerKind
from healthcloud.core.errors import FieldFault, Problem, TooMany, Unacceptable
from healthcloud.core.http import DatabaseIn, SettingsIn, address_of, needs_nothing
from healthcloud.web.forms import Fault, refused
from healthcloud.web.page import form_of, go_to, looker, own_path, page, words_of
from healthcloud.web.wording import Words

router = APIRouter(include_in_schema=False)
FIRST_STEP = "signing in is how a caller becomes somebody"
AFTER_SIGN_IN = "/"
# What a browser keeps of cards goes with whoever signs out, and never meets who signs in next.
CLEARED = {"Clear-Site-Data": '"storage"'}
CODE_DIGITS = 6
LONGEST_NUMBER = 24
_AN_HOUR = 3600


@router.get("/sign-in", dependencies=[needs_nothing(FIRST_STEP)])
async def sign_in_page(request: Request) -> Response:
    """Ask for the phone's number."""
    caller, after = await looker(request), own_path(request.query_params.get("next", ""), AFTER_SIGN_IN)
    if caller.kind is CallerKind.RESIDENT:
        return go_to(after)
    return page(request, "resident/sign_in.html", phone="", next=after)


@router.post("/sign-in", dependencies=[needs_nothing(FIRST_STEP)])
async def sign_in(request: Request, database: DatabaseIn, settings: SettingsIn) -> Response:
    """Send a code and ask for it, or with the code begin a session."""
    form, policy = form_of(request), access.AccessPolicy.of(settings)
    phone, after = form.get("phone", "").strip()[:LONGEST_NUMBER], own_path(form.get("next", ""), AFTER_SIGN_IN)
    if "change" in form:
        return page(request, "resident/sign_in.html", phone=phone, next=after)
    if "code" in form and "again" not in form:
        return await _begin(request, database, policy, phone, after)
    marked = Response()
    device = access.sessions.device_of(request, marked, secure=policy.secure_cookies)
    shown: dict[str, Any] = {"phone": phone, "next": after, "minutes": _minutes(policy.code_life)}
    try:
        sent = await access.residents.request_code(
            *(database, policy, phone, access.residents.CodePurpose.SIGN_IN),
            address=address_of(request),
            device=device,
            language=words_of(request).language,
        )
    except TooMany as often:
        # A code is on its way already, or was: let it be entered, and say when another may be asked for.
        told = {"errors": [Fault("", waiting(words_of(request), often))], "again": often.facts.get("retry_after", 60)}
        return _keeping(marked, refused(request, "resident/sign_in_code.html", often, **(shown | told)))
    except Problem as problem:
        told = {"errors": [Fault("phone", words_of(request).problem(problem))]}
        return _keeping(marked, refused(request, "resident/sign_in.html", problem, **(shown | told)))
    answer = page(request, "resident/sign_in_code.html", **shown, again=sent.again_seconds)
    return _keeping(marked, answer)


@router.post("/sign-out", dependencies=[needs_nothing("whoever has no session has nothing to end")])
async def sign_out(request: Request, database: DatabaseIn, settings: SettingsIn) -> Response:
    """End the session of this browser."""
    cookie = request.cookies.get(access.sessions.SESSION_COOKIE, "")
    await database.transact(lambda tx: access.sessions.end_own_session(tx, cookie))
    answer = go_to("/")
    access.sessions.forget_session(answer, secure=access.AccessPolicy.of(settings).secure_cookies)
    answer.headers.update(CLEARED)
    return answer


async def _begin(
    request: Request, database: DatabaseIn, policy: access.AccessPolicy, phone: str, after: str
) -> Response:
    code = "".join(form_of(request).get("code", "").split())
    device = access.sessions.device_name(request.headers.get("user-agent", ""))
    browser = access.Browser(address_of(request), device, request.cookies.get(access.sessions.SESSION_COOKIE))
    try:
        if len(code) != CODE_DIGITS or not (code.isascii() and code.isdigit()):
            raise Unacceptable(faults=(FieldFault("#/code", "enter the 6 digits of the message", "请填写 6 位数字"),))
        token, _ = await access.residents.sign_in(database, policy, browser, phone, code)
    except Problem as problem:
        if await _is_signed_in(request, database, phone):
            return go_to(after)
        words = words_of(request)
        text = waiting(words, problem) if isinstance(problem, TooMany) else words.problem(problem)
        told = {} if problem.faults else {"errors": [Fault("code", text)]}
        shown: dict[str, Any] = {"phone": phone, "next": after, "minutes": _minutes(policy.code_life), "again": 0}
        return refused(request, "resident/sign_in_code.html", problem, **(shown | told))
    answer = go_to(after)
    access.sessions.keep_session(answer, token, policy.resident_sessions.life, secure=policy.secure_cookies)
    answer.headers.update(CLEARED)
    return answer


async def _is_signed_in(request: Request, database: DatabaseIn, phone: str) -> bool:
    """Tell whether this browser has a session of who signs in: a second tab, or a form sent again."""
    caller = await looker(request)
    if caller.kind is not CallerKind.RESIDENT:
        return False
    async with database.read() as read:
        return await access.own_phone(read, caller) == channels.mobile_number(phone)


def waiting(words: Words, problem: Problem) -> str:
    """Return for how long to wait, in minutes or hours as people say it."""
    seconds = int(problem.facts.get("retry_after") or 60)
    if seconds < 2 * 60:
        return words(f"sign-in.{problem.code}-seconds", count=seconds)
    if seconds < 2 * _AN_HOUR:
        return words(f"sign-in.{problem.code}-minutes", count=-(-seconds // 60))
    return words(f"sign-in.{problem.code}-hours", count=-(-seconds // _AN_HOUR))


def _minutes(life: timedelta) -> int:
    return round(life.total_seconds() / 60)


def _keeping(marked: Response, answer: Response) -> Response:
    """Give the browser's mark to the answer that leaves."""
    answer.raw_headers += [header for header in marked.raw_headers if header[0] == b"set-cookie"]
    return answer
