"""Figures over HTTP: the city's for its staff, an institution's own for theirs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from healthcloud.core.caller import Caller
from healthcloud.core.db import Transaction
from healthcloud.core.http import CallerIn, DatabaseIn, Day, Moment, Wish, needs, problems
from healthcloud.core.idempotency import OnceIn, once_problems
from healthcloud.core.paging import MAX_PAGE, CursorUnreadable, Page, decode_cursor, page_of
from healthcloud.figures import actions, checking, reads, rows
from healthcloud.figures.definitions import Definition
from healthcloud.figures.errors import AlreadyRebuilding, FigureUnknown
from healthcloud.figures.shown.store import DistrictCount, HourCount, InstitutionCount, KeyCount, ToldLine
from healthcloud.figures.standing import Standing

router = APIRouter(prefix="/figures", tags=["figures"])
READ, MANAGE = needs(reads.SCOPE), needs(actions.MANAGE)
CursorText = Annotated[str | None, Query(max_length=200)]


@dataclass(frozen=True, slots=True)
class FigureShown:
    """A figure: `value`, and of a rate its denominator `base` and `percent`, None where it cannot be computed."""

    value: int
    base: int | None
    percent: float | None
    definition: Definition


@dataclass(frozen=True, slots=True)
class FiguresShown:
    """Every figure the caller may see, of one snapshot; `hours` are the day's uses by hour, `days` of seven days."""

    standing: Standing
    day: Day
    institution_id: UUID | None
    figures: list[FigureShown]
    hours: list[int]
    scenes: list[KeyCount]
    days: list[reads.DayCount]
    institutions: list[InstitutionCount]
    districts: list[DistrictCount]


@dataclass(frozen=True, slots=True)
class FigureDetail:
    """One figure with what it is made of: by key, and by hour of two days where it has hours."""

    standing: Standing
    figure: FigureShown
    keys: list[KeyCount]
    hours: list[HourCount]


@dataclass(frozen=True, slots=True)
class UseRow:
    """A use without its holder."""

    used_at: datetime
    institution: str | None
    terminal: str | None
    scene: str
    opened: bool


@dataclass(frozen=True, slots=True)
class DeedRow:
    """A deed that changed a figure by `change` under `key`, without whom it touched."""

    at: datetime
    institution: str | None
    deed: str
    key: str
    change: int


@dataclass(frozen=True, slots=True)
class Rebuilding:
    """The edition that is being counted beside the one shown."""

    edition: int


class DayQuery(Wish):
    """Of which day, in Shanghai; today by default."""

    on: Day | None = None


class UsesQuery(Wish):
    """Of which hour, by any instant in it, and which page."""

    since: Moment
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 50
    cursor: CursorText = None


class DeedsQuery(Wish):
    """Which page."""

    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 50
    cursor: CursorText = None


@router.get("", dependencies=[READ])
async def figures(database: DatabaseIn, caller: CallerIn, query: Annotated[DayQuery, Query()]) -> FiguresShown:
    """Show every figure with its definition and freshness 统计指标; an institution's staff see their own only."""
    async with database.read() as read:
        found = await reads.overview(read, caller, query.on)
    return FiguresShown(
        found.standing,
        found.day,
        found.institution_id,
        [_shown(one) for one in found.readings],
        found.hours,
        found.scenes,
        found.days,
        found.institutions,
        found.districts,
    )


@router.get("/uses", dependencies=[READ], responses=problems(CursorUnreadable))
async def uses(database: DatabaseIn, caller: CallerIn, query: Annotated[UsesQuery, Query()]) -> Page[UseRow]:
    """List the uses of one hour behind the figures 用卡明细, newest first, without their holders."""
    before = decode_cursor(query.cursor, rows.UsePlace) if query.cursor else None
    async with database.read() as read:
        found = await rows.uses(read, caller, query.since, before=before, limit=query.limit + 1)
    page = page_of(found, query.limit, lambda use: use.place)
    shown = [UseRow(one.used_at, one.institution, one.terminal, one.scene, one.opened) for one in page.items]
    return Page(shown, page.next)


@router.get("/check", dependencies=[MANAGE])
async def check(database: DatabaseIn, caller: CallerIn) -> checking.Verdict:
    """Compare the figures with the rows they are counted from 统计核对; reads all of them once."""
    async with database.read() as read:
        return await checking.check(read, caller)


@router.post(
    "/count/rebuild",
    status_code=201,
    response_model=Rebuilding,
    dependencies=[MANAGE],
    responses=problems(AlreadyRebuilding, *once_problems),
)
async def rebuild(caller: CallerIn, once: OnceIn) -> Response:
    """Count everything anew beside what is shown 重新统计; the job `figures.rebuild` tells how far it is."""
    return await once(lambda tx: _rebuild(tx, caller))


@router.get("/{figure}", dependencies=[READ], responses=problems(FigureUnknown))
async def figure(figure: str, database: DatabaseIn, caller: CallerIn) -> FigureDetail:
    """Show one figure with what it is made of 指标详情."""
    async with database.read() as read:
        found = await reads.detail(read, caller, figure)
    return FigureDetail(found.standing, _shown(found.reading), found.keys, found.hours)


@router.get("/{figure}/deeds", dependencies=[READ], responses=problems(FigureUnknown, CursorUnreadable))
async def deeds(
    figure: str, database: DatabaseIn, caller: CallerIn, query: Annotated[DeedsQuery, Query()]
) -> Page[DeedRow]:
    """List the deeds behind a figure 指标依据, newest first; for one counted from uses ask for those."""
    before = decode_cursor(query.cursor, tuple[datetime, UUID, str]) if query.cursor else rows.NEWEST
    async with database.read() as read:
        found = await rows.lines(read, caller, figure, before=before, limit=query.limit + 1)
    page = page_of(found, query.limit, place_of_line)
    return Page([DeedRow(one.at, one.institution, one.deed, one.key, one.change) for one in page.items], page.next)


def place_of_line(line: ToldLine) -> tuple[datetime, UUID, str]:
    """Return where a line stands in its list."""
    return line.at, line.deed_id, line.key


async def _rebuild(tx: Transaction, caller: Caller) -> Rebuilding:
    return Rebuilding(await actions.rebuild(tx, caller))


def _shown(reading: reads.Reading) -> FigureShown:
    return FigureShown(reading.value, reading.base, reading.percent, reading.definition)
