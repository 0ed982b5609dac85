"""
The days before the demonstration, so that what counts uses has something to count.

Some thousand uses by invented residents at invented institutions, as of then, through the statement of every scan.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from random import Random
from uuid import UUID

from healthcloud import cards, institutions
from healthcloud.core.caller import SYSTEM, SYSTEM_ACCOUNT
from healthcloud.core.clock import SHANGHAI, Clock
from healthcloud.core.db import Database, Read

DAYS = 7
# Scans of an ordinary hour of the day, a hospital's morning; nobody is seen at night.
_OF_HOUR = {7: 25, 8: 60, 9: 75, 10: 70, 11: 45, 12: 15, 13: 25, 14: 55, 15: 50, 16: 35, 17: 15, 18: 8, 19: 5, 20: 3}
_WEEKEND, _SATURDAY = 0.4, 5
_PLACES = 80  # institutions with uses: those with a hospital's level, then others
_OF_HOSPITALS = 6  # how much likelier a hospital's desk is than another's
_PAGE = 200


async def live_past(database: Database, person_ids: Sequence[UUID]) -> int:
    """Have these residents' cards used on the days before, and today until now; return how many uses that made."""
    chance, now, clock = Random(DAYS), database.clock.now(), database.clock  # noqa: S311 - alike every time
    async with database.read() as read:
        desks = await _desks(read)
    weights = [weight for _, weight in desks]
    made = 0
    try:
        for at in _instants(now, chance):
            count = min(_scans_at(at, chance), len(person_ids))
            visitors = chance.sample(person_ids, count)
            places = [desk for desk, _ in chance.choices(desks, weights, k=count)]
            scans = [
                cards.Scan(person_id, desk.institution_id, desk.id, desk.scene_code, desk.client_id or SYSTEM_ACCOUNT)
                for person_id, desk in zip(visitors, places, strict=True)
            ]
            database.clock = Clock(fixed=at)
            made += await database.transact(partial(cards.load_uses, caller=SYSTEM, scans=scans))
    finally:
        database.clock = clock
    return made


def _instants(now: datetime, chance: Random) -> list[datetime]:
    """Return an instant in each hour of the days before and of today that has scans and is over."""
    first = now.astimezone(SHANGHAI).replace(minute=0, second=0, microsecond=0)
    hours = [first - timedelta(hours=back) for back in range(DAYS * 24, 0, -1)]
    return [hour + timedelta(seconds=chance.randrange(3600)) for hour in hours if hour.hour in _OF_HOUR]


def _scans_at(at: datetime, chance: Random) -> int:
    usual = _OF_HOUR[at.astimezone(SHANGHAI).hour] * chance.uniform(0.7, 1.2)
    return round(usual * (_WEEKEND if at.astimezone(SHANGHAI).weekday() >= _SATURDAY else 1))


async def _desks(read: Read) -> list[tuple[institutions.Terminal, int]]:
    """Return desks of hospitals and of some other institutions of the demonstration, each with how likely it is."""
    places: list[institutions.Institution] = []
    page = await institutions.list_institutions(read, limit=_PAGE)
    while page:
        places += [place for place in page if place.demonstration]
        page = await institutions.list_institutions(read, after=page[-1].id, limit=_PAGE)
    found: list[tuple[institutions.Terminal, int]] = []
    for place in sorted(places, key=lambda place: place.level_code is None)[:_PLACES]:
        weight = 1 if place.level_code is None else _OF_HOSPITALS
        some = await institutions.terminals.terminals_of(read, place.id, limit=_PAGE)
        found += [(desk, weight) for desk in some if desk.is_active]
    return found
