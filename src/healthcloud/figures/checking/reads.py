"""The check: what was counted, beside the rows of cards, uses and persons themselves."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar

from healthcloud import cards, people
from healthcloud.core.caller import Caller
from healthcloud.core.db import Read
from healthcloud.figures.checking import store
from healthcloud.figures.model import CITY, Figure, hour_of
from healthcloud.figures.standing import standing

MANAGE = "jobs.manage"
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
_UNISSUED = 5
_GIVEN = ("issue", "activate")
_CHANGES = {
    "frozen": "freeze",
    "unfrozen": "unfreeze",
    "cancelled": "cancel",
    "restored": "restore",
    "taken-back": "take-back",
    "converted": "convert",
}
Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Difference:
    """A number that is not what the rows come to."""

    figure: str
    where: str
    counted: int
    rows: int


@dataclass(slots=True)
class Verdict:
    """
    What was compared and what differs.

    Uses are compared up to `until`, an hour whose uses have all been counted; cards and persons only when nothing waits
    to be counted (`stocks`), since their rows are of now.
    """

    edition: int
    until: datetime
    stocks: bool
    compared: int = 0
    differences: list[Difference] = field(default_factory=list)


async def check(read: Read, caller: Caller, *, until: datetime | None = None) -> Verdict:
    """Compare the edition shown with the rows (scope jobs.manage); reads every use, card and person once."""
    caller.must(MANAGE)
    stand = await standing(read)
    verdict = Verdict(stand.edition, until or hour_of(stand.as_of), stand.behind == 0)
    await _check_uses(read, verdict, stand.as_of)
    totals = {(one.figure, one.key): one.count for one in await store.totals_of(read, verdict.edition, CITY)}
    await _check_own(read, verdict, totals)
    if verdict.stocks:
        await _check_stocks(read, verdict, totals)
    return verdict


async def _check_uses(read: Read, verdict: Verdict, told_by: datetime) -> None:
    counts = await store.counts_of(read, verdict.edition, Figure.USES, BEGINNING, verdict.until)
    counted = {f"{one.institution_id} {one.hour:%Y-%m-%dT%H} {one.key}": one.count for one in counts}
    rows: dict[str, int] = {}
    for used in await cards.census.uses_by_place(read, verdict.until, told_by):
        for where in (used.institution_id, CITY):
            place = f"{where} {used.hour:%Y-%m-%dT%H} {used.scene}"
            rows[place] = rows.get(place, 0) + used.uses
    _compare(verdict, Figure.USES, counted, rows)


async def _check_own(read: Read, verdict: Verdict, totals: Mapping[tuple[str, str], int]) -> None:
    """Compare totals with the lines kept for them, and active cards with when each was used last."""
    lines = {(one.figure, one.key): one.count for one in await store.sums_of_lines(read, verdict.edition)}
    of_lines = {key: count for key, count in totals.items() if key[0] not in (Figure.USES, Figure.ACTIVE)}
    _compare(verdict, "lines", of_lines, lines)
    months = {one.key: one.count for one in await store.holders_by_month(read, verdict.edition, CITY)}
    _compare(verdict, Figure.ACTIVE, _keys(totals, Figure.ACTIVE), months)


async def _check_stocks(read: Read, verdict: Verdict, totals: Mapping[tuple[str, str], int]) -> None:
    statuses = await cards.census.cards_by_status(read)
    own = {str(status): count for status, count in statuses.items() if status != _UNISSUED}
    _compare(verdict, Figure.STATUS, _keys(totals, Figure.STATUS), own)
    levels = {str(level): count for level, count in (await people.persons_by_level(read)).items()}
    _compare(verdict, Figure.LEVEL, _keys(totals, Figure.LEVEL), levels)
    changes = await cards.census.changes_by_kind(read)
    given = sum(changes.get(one, 0) for one in _GIVEN)
    _compare(verdict, Figure.ISSUED, {"all": sum(_keys(totals, Figure.ISSUED).values())}, {"all": given})
    kept = {key: changes[change] for key, change in _CHANGES.items() if change in changes}
    _compare(verdict, Figure.CHANGES, _keys(totals, Figure.CHANGES), kept)


def _keys(totals: Mapping[tuple[str, str], int], figure: Figure) -> dict[str, int]:
    return {key: count for (one, key), count in totals.items() if one == figure}


def _compare(verdict: Verdict, figure: str, counted: Mapping[Key, int], rows: Mapping[Key, int]) -> None:
    for key in sorted(counted.keys() | rows.keys(), key=str):
        verdict.compared += 1
        ours, theirs = counted.get(key, 0), rows.get(key, 0)
        if ours != theirs:
            verdict.differences.append(Difference(figure, str(key), ours, theirs))
