"""The rows behind a figure: uses without their holders, deeds without whom they touched, unless that is opened."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from healthcloud import audit, cards, people
from healthcloud.core.caller import Caller
from healthcloud.core.db import Read, Transaction
from healthcloud.figures import deeds
from healthcloud.figures.errors import FigureUnknown
from healthcloud.figures.model import CITY, Figure, hour_of
from healthcloud.figures.reads import definition_for, place_of
from healthcloud.figures.shown import store
from healthcloud.figures.shown.store import ToldLine
from healthcloud.figures.standing import standing

OPEN = "people.open"
NEWEST = (datetime(9999, 1, 1, tzinfo=UTC), UUID(int=(1 << 128) - 1), "")
UsePlace = cards.census.UsePlace
UseTold = cards.census.UseTold


@dataclass(frozen=True, slots=True)
class NamedLine:
    """A line with the masked name of whom its deed touched; None where that is nobody."""

    line: ToldLine
    name: str | None


async def uses(
    read: Read, caller: Caller, hour: datetime, *, before: UsePlace | None = None, limit: int = 50
) -> list[UseTold]:
    """Return the uses of one hour, newest first: of the caller's institution, or of the city. No holder is told."""
    here = place_of(caller)
    at = None if here == CITY else here
    place = before or UsePlace(*NEWEST[:2], 0)
    return await cards.census.uses_of_hour(read, hour_of(hour), institution_id=at, before=place, limit=limit)


async def lines(
    read: Read, caller: Caller, code: str, *, before: tuple[datetime, UUID, str] = NEWEST, limit: int = 50
) -> list[ToldLine]:
    """Return the deeds behind a figure, newest first; raise FigureUnknown, also for one counted from uses."""
    figure, here = definition_for(caller, code).figure, place_of(caller)
    if figure in (Figure.USES, Figure.ACTIVE):
        raise FigureUnknown
    stand = await standing(read)
    if here == CITY:
        return await store.city_lines(read, stand.edition, figure, before, limit)
    return await store.lines_of(read, stand.edition, here, figure, before, limit)


async def open_lines(
    tx: Transaction, caller: Caller, code: str, *, before: tuple[datetime, UUID, str] = NEWEST, limit: int = 50
) -> list[NamedLine]:
    """Return the same with masked names (scope people.open besides); each is a deed its person reads."""
    caller.must(OPEN)
    found = await lines(tx, caller, code, before=before, limit=limit)
    seen = await people.faces(tx, caller.institution_id, {one.subject_id for one in found})
    entries = [audit.Entry(deeds.PERSON_SEEN, person_id, detail={"figure": code}) for person_id in sorted(seen)]
    await audit.record_many(tx, caller, entries)
    return [NamedLine(one, _name(seen.get(one.subject_id))) for one in found]


def _name(seen: people.Seen | None) -> str | None:
    return None if seen is None else people.masked(seen.face).name
