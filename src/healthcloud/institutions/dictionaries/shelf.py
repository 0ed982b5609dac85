"""
Dictionaries at hand: kept by each process, so that a scan asks the database nothing.

An institution's mappings are looked at by their version at most every five seconds, and read whole every minute with
the standard sets: a change is in use everywhere within five seconds. What nobody has mapped is counted here and written
now and then (reporting.py).
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID
from weakref import WeakKeyDictionary

from healthcloud.core.crypto import Vault
from healthcloud.core.db import Database, Read
from healthcloud.institutions import codes
from healthcloud.institutions.departments import departments_of
from healthcloud.institutions.dictionaries import store
from healthcloud.institutions.dictionaries.errors import DictionaryUnknown
from healthcloud.institutions.dictionaries.model import (
    SETS,
    Book,
    Direction,
    Mapped,
    Miss,
    StandardSet,
    book_of,
    read_ours,
    read_theirs,
    standard_set,
)
from healthcloud.institutions.dictionaries.spelling import fold, told

GLANCE, LOOK = timedelta(seconds=5), timedelta(minutes=1)
MOST_MISSES = 2000
DEPARTMENTS = "standard-department"
_NOBODY = UUID(int=0)
_MOST_CODES = 1000


@dataclass(slots=True)
class _Kept:
    """An institution's book, of which version, when it was read and when its version was last looked at."""

    book: Book
    version: int | None
    read_at: datetime
    seen_at: datetime


@dataclass(slots=True)
class Shelf:
    """What one process has at hand."""

    standards: dict[str, StandardSet] = field(default_factory=dict)
    standards_at: datetime | None = None
    kept: dict[UUID, _Kept] = field(default_factory=dict)
    misses: dict[Miss, int] = field(default_factory=dict)

    def miss(self, one: Miss) -> None:
        """Count a value nobody has mapped; beyond two thousand kinds of them only that there were more."""
        if one not in self.misses and len(self.misses) >= MOST_MISSES:
            one = replace(one, value="…")
        self.misses[one] = self.misses.get(one, 0) + 1


_SHELVES: WeakKeyDictionary[Vault, Shelf] = WeakKeyDictionary()


def shelf_of(vault: Vault) -> Shelf:
    """Return the process's shelf: a vault is one installation's."""
    return _SHELVES.setdefault(vault, Shelf())


@dataclass(frozen=True, slots=True)
class Dictionary:
    """An institution's dictionaries, to look many values up without waiting; of nobody's, the standard sets alone."""

    institution_id: UUID | None
    book: Book
    shelf: Shelf

    def ours(self, set_name: str, theirs: str | None) -> Mapped:
        """Return the city's code for a value; one that is not known is counted, an empty one is not."""
        found = read_ours(self.book, self._standard(set_name), set_name, theirs or "")
        if theirs and not found.is_known and fold(theirs):
            self._miss(set_name, "ours", theirs)
        return found

    def theirs(self, set_name: str, ours: str | None) -> Mapped:
        """Return the institution's value for the city's code; one it has no word for is counted."""
        if not ours:
            return Mapped(None, is_known=False)
        found = read_theirs(self.book, self._standard(set_name), set_name, ours)
        if not found.is_known:
            self._miss(set_name, "theirs", ours)
        return found

    def _standard(self, set_name: str) -> StandardSet:
        try:
            return self.shelf.standards[set_name]
        except KeyError:
            raise DictionaryUnknown from None

    def _miss(self, set_name: str, direction: Direction, value: str) -> None:
        if self.institution_id is not None:
            self.shelf.miss(Miss(self.institution_id, set_name, direction, told(set_name, value)))


def dictionary_at_hand(database: Database, institution_id: UUID | None) -> Dictionary | None:
    """Return an institution's dictionaries without waiting, where they are at hand and fresh; else None."""
    shelf, now = shelf_of(database.vault), database.clock.now()
    kept = shelf.kept.get(institution_id or _NOBODY)
    if kept is None or not _within(kept.seen_at, now, GLANCE) or not _within(kept.read_at, now, LOOK):
        return None
    return Dictionary(institution_id, kept.book, shelf)


async def dictionary_of(read: Read, institution_id: UUID | None) -> Dictionary:
    """Return an institution's dictionaries; of None the standard sets alone."""
    shelf, now = shelf_of(read.vault), read.clock.now()
    if not _within(shelf.standards_at, now, LOOK):
        shelf.standards, shelf.standards_at = await _standards(read), now
        if not shelf.standards["sex"].labels:
            shelf.standards_at = None  # the sets are not loaded yet: look again
    owner = institution_id or _NOBODY
    kept = shelf.kept.get(owner)
    if kept is None or not _within(kept.read_at, now, LOOK):
        kept = await _read(read, owner, now)
    elif not _within(kept.seen_at, now, GLANCE):
        version = None if owner == _NOBODY else await store.version_of(read, owner)
        kept = replace(kept, seen_at=now) if version == kept.version else await _read(read, owner, now)
    shelf.kept[owner] = kept
    return Dictionary(institution_id, kept.book, shelf)


def put_away(vault: Vault, institution_id: UUID) -> None:
    """Have this process read an institution's mappings again, because it changed them itself."""
    shelf_of(vault).kept.pop(institution_id, None)


def _within(at: datetime | None, now: datetime, span: timedelta) -> bool:
    """Tell whether something is no older than this; a clock that was set back makes everything old."""
    return at is not None and timedelta(0) <= now - at < span


async def _read(read: Read, owner: UUID, now: datetime) -> _Kept:
    standards = shelf_of(read.vault).standards
    if owner == _NOBODY:
        return _Kept(Book(), None, now, now)
    version = await store.version_of(read, owner)
    mappings = [] if version is None else await store.mappings_of(read, owner)
    book = book_of(mappings, standards)
    for one in await departments_of(read, owner):
        # A department says itself which of the city's it is; a mapping of the dictionary says it over.
        if one.standard_code is not None and one.state == "open":
            for word in (one.code, one.name):
                book.inward.setdefault((DEPARTMENTS, fold(word)), one.standard_code)
            book.outward.setdefault((DEPARTMENTS, one.standard_code), one.code)
    return _Kept(book, version, now, now)


async def _standards(read: Read) -> dict[str, StandardSet]:
    in_force = {one.name: one for one in await codes.sets_in_force(read)}

    async def held(name: str | None) -> list[codes.Code]:
        one = in_force.get(name or "")
        return [] if one is None else await codes.codes_of(read, one, limit=_MOST_CODES)

    return {name: standard_set(name, await held(name), await held(rule.also)) for name, rule in SETS.items()}
