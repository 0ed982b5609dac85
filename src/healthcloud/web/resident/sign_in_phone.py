"""Another number to sign in with: a code to it and a code to the present one; other devices are signed out."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from healthcloud import access
from healthcloud.core.caller import Caller
from healthcloud.core.errors import Problem
from healthcloud.core.http import DatabaseIn, SettingsIn, address_of, needs_nothing
from healthcloud.web.forms import refused
from healthcloud.web.page import form_of, go_to, page
from healthcloud.web.resident.family import SENT_TO_SIGN_IN
from healthcloud.web.resident.visitor import visitor

router = APIRouter(prefix="/me/sign-in-phone", include_in_schema=False)
ASK, CODES = "resident/sign_in_phone.html", "resident/sign_in_codes.html"


@router.get("", dependencies=[needs_nothing(SENT_TO_SIGN_IN)])
async def ask(request: Request) -> Response:
    """Ask for the new number."""
    caller = await visitor(request, person=False)
    if isinstance(caller, Response):
        return caller
    return page(request, ASK, back="/me", phone="")


@router.post("", dependencies=[needs_nothing(SENT_TO_SIGN_IN)])
async def change(request: Request, database: DatabaseIn, settings: SettingsIn) -> Response:
    """Send a code to each number, or with both codes change; a code is good once, so a form sent twice does nothing."""
    caller = await visitor(request, person=False)
    if isinstance(caller, Response):
        return caller
    form, policy = form_of(request), access.AccessPolicy.of(settings)
    phone, has_codes = form.get("phone", "").strip(), "code" in form
    shown = {"back": "/me/sign-in-phone" if has_codes else "/me", "phone": phone}
    try:
        if not has_codes:
            await _send(request, database, policy, caller, phone)
            return page(request, CODES, back="/me/sign-in-phone", phone=phone)
        codes = form.get("code", "").strip(), form.get("present_code", "").strip()
        cookie = request.cookies.get(access.sessions.SESSION_COOKIE, "")
        device = access.sessions.device_name(request.headers.get("user-agent", ""))
        browser = access.Browser(address_of(request), device, cookie)
        token = await access.residents.change_phone(database, policy, caller, browser, phone, *codes)
    except Problem as problem:
        return refused(request, CODES if has_codes else ASK, problem, **shown)
    answer = go_to("/me")
    access.sessions.keep_session(answer, token, policy.resident_sessions.life, secure=policy.secure_cookies)
    return answer


async def _send(
    request: Request, database: DatabaseIn, policy: access.AccessPolicy, caller: Caller, phone: str
) -> None:
    async with database.read() as read:
        present = await access.own_phone(read, caller)
    purpose = access.residents.CodePurpose.CHANGE_PHONE
    device = request.cookies.get(access.sessions.DEVICE_COOKIE, str(caller.account_id))
    for number in dict.fromkeys((phone, present or phone)):
        await access.residents.request_code(
            database, policy, number, purpose, address=address_of(request), device=device
        )
