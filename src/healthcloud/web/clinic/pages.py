"""The scan page: one line that always has the focus, who stands there in words, or why not and what to do."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

import msgspec
from fastapi import APIRouter, Request
from starlette.responses import Response

from healthcloud import cards, institutions
from healthcloud.core.caller import Caller, Credentials
from healthcloud.core.db import Database
from healthcloud.core.errors import Problem
from healthcloud.core.http import DatabaseIn, SettingsIn, credentials_of, needs_nothing
from healthcloud.web.forms import refused
from healthcloud.web.page import form_of, go_to, looker, page, words_of

if TYPE_CHECKING:
    from healthcloud.web.clinic.ports import Scanner

router = APIRouter(prefix="/scan", include_in_schema=False)
SCANS = "cards.verify"
VERIFY = "/api/v1/cards/verify"
_SECOND_FACT = "second-fact-required"


@dataclass(frozen=True, slots=True)
class Result:
    """What is shown under the scan line: a person, or a refusal in words, perhaps with a question for a second fact."""

    shown: cards.Verified | None = None
    problem: str | None = None
    who: str | None = None
    code: str | None = None  # of the printed code the second fact is asked for
    status: int = 200


@router.get("", dependencies=[needs_nothing("sends whoever is not signed in to the sign-in page")])
async def scan_page(request: Request, database: DatabaseIn) -> Response:
    """Show the scan line of the terminal this browser is bound to, or ask to bind it."""
    caller = await looker(request)
    if SCANS not in caller.scopes:
        return _elsewhere(request, caller)
    return await _desk(request, database, caller, Result())


@router.post("", dependencies=[needs_nothing("sends whoever is not signed in to the sign-in page")])
async def scan(request: Request, database: DatabaseIn) -> Response:
    """Verify what was scanned and show who stands there."""
    caller = await looker(request)
    if SCANS not in caller.scopes:
        return _elsewhere(request, caller)
    form, words = form_of(request), words_of(request)
    code = form.get("code", "").strip()
    scanner = cast("Scanner", request.app.state.scanner)
    try:
        answer = await scanner.verify(_as_machine(request, form, code))
    except Problem as problem:
        who, again = words(f"who.{problem.who_acts}"), code if problem.code == _SECOND_FACT else None
        refused = Result(problem=words.problem(problem), who=who, code=again, status=problem.status)
        return await _desk(request, database, caller, refused)
    return await _desk(request, database, caller, Result(msgspec.json.decode(answer, type=cards.Verified)))


@router.post("/terminal", dependencies=[needs_nothing("the one-time code is the proof")])
async def bind(request: Request, database: DatabaseIn, settings: SettingsIn) -> Response:
    """Bind this browser to the terminal of a one-time code."""
    caller, form = await looker(request), form_of(request)
    try:
        bound = await database.transact(lambda tx: institutions.bind_terminal(tx, caller, form.get("code", "")))
    except Problem as problem:
        return refused(request, "clinic/terminal.html", problem)
    answer = go_to("/scan")
    institutions.terminals.keep_binding(answer, bound.token, settings)
    return answer


def _as_machine(request: Request, form: dict[str, str], code: str) -> Credentials:
    """Put the form as the JSON a machine would send; who asks stays who asked."""
    wish: dict[str, object] = {"code": code}
    if form.get("fact"):
        wish["second_fact"] = {"kind": form["fact"], "value": form.get("value") or None}
    return replace(credentials_of(request), target=VERIFY, body=msgspec.json.encode(wish))


async def _desk(request: Request, database: Database, caller: Caller, result: Result) -> Response:
    if caller.terminal_id is None:
        return page(request, "clinic/terminal.html")
    async with database.read() as read:
        terminal = await institutions.terminal(read, caller.terminal_id)
        institution = await institutions.institution(read, terminal.institution_id)
        scene = await institutions.find_code(read, "med-step", terminal.scene_code)
    return page(
        request,
        "clinic/scan.html",
        status=result.status,
        terminal=terminal,
        institution=institution,
        scene=scene,
        result=result,
    )


def _elsewhere(request: Request, caller: Caller) -> Response:
    """Send a guest to sign in; tell whoever is signed in without the right that it is not theirs."""
    if not caller.scopes:
        return go_to("/staff/sign-in?next=/scan")
    return page(request, "kit/not_yours.html", status=403)
