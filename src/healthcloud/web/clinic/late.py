"""Scans a desk took unverified while the platform was away: sent once it is back, each answered for by its id."""

from contextlib import suppress
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from fastapi import APIRouter, Request
from starlette.responses import Response

from healthcloud import cards, people
from healthcloud.core.errors import Problem, Unauthenticated
from healthcloud.core.http import DatabaseIn, SettingsIn, decoded, needs_nothing, visit_of
from healthcloud.web.clinic.desk import Desk, desk_of
from healthcloud.web.clinic.scan import SCANS

router = APIRouter(include_in_schema=False)
LATE = "/scan/late"
MOST = 100
SEEN = "accepted-unverified"
FORBIDDEN, OURS = 403, 500


class LateScan(msgspec.Struct, frozen=True):
    """One scan as the desk kept it: an id of its own, when, and what was read."""

    id: UUID
    scanned_at: datetime
    code: Annotated[str, msgspec.Meta(max_length=1024)]


class LateScans(msgspec.Struct, frozen=True):
    """What waits at a desk, or the first of it."""

    scans: Annotated[list[LateScan], msgspec.Meta(min_length=1, max_length=MOST)]


class LateResult(msgspec.Struct, frozen=True):
    """What became of one scan, in the words of the page; `name` is masked, empty where nobody was recognised."""

    id: UUID
    outcome: str
    name: str
    words: str
    todo: str


class LateResults(msgspec.Struct, frozen=True):
    """An answer to each scan that is settled; one that is not named stays where it is."""

    results: list[LateResult]


_SCANS = msgspec.json.Decoder(LateScans)


@router.post(LATE, dependencies=[needs_nothing("a session and a bound terminal are asked for inside")])
async def send_late(request: Request, database: DatabaseIn, settings: SettingsIn) -> Response:
    """Keep what a desk scanned while the platform was away; raise Unauthenticated, TerminalUnbound."""
    desk = await desk_of(request, database, settings, SCANS)
    if isinstance(desk, Response):
        if desk.status_code == FORBIDDEN:
            return desk
        raise Unauthenticated
    if desk.terminal is None or desk.terminal.institution_id != desk.caller.institution_id:
        raise cards.desk.TerminalUnbound
    wish = decoded(_SCANS, visit_of(request.scope).body)
    results = await _settled(desk, wish.scans)
    return Response(msgspec.json.encode(LateResults(results)), media_type="application/json")


async def _settled(desk: Desk, scans: list[LateScan]) -> list[LateResult]:
    items = [cards.LateItem(one.id, None, None, one.scanned_at, one.code, SEEN) for one in scans]
    answers = await cards.keep_late_uses(desk.database, desk.settings, desk.caller, items)
    ours = next((one.problem for one in answers if one.problem and one.problem.status >= OURS), None)
    done = [(one, scan) for one, scan in zip(answers, scans, strict=True) if not one.problem or not _is_ours(one)]
    if ours is not None and not done:
        raise ours
    proven = [scan.code for one, scan in done if one.problem is None]
    async with desk.database.read() as read:
        holders = await cards.desk.holders_of(read, desk.caller, proven)
        seen = await people.faces(read, desk.caller.institution_id, set(holders.values()))
    results = []
    for one, scan in done:
        holder = holders.get(scan.code) if one.problem is None else None
        await _keep_line(desk, one, holder)
        name = people.masked(seen[holder].face).name if holder in seen else ""
        results.append(_told(desk, one, name))
    return results


def _is_ours(answer: cards.late.LateAnswer) -> bool:
    """Whether it was refused for something of the platform's, which the next try may not meet."""
    return answer.problem is not None and answer.problem.status >= OURS


async def _keep_line(desk: Desk, answer: cards.late.LateAnswer, person_id: UUID | None) -> None:
    """Keep it for the list beside the scan line; a list that lags stops nothing."""
    with suppress(Problem):
        outcome = answer.problem.code if answer.problem else "late"
        await desk.database.transact(lambda tx: cards.desk.keep_scan(tx, desk.caller, outcome, person_id))


def _told(desk: Desk, answer: cards.late.LateAnswer, name: str) -> LateResult:
    outcome = str(answer.mark or answer.outcome)
    words = desk.words(f"outage.outcome.{outcome}")
    if answer.problem is not None:
        words = f"{words} · {desk.words.problem(answer.problem)}"
    todo = desk.words.texts.get(f"outage.todo.{outcome}", "")
    return LateResult(answer.id, outcome, name, words, todo)
