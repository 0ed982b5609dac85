"""The scan page: one line that always has the focus, who stands there in words, or why not, what to do and who acts."""

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast
from uuid import UUID

import msgspec
from fastapi import APIRouter, Request
from starlette.responses import Response

from healthcloud import cards, institutions
from healthcloud.core.caller import Credentials
from healthcloud.core.clock import SHANGHAI
from healthcloud.core.errors import Problem
from healthcloud.core.http import DatabaseIn, SettingsIn, allow_on_page, credentials_of, needs_nothing
from healthcloud.web.clinic.desk import Desk, view
from healthcloud.web.clinic.photo import photo_beside
from healthcloud.web.forms import refused
from healthcloud.web.page import form_of, go_to, looker

if TYPE_CHECKING:
    from healthcloud.web.clinic.ports import Scanner

router = APIRouter(include_in_schema=False)
SCAN = "/scan"
SCANS = "cards.verify"
VERIFY = "/api/v1/cards/verify"
SECOND_FACT = "second-fact-required"
# The first is chosen beforehand, so a face nobody compared is the last.
FACE = "face"
FACTS = ("last-digits", "name", FACE)
# Compiling ZXing needs it where the browser has no detector of its own; no other page has it.
WASM = "'wasm-unsafe-eval'"
# Where a clerk goes on after a refusal, by its code.
GO_ON = {
    "resident-id-card": "/counter/find",
    "card-unknown": "/counter/find",
    "card-not-active": "/counter/find",
    "card-cancelled": "/counter/find",
    "card-expired": "/counter/find",
    "holder-withdrawn": "/counter/register",
    "card-frozen": "/counter/freeze",
}


@dataclass(frozen=True, slots=True)
class Result:
    """What is shown under the scan line: a person, or a refusal in words, perhaps with a question for a second fact."""

    shown: cards.Verified | None = None
    age: int | None = None
    problem: Problem | None = None
    code: str | None = None  # of the printed code the second fact is asked for
    facts: tuple[str, ...] = FACTS
    photo: str | None = None  # the address of the holder's picture, where one is kept and may be seen

    @property
    def status(self) -> int:
        """The answer's HTTP status."""
        return self.problem.status if self.problem else 200

    @property
    def go_on(self) -> str | None:
        """Where the clerk goes on after this refusal."""
        return GO_ON.get(self.problem.code) if self.problem else None


@view(router, SCAN, SCANS)
async def scan_page(desk: Desk) -> Response:
    """Show the scan line of the terminal this browser is bound to, or ask to bind it."""
    return await _shown(desk, Result())


@view(router, SCAN, SCANS, method="POST")
async def scan(desk: Desk) -> Response:
    """Verify what was scanned and show who stands there."""
    form, scanner = desk.form(), cast("Scanner", desk.request.app.state.scanner)
    code = form.get("code", "")
    try:
        answer = await scanner.verify(_as_machine(desk, form, code))
    except Problem as problem:
        asks = problem.code == SECOND_FACT
        if not asks:
            await _keep(desk, problem.code)
        taken = str(problem.facts.get("facts") or "").split() or FACTS
        facts = tuple(fact for fact in FACTS if fact in taken)
        photo = await _photo_of_code(desk, code) if asks and FACE in facts else None
        return await _shown(desk, Result(problem=problem, code=code if asks else None, facts=facts, photo=photo))
    shown = msgspec.json.decode(answer, type=cards.Verified)
    await _keep(desk, "repeat" if shown.use.repeat else "taken", UUID(shown.person.id))
    photo = await _photo(desk, UUID(shown.person.id))
    return await _shown(desk, Result(shown, _age(desk, shown), photo=photo))


@router.post("/scan/terminal", dependencies=[needs_nothing("the one-time code is the proof")])
async def bind(request: Request, database: DatabaseIn, settings: SettingsIn) -> Response:
    """Bind this browser to the terminal of a one-time code."""
    caller, form = await looker(request), form_of(request)
    try:
        bound = await database.transact(lambda tx: institutions.bind_terminal(tx, caller, form.get("code", "")))
    except Problem as problem:
        return refused(request, "clinic/terminal.html", problem, desk=Desk(request, database, settings, caller))
    answer = go_to(SCAN)
    institutions.terminals.keep_binding(answer, bound.token, settings)
    return answer


def _as_machine(desk: Desk, form: dict[str, str], code: str) -> Credentials:
    """Put the form as the JSON a machine would send; who asks stays who asked."""
    wish: dict[str, object] = {"code": code}
    if form.get("fact"):
        wish["second_fact"] = {"kind": form["fact"], "value": form.get("value") or None}
    return replace(credentials_of(desk.request), target=VERIFY, body=msgspec.json.encode(wish))


async def _keep(desk: Desk, outcome: str, person_id: UUID | None = None) -> None:
    """Keep a scan for the list beside the line; a list that lags stops no scan."""
    if desk.caller.terminal_id is not None:
        with suppress(Problem):
            await desk.database.transact(lambda tx: cards.desk.keep_scan(tx, desk.caller, outcome, person_id))


async def _photo_of_code(desk: Desk, code: str) -> str | None:
    """Return the picture of a printed card's holder, to be compared before the card is taken."""
    async with desk.database.read() as read:
        holder = (await cards.desk.holders_of(read, desk.caller, [code])).get(code)
    return await _photo(desk, holder) if holder else None


async def _photo(desk: Desk, person_id: UUID) -> str | None:
    """Return somebody's picture; one that cannot be had just now stops no scan."""
    with suppress(Problem):
        return await photo_beside(desk, person_id)
    return None


def _age(desk: Desk, shown: cards.Verified) -> int | None:
    """Return the age by the year of birth, all that is shown of it; a year too high before the birthday."""
    year = shown.person.birth_date[:4]
    return desk.database.clock.now().astimezone(SHANGHAI).year - int(year) if year.isdigit() else None


async def _shown(desk: Desk, result: Result) -> Response:
    if desk.terminal is None:
        return desk.page("clinic/terminal.html")
    last: list[cards.desk.DeskLine] = []
    with suppress(Problem):
        async with desk.database.read() as read:
            last = await cards.desk.last_scans(read, desk.caller)
    answer = desk.page("clinic/scan.html", status=result.status, result=result, last=last)
    allow_on_page(answer, "script-src", WASM)
    return answer
