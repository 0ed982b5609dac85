"""Looking at figures: the city's staff at the city, an institution's at their own institution."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from healthcloud.core.caller import Caller
from healthcloud.core.clock import SHANGHAI
from healthcloud.core.db import Read
from healthcloud.core.errors import Forbidden
from healthcloud.figures.definitions import BY_CODE, DEFINITIONS, Definition, Span
from healthcloud.figures.errors import FigureUnknown
from healthcloud.figures.model import CITY, Figure, first_active
from healthcloud.figures.shown import store
from healthcloud.figures.shown.store import DistrictCount, HourCount, InstitutionCount, KeyCount
from healthcloud.figures.standing import Standing, standing

SCOPE = "figures.read"
TOP = 10
DAYS = 7
NORMAL = "1"


@dataclass(frozen=True, slots=True)
class Reading:
    """
    A figure's value: `value` is the count, or of a rate the numerator.

    `base` is a rate's denominator, `percent` the rate with one decimal; None where it cannot be computed.
    """

    definition: Definition
    value: int
    base: int | None = None

    @property
    def percent(self) -> float | None:
        """The rate, where there is a denominator above zero."""
        return round(100 * self.value / self.base, 1) if self.base else None


@dataclass(frozen=True, slots=True)
class DayCount:
    """A count of a day in Shanghai."""

    day: date
    count: int


@dataclass(frozen=True, slots=True)
class Overview:
    """Every figure the caller may see; the day's uses by hour (24) and by step of treatment, seven days' by day."""

    standing: Standing
    day: date
    institution_id: UUID | None
    readings: list[Reading]
    hours: list[int]
    scenes: list[KeyCount]
    days: list[DayCount]
    institutions: list[InstitutionCount]
    districts: list[DistrictCount]


@dataclass(frozen=True, slots=True)
class Detail:
    """One figure with what it is made of: by key, and by hour of the last two days where it is a flow."""

    standing: Standing
    reading: Reading
    keys: list[KeyCount]
    hours: list[HourCount]


def place_of(caller: Caller) -> UUID:
    """Return whose figures this caller sees; raise Forbidden."""
    caller.must(SCOPE)
    return caller.institution_id or CITY


def definitions_for(caller: Caller) -> list[Definition]:
    """Return the figures that mean something to this caller."""
    here = place_of(caller)
    return [one for one in DEFINITIONS if here == CITY or not one.of_city]


def definition_for(caller: Caller, code: str) -> Definition:
    """Return one of them; raise FigureUnknown."""
    found = BY_CODE.get(code)
    if found is None or found not in definitions_for(caller):
        raise FigureUnknown
    return found


def span_of(day: date) -> tuple[datetime, datetime]:
    """Return a day of Shanghai as instants."""
    begin = datetime.combine(day, time(), SHANGHAI).astimezone(UTC)
    return begin, begin + timedelta(days=1)


def today_of(read: Read) -> date:
    """Return the day it is in Shanghai."""
    return read.clock.now().astimezone(SHANGHAI).date()


async def overview(read: Read, caller: Caller, day: date | None = None) -> Overview:
    """Return every figure the caller may see; flows of the day, today's by default."""
    here, stand, on = place_of(caller), await standing(read), day or today_of(read)
    counts = _Counts(read, stand.edition, here, on)
    readings = [await counts.reading(one) for one in definitions_for(caller)]
    uses = await counts.of_day(Figure.USES)
    by_hour = Counter[int]()
    by_scene = Counter[str]()
    for one in uses:
        by_hour[one.hour.astimezone(SHANGHAI).hour] += one.count
        by_scene[one.key] += one.count
    scenes = [KeyCount(*each) for each in by_scene.most_common()]
    of_city = here == CITY
    return Overview(
        stand,
        on,
        None if of_city else here,
        readings,
        [by_hour[hour] for hour in range(24)],
        scenes,
        await _by_day(read, stand.edition, here, on),
        await by_institution(read, caller, on) if of_city else [],
        await counts.districts() if of_city else [],
    )


async def detail(read: Read, caller: Caller, code: str, day: date | None = None) -> Detail:
    """Return one figure with what it is made of."""
    definition = definition_for(caller, code)
    here, stand, on = place_of(caller), await standing(read), day or today_of(read)
    counts = _Counts(read, stand.edition, here, on)
    hours = await store.hours(read, stand.edition, here, definition.figure, *_two_days(on))
    if definition.figure is Figure.ACTIVE:
        hours = []
    return Detail(stand, await counts.reading(definition), await counts.keys(definition), hours)


async def by_institution(
    read: Read, caller: Caller, day: date | None = None, limit: int = TOP
) -> list[InstitutionCount]:
    """Return the institutions with the most uses of a day; for the city's staff only."""
    if place_of(caller) != CITY:
        raise Forbidden(scope=SCOPE)
    stand = await standing(read)
    return await store.institutions(read, stand.edition, Figure.USES, *span_of(day or today_of(read)), limit)


async def _by_day(read: Read, edition: int, here: UUID, last: date) -> list[DayCount]:
    days = [last - timedelta(days=back) for back in range(DAYS - 1, -1, -1)]
    sums = Counter[date]()
    for one in await store.hours(read, edition, here, Figure.USES, span_of(days[0])[0], span_of(last)[1]):
        sums[one.hour.astimezone(SHANGHAI).date()] += one.count
    return [DayCount(day, sums[day]) for day in days]


def _two_days(day: date) -> tuple[datetime, datetime]:
    begin, end = span_of(day)
    return begin - timedelta(days=1), end


class _Counts:
    """The counts of one place, each asked for once."""

    def __init__(self, read: Read, edition: int, here: UUID, day: date) -> None:
        self._read = read
        self._edition = edition
        self._here = here
        self._day = day
        self._days: dict[Figure, list[HourCount]] = {}
        self._totals: dict[Figure, list[KeyCount]] = {}
        self._districts: list[DistrictCount] | None = None

    async def of_day(self, figure: Figure) -> list[HourCount]:
        if figure not in self._days:
            span = span_of(self._day)
            self._days[figure] = await store.hours(self._read, self._edition, self._here, figure, *span)
        return self._days[figure]

    async def totals(self, figure: Figure) -> list[KeyCount]:
        if figure not in self._totals:
            self._totals[figure] = await store.totals(self._read, self._edition, self._here, figure)
        return self._totals[figure]

    async def districts(self) -> list[DistrictCount]:
        if self._districts is None:
            self._districts = await store.districts(self._read, self._edition, Figure.USES, *span_of(self._day))
        return self._districts

    async def keys(self, definition: Definition) -> list[KeyCount]:
        """Return what a figure is made of, by key."""
        if definition.span is Span.TODAY:
            sums = Counter[str]()
            for one in await self.of_day(definition.figure):
                sums[one.key] += one.count
            return [KeyCount(*each) for each in sums.most_common()]
        found = await self.totals(definition.figure)
        if definition.figure is Figure.ACTIVE:
            first = first_active(self._day)
            return [one for one in found if one.key >= first]
        return found

    async def reading(self, definition: Definition) -> Reading:
        if definition.code == "institutions-using":
            districts = await self.districts()
            return Reading(
                definition, sum(one.counting for one in districts), sum(one.institutions for one in districts)
            )
        keys = await self.keys(definition)
        if definition.code == "activation-rate":
            return Reading(definition, _sum(keys), _sum(await self.totals(Figure.ISSUED)))
        if definition.figure is Figure.STATUS:
            return Reading(definition, await self._normal())
        return Reading(definition, _sum(keys))

    async def _normal(self) -> int:
        return _sum([one for one in await self.totals(Figure.STATUS) if one.key == NORMAL])


def _sum(counts: list[KeyCount]) -> int:
    return sum(one.count for one in counts)
