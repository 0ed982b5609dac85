"""The sandbox's pages: plain forms over its front door."""

import json
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from healthcloud import institutions, sandbox
from healthcloud.core.db import Read
from healthcloud.core.errors import FieldFault, Problem, Unacceptable
from healthcloud.core.http import DatabaseIn, SettingsIn
from healthcloud.core.paging import encode_cursor
from healthcloud.web.forms import refused
from healthcloud.web.page import form_of, go_to, page, place_of, words_of

router = APIRouter(prefix="/sandbox", include_in_schema=False, dependencies=[sandbox.OPEN])
PAGES = ("", "/citizens", "/clock", "/switches", "/journal", "/compare")
FACES = (sandbox.EVERY_FACE, *sandbox.WAYS)
FAILURES = ("down", "wrong_signature", "duplicate", "out_of_order")
UNITS = {"minutes": 60, "hours": 3600, "days": 86_400}
_PAGE = 50


@router.get("")
async def overview(request: Request, database: DatabaseIn, settings: SettingsIn) -> Response:
    """Tell what there is here."""
    async with database.read() as read:
        state = await sandbox.state_of(read)
    return _page(request, "overview", state=state, now=database.clock.now(), url=settings.public_url)


@router.get("/citizens")
async def citizens(request: Request, settings: SettingsIn) -> Response:
    """List the invented citizens."""
    return _page(request, "citizens", citizens=sandbox.citizens(settings))


@router.get("/clock")
async def clock(request: Request, database: DatabaseIn) -> Response:
    """Show the clock."""
    return await _clock(request, database, None)


@router.post("/clock/moved")
async def move_clock(request: Request, database: DatabaseIn) -> Response:
    """Move the clock, or set it right."""
    form = form_of(request)
    try:
        seconds = _number(form.get("by", "0"), "by") * UNITS.get(form.get("unit", ""), 1)
        await database.transact(lambda tx: sandbox.actions.move_clock(tx, seconds))
    except Problem as problem:
        return await _clock(request, database, problem, by=form.get("by", ""))
    return go_to("/sandbox/clock?done=moved")


@router.get("/switches")
async def switches(request: Request, database: DatabaseIn) -> Response:
    """Show what fails on purpose."""
    return await _switches(request, database, None)


@router.post("/switches/set")
async def switch(request: Request, database: DatabaseIn) -> Response:
    """Set what fails for a face and an institution."""
    form = form_of(request)
    try:
        wish = sandbox.Switches(
            form.get("face", sandbox.EVERY_FACE),
            _institution(form.get("institution_id", "")),
            _number(form.get("slow_ms", "") or "0", "slow_ms", most=60_000),
            **{name: form.get(name) == "yes" for name in FAILURES},
        )
        await database.transact(lambda tx: sandbox.actions.switch(tx, wish))
    except Problem as problem:
        return await _switches(request, database, problem)
    return go_to("/sandbox/switches?done=set")


@router.post("/reset/done")
async def reset(database: DatabaseIn) -> Response:
    """Set everything back."""
    await database.transact(sandbox.actions.reset)
    return go_to("/sandbox?done=reset")


@router.get("/journal")
async def journal(request: Request, database: DatabaseIn) -> Response:
    """List calls, the newest first."""
    asked = request.query_params
    face = asked.get("face", "")
    (before,) = place_of(asked.get("after", ""), tuple[UUID], (sandbox.NEWEST,))
    async with database.read() as read:
        calls = await sandbox.journal(read, before=before, face=face or None, limit=_PAGE)
        names = await _names(read)
    more = f"/sandbox/journal?face={face}&after={encode_cursor((calls[-1].id,))}" if len(calls) == _PAGE else ""
    return _page(
        request, "journal", calls=calls, names=names, face=face, faces=sandbox.WAYS, more=more, most=sandbox.MOST_CALLS
    )


@router.get("/journal/{call_id}")
async def call(request: Request, call_id: UUID, database: DatabaseIn) -> Response:
    """Show a call whole."""
    async with database.read() as read:
        found = await sandbox.call_of(read, call_id)
    return _page(
        request,
        "call",
        call=found,
        asked_headers=_lines(found.asked_headers),
        told_headers=_lines(found.told_headers),
        asked=sandbox.text_of(found.asked),
        told=sandbox.text_of(found.told),
        signed="" if found.signed is None else sandbox.text_of(found.signed),
    )


@router.get("/compare")
async def compare_page(request: Request) -> Response:
    """Ask for the caller's string."""
    return _page(request, "compare", call=request.query_params.get("call", ""), string="", secret="", found=None)


@router.post("/compare/told")
async def compare(request: Request, database: DatabaseIn) -> Response:
    """Tell where it differs from ours."""
    form = form_of(request)
    string = form.get("string", "").replace("\r\n", "\n")
    given: dict[str, Any] = {"call": form.get("call", ""), "string": string, "secret": form.get("secret", "")}
    try:
        async with database.read() as read:
            found = await sandbox.call_of(read, _call_id(given["call"]))
        if found.signed is None:
            raise sandbox.CallUnsigned
    except Problem as problem:
        return refused(request, "sandbox/compare.html", problem, **_frame(request, "compare"), **given, found=None)
    ours = sandbox.text_of(found.signed)
    told = sandbox.compare(ours, string, form=found.form, secret=given["secret"], body=found.asked)
    return _page(request, "compare", **given, found=told, ours=ours)


async def _clock(request: Request, database: DatabaseIn, problem: Problem | None, by: str = "") -> Response:
    async with database.read() as read:
        state = await sandbox.state_of(read)
    values = {"now": database.clock.now(), "offset": state.clock_offset_seconds, "by": by, "units": tuple(UNITS)}
    return _page(request, "clock", problem=problem, **values)


async def _switches(request: Request, database: DatabaseIn, problem: Problem | None) -> Response:
    async with database.read() as read:
        state, names = await sandbox.state_of(read), await _names(read)
    return _page(
        request,
        "switches",
        problem=problem,
        rows=[one for one in state.switches if one.names],
        names=names,
        faces=FACES,
        failures=FAILURES,
    )


def _page(request: Request, name: str, *, problem: Problem | None = None, **values: Any) -> HTMLResponse:
    template, framed = f"sandbox/{name}.html", _frame(request, name)
    if problem is not None:
        return refused(request, template, problem, **framed, **values)
    return page(request, template, **framed, **values)


def _frame(request: Request, name: str) -> dict[str, Any]:
    words = words_of(request)
    nav = [
        (
            f"/sandbox{path}",
            words(f"sandbox.{path[1:] or 'overview'}.title"),
            path[1:] == ("" if name == "overview" else name),
        )
        for path in PAGES
    ]
    done = request.query_params.get("done", "")
    return {"nav": nav, "done": done if f"sandbox.done.{done}" in words else ""}


async def _names(read: Read) -> dict[UUID, str]:
    """Return institutions by id, the first some of them."""
    return {one.id: one.name for one in await institutions.list_institutions(read, limit=_PAGE)}


def _number(text: str, field: str, *, most: int | None = None) -> int:
    sign, digits = (-1, text[1:]) if text.startswith("-") and most is None else (1, text)
    longest = 9
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= longest) or (most and int(digits) > most):
        raise Unacceptable(faults=(FieldFault(f"#/{field}", "must be a whole number in range", "应为范围内的整数"),))
    return sign * int(digits)


def _institution(text: str) -> UUID:
    try:
        return UUID(text) if text else sandbox.EVERYBODY
    except ValueError:
        raise Unacceptable(faults=(FieldFault("#/institution_id", "is no institution", "不是机构编号"),)) from None


def _call_id(text: str) -> UUID:
    try:
        return UUID(text.strip())
    except ValueError:
        raise Unacceptable(faults=(FieldFault("#/call", "is no number of a call", "不是调用编号"),)) from None


def _lines(headers: bytes) -> str:
    return "\n".join(f"{name}: {value}" for name, value in json.loads(headers).items())
