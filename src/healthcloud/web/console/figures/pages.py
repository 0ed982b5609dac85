"""The overview of the figures, the page of each with its definition and freshness, and the rows behind it."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from healthcloud import figures
from healthcloud.core.clock import SHANGHAI
from healthcloud.core.errors import FieldFault, Unacceptable
from healthcloud.core.paging import Page, decode_cursor, page_of
from healthcloud.web.console.desk import Desk, view
from healthcloud.web.console.figures.board import board
from healthcloud.web.console.figures.showing import Bar, Labels, bars, clock, labels_of, number, rate, shares
from healthcloud.web.console.frame import FIGURES
from healthcloud.web.console.parts import Cell, Pairs, Table, at, query

router = APIRouter()
PAGE = 50
USES = frozenset({figures.Figure.USES, figures.Figure.ACTIVE})
_HOUR = timedelta(hours=1)
Place = tuple[datetime, UUID, str]


@view(router, FIGURES)
async def overview(desk: Desk) -> Response:
    """Show every figure; the numbers follow what happens."""
    async with desk.database.read() as read:
        values = await board(read, desk.caller, desk.words)
    return desk.page("console/figures/overview.html", **values)


@view(router, FIGURES, "/uses")
async def uses(desk: Desk) -> Response:
    """List the uses of one hour, newest first, without their holders."""
    hour = _hour_asked(desk)
    before = decode_cursor(cursor, figures.rows.UsePlace) if (cursor := desk.asked("after")) else None
    async with desk.database.read() as read:
        found = await figures.rows.uses(read, desk.caller, hour, before=before, limit=PAGE + 1)
        labels = await labels_of(read, desk.words)
    page = page_of(found, PAGE, lambda use: use.place)
    say = desk.words
    heads = [say(f"figures.row.{one}") for one in ("at", "institution", "terminal", "scene", "opened")]
    yes, no = say("console.yes"), say("console.no")
    rows = [
        (
            Cell(f"{one.used_at.astimezone(SHANGHAI):%H:%M:%S}"),
            one.institution,
            one.terminal,
            labels.scenes.get(one.scene, one.scene),
            yes if one.opened else no,
        )
        for one in page.items
    ]
    more = query(desk.path, hour=_spelled(hour), after=page.next) if page.next else ""
    span = f"{hour.astimezone(SHANGHAI):%Y-%m-%d} {clock(hour)}–{clock(hour + _HOUR)}"
    return desk.page(
        "console/figures/rows.html",
        title=say("figures.uses.title", span=span),
        about=say("figures.uses.about"),
        tables=[Table(say("figures.uses.caption"), heads, rows, say("figures.uses.empty"), more)],
        earlier=query(desk.path, hour=_spelled(hour - _HOUR)),
        later=query(desk.path, hour=_spelled(hour + _HOUR)),
        up=FIGURES.href,
        names="",
    )


@view(router, FIGURES, "/{figure}")
async def figure(desk: Desk) -> Response:
    """Show one figure: its value, what it is made of, how it is defined, how fresh it is, and where its rows are."""
    code = desk.request.path_params["figure"]
    async with desk.database.read() as read:
        found = await figures.detail(read, desk.caller, code)
        labels = await labels_of(read, desk.words)
    definition = found.reading.definition
    named = [(labels.key(definition.figure, one.key), one.count, "") for one in found.keys]
    by_hour = _by_hour(found)
    return desk.page(
        "console/figures/figure.html",
        title=labels.told(definition.name),
        value=number(found.reading.value) if definition.denominator is None else rate(desk.words, found.reading),
        unit=labels.told(definition.unit) if definition.denominator is None else "",
        as_of=found.standing.as_of,
        definition=_told(desk, labels, found),
        keys=shares(named),
        hours=_bars(by_hour),
        hour_rows=[
            (
                Cell(
                    f"{hour.astimezone(SHANGHAI):%m-%d} {clock(hour)}",
                    query(f"{FIGURES.href}/uses", hour=_spelled(hour)) if definition.figure in USES else "",
                ),
                count,
            )
            for hour, count in by_hour
            if count
        ],
        rows=f"{FIGURES.href}/uses" if definition.figure in USES else f"{desk.path}/rows",
        up=FIGURES.href,
    )


@view(router, FIGURES, "/{figure}/rows")
async def rows(desk: Desk) -> Response:
    """List the deeds behind a figure, newest first; with masked names only where asked, which is a deed each."""
    code = desk.request.path_params["figure"]
    cursor = desk.asked("after")
    before = decode_cursor(cursor, tuple[datetime, UUID, str]) if cursor else figures.rows.NEWEST
    named, may_open = desk.asked("names") is not None, figures.rows.OPEN in desk.caller.scopes
    page = await _named(desk, code, before) if named else await _unnamed(desk, code, before)
    async with desk.database.read() as read:
        definition, labels = figures.definition_for(desk.caller, code), await labels_of(read, desk.words)
    say = desk.words
    heads = [say(f"figures.row.{one}") for one in ("at", "key", "change", "institution")]
    table = [
        (
            at(one.line.at),
            labels.key(definition.figure, one.line.key),
            f"{one.line.change:+,}",
            one.line.institution or say("figures.row.platform"),
            *((one.name,) if named else ()),
        )
        for one in page.items
    ]
    more = query(desk.path, after=page.next, names="yes" if named else None) if page.next else ""
    return desk.page(
        "console/figures/rows.html",
        title=say("figures.rows.title", name=labels.told(definition.name)),
        about=say("figures.rows.named" if named else "figures.rows.about"),
        tables=[
            Table(
                say("figures.rows.caption"),
                [*heads, *([say("figures.row.name")] if named else [])],
                table,
                say("figures.rows.empty"),
                more,
            )
        ],
        earlier="",
        later="",
        up=f"{FIGURES.href}/{code}",
        names=query(desk.path, names="yes") if may_open and not named else "",
    )


async def _unnamed(desk: Desk, code: str, before: Place) -> Page[figures.rows.NamedLine]:
    async with desk.database.read() as read:
        found = await figures.rows.lines(read, desk.caller, code, before=before, limit=PAGE + 1)
    return page_of([figures.rows.NamedLine(one, None) for one in found], PAGE, _place)


async def _named(desk: Desk, code: str, before: Place) -> Page[figures.rows.NamedLine]:
    # One more than is shown would be a name nobody saw and a deed nobody did.
    found = await desk.database.transact(
        lambda tx: figures.rows.open_lines(tx, desk.caller, code, before=before, limit=PAGE)
    )
    page = page_of(found, PAGE, _place)
    return page if len(found) < PAGE else Page(page.items, page_of([*found, found[-1]], PAGE, _place).next)


def _place(named: figures.rows.NamedLine) -> Place:
    return named.line.at, named.line.deed_id, named.line.key


def _told(desk: Desk, labels: Labels, found: figures.Detail) -> Pairs:
    """Return the definition as name and value."""
    one, say = found.reading.definition, desk.words
    base = "" if one.denominator is None else f"{labels.told(one.denominator)}: {number(found.reading.base or 0)}"
    pairs: list[tuple[str, str | Cell]] = [
        ("code", Cell(one.code, code=True)),
        ("unit", labels.told(one.unit)),
        ("span", say(f"figures.span.{one.span}")),
        ("numerator", f"{labels.told(one.numerator)}: {number(found.reading.value)}"),
        ("denominator", base or say("figures.definition.no-denominator")),
        ("source", labels.told(one.source)),
        ("exclusions", labels.told(one.exclusions)),
        ("formula", say("figures.definition.version", formula=one.formula, edition=found.standing.edition)),
        ("fresh", at(found.standing.as_of)),
    ]
    return [(say(f"figures.definition.{name}"), value) for name, value in pairs]


def _bars(by_hour: list[tuple[datetime, int]]) -> list[Bar]:
    local = [hour.astimezone(SHANGHAI) for hour, _ in by_hour]
    names, labels = [f"{hour:%m-%d %H:%M}" for hour in local], [f"{hour:%H}" for hour in local]
    return bars([count for _, count in by_hour], names, labels)


def _by_hour(found: figures.Detail) -> list[tuple[datetime, int]]:
    """Return the sums of each hour of the last two days, the empty ones too; none for a figure without hours."""
    if not found.hours:
        return []
    sums: dict[datetime, int] = {}
    for one in found.hours:
        sums[one.hour] = sums.get(one.hour, 0) + one.count
    last = max(sums)
    return [(hour, sums.get(hour, 0)) for hour in (last - _HOUR * back for back in range(23, -1, -1))]


def _hour_asked(desk: Desk) -> datetime:
    """Return the hour of the address, now's by default; raise Unacceptable."""
    text = desk.asked("hour")
    if text is None:
        return desk.database.clock.now().replace(minute=0, second=0, microsecond=0)
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H").replace(tzinfo=UTC)
    except ValueError:
        fault = FieldFault("query/hour", "is no hour, 2026-11-23T02", "不是小时，如 2026-11-23T02")
        raise Unacceptable(faults=(fault,)) from None


def _spelled(hour: datetime) -> str:
    """Write an hour as the address has it, in UTC."""
    return f"{hour.astimezone(UTC):%Y-%m-%dT%H}"
