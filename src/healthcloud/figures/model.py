"""What is counted, and how a deed changes it; pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from healthcloud import audit, cards
from healthcloud.core.clock import SHANGHAI

# The version of the rules below: whoever changes what a deed counts for raises it, and everything is counted anew.
FORMULA = 1
CITY = UUID(int=0)  # in the place of an institution: the whole city
ACTIVE_MONTHS = 12


class Figure(StrEnum):
    """What stands in the column `figure`; the key beside it is named here."""

    ISSUED = "issued"  # cards given out: issued, activated, loaded
    STATUS = "status"  # cards that have a status: 1 to 4
    CHANGES = "changes"  # what was done to cards: frozen, unfrozen, cancelled, restored, taken-back, converted
    LEVEL = "level"  # persons verified at a level: 0 to 3
    USES = "uses"  # uses: medStepCode
    REFUSALS = "refusals"  # refused scans: the problem's code
    ACTIVE = "active"  # holders by the last month their card was used in: 2026-11


class Change(NamedTuple):
    """By how much one deed changes one figure."""

    figure: Figure
    key: str
    change: int


_UNISSUED = 5
_DONE = {
    "cards.frozen": "frozen",
    "cards.unfrozen": "unfrozen",
    "cards.cancelled": "cancelled",
    "cards.restored": "restored",
    "cards.taken-back": "taken-back",
    "cards.converted": "converted",
}
_GIVEN = {"cards.issued": "issued", "cards.activated": "activated"}
_LEVELS = frozenset({"people.verified", "people.corrected", "people.document-added", "people.withdrawn"})
# Deeds this feature counts by; a test compares them with those that are declared.
COUNTED = frozenset(
    {*_DONE, *_GIVEN, *_LEVELS, "cards.loaded", "cards.alias-changed", "cards.prepared", "cards.scan-refused"}
    | {"people.registered", "people.loaded"}
)


def changes_of(deed: audit.Deed) -> list[Change]:
    """Return what a deed counts for; uses are counted from their own rows."""
    if deed.deed == "cards.scan-refused":
        return [Change(Figure.REFUSALS, deed.reason or "unknown", 1)]
    if deed.outcome != "done" or deed.deed not in COUNTED:
        return []
    found: list[Change] = []
    if deed.deed in _DONE:
        found.append(Change(Figure.CHANGES, _DONE[deed.deed], 1))
    if deed.deed in _GIVEN:
        found.append(Change(Figure.ISSUED, _GIVEN[deed.deed], 1))
    if deed.deed == "cards.loaded":
        loaded = _number(deed, "cards") or 0
        found += [Change(Figure.ISSUED, "loaded", loaded), Change(Figure.STATUS, "1", loaded)]
    if deed.deed == "people.loaded":
        found.append(Change(Figure.LEVEL, str(_number(deed, "level") or 0), _number(deed, "count") or 0))
    return found + (_statuses(deed) if deed.deed.startswith("cards.") else _levels(deed))


def _statuses(deed: audit.Deed) -> list[Change]:
    return _moved(Figure.STATUS, *(None if one == _UNISSUED else one for one in _before_and(deed, "after")))


def _levels(deed: audit.Deed) -> list[Change]:
    if deed.deed == "people.loaded":
        return []
    return _moved(Figure.LEVEL, *_before_and(deed, "level"))


def _before_and(deed: audit.Deed, after: str) -> tuple[int | None, int | None]:
    return _number(deed, "before"), _number(deed, after)


def _moved(figure: Figure, before: int | None, after: int | None) -> list[Change]:
    if before == after:
        return []
    gone = [] if before is None else [Change(figure, str(before), -1)]
    return gone + ([] if after is None else [Change(figure, str(after), 1)])


def _number(deed: audit.Deed, name: str) -> int | None:
    value = deed.detail.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


class Line(NamedTuple):
    """A change with the deed that made it, as `figures.lines` keeps it."""

    institution_id: UUID
    figure: str
    at: datetime
    deed_id: UUID
    key: str
    change: int
    deed: str
    subject_id: UUID


Place = tuple[UUID, str, datetime, str]  # institution, figure, hour, key
Total = tuple[UUID, str, str]  # institution, figure, key


@dataclass(slots=True)
class Tally:
    """What some blocks of the chain come to."""

    deeds: int = 0
    hours: Counter[Place] = field(default_factory=Counter)
    holders: Counter[Total] = field(default_factory=Counter)
    lines: list[Line] = field(default_factory=list)
    batches: dict[UUID, datetime] = field(default_factory=dict)

    def add(self, deed: audit.Deed) -> None:
        """Count one deed."""
        self.deeds += 1
        batch = cards.census.batch_of(deed)
        if batch is not None:
            self.batches[batch[0]] = batch[1]
        here = deed.institution_id or CITY
        for figure, key, change in changes_of(deed):
            self.lines.append(Line(here, figure, deed.at, deed.id, key, change, deed.deed, deed.subject_id))
            self.count(here, figure, hour_of(deed.at), key, change)

    def count(self, institution_id: UUID, figure: str, hour: datetime, key: str, change: int) -> None:
        """Count something for an institution and for the city."""
        for where in {institution_id, CITY}:
            self.hours[where, figure, hour, key] += change

    def move_holder(self, institution_id: UUID, before: str | None, month: str) -> None:
        """Count a holder under the month their card was used in last, and no more under the one before."""
        if before is not None:
            self.holders[institution_id, Figure.ACTIVE, before] -= 1
        self.holders[institution_id, Figure.ACTIVE, month] += 1

    def totals(self) -> Counter[Total]:
        """Return the sums over all hours, and the holders by month."""
        sums = Counter(self.holders)
        for (institution_id, figure, _, key), count in self.hours.items():
            sums[institution_id, figure, key] += count
        return sums


def hour_of(instant: datetime) -> datetime:
    """Return the beginning of the hour; Shanghai's hours begin when UTC's do."""
    return instant.replace(minute=0, second=0, microsecond=0)


def month_of(instant: datetime) -> str:
    """Return the month of Shanghai, `2026-11`."""
    return f"{instant.astimezone(SHANGHAI):%Y-%m}"


def first_active(today: date) -> str:
    """Return the first of the months whose uses make a card an active one: this one and the eleven before."""
    months = today.year * 12 + today.month - 1 - (ACTIVE_MONTHS - 1)
    return f"{months // 12:04}-{months % 12 + 1:02}"


def latest(seen: Iterable[tuple[UUID, UUID, datetime]]) -> dict[tuple[UUID, UUID], str]:
    """Return by person and institution, the city among them, the latest month of what was seen."""
    months: dict[tuple[UUID, UUID], str] = {}
    for person_id, institution_id, used_at in seen:
        for where in (institution_id, CITY):
            key = person_id, where
            months[key] = max(months.get(key, ""), month_of(used_at))
    return months
