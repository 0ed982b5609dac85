"""
The lists as this process read them last, told while the database is away: they are signed, and say how old they are.

A reader that learns nothing new holds what it has for as old as it is; one that never had a list could verify nothing.
"""

import asyncio
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from healthcloud.cards.offline import reads
from healthcloud.cards.offline.reads import Revocations
from healthcloud.core.db import Database
from healthcloud.core.db_errors import DRIVER_ERRORS
from healthcloud.core.errors import Problem, Unavailable

AGAIN_SECONDS = 30.0


@dataclass(slots=True)
class _Kept:
    trust: tuple[int, str] | None = None
    whole: Revocations | None = None  # as a reader gets it that has none


_kept: WeakKeyDictionary[Database, _Kept] = WeakKeyDictionary()


async def trust_list(database: Database) -> tuple[int, str]:
    """Return number and text of the trust list; raise ListsMissing before the first is published."""
    kept = _kept.setdefault(database, _Kept())
    try:
        async with database.glance() as read:
            kept.trust = await reads.trust_list(read)
    except Unavailable:
        if kept.trust is None:
            raise
    return kept.trust


async def revocations_after(database: Database, after: int | None) -> Revocations:
    """Return what a reader lacks that is at `after`, None where it has none; raise ListsMissing."""
    kept = _kept.setdefault(database, _Kept())
    try:
        async with database.read() as read:
            found = await reads.revocations_after(read, after)
    except Unavailable:
        if kept.whole is None:
            raise
        return lacking(kept.whole, after)
    if after is None:
        kept.whole = found
    return found


def lacking(whole: Revocations, after: int | None) -> Revocations:
    """Return what of the whole lists a reader lacks that is at `after`: nothing where it knows more."""
    first = whole.snapshot.number if whole.snapshot else 0
    if after is None or after < first:
        return whole
    return Revocations(None, [delta for delta in whole.deltas if delta.number > after])


async def keep_reading(database: Database) -> None:
    """Read the lists now and then, for as long as this process serves, so that it has them when they are asked for."""
    while True:
        try:
            await trust_list(database)
            await revocations_after(database, None)
        except (Problem, *DRIVER_ERRORS):
            pass  # whoever asks is told
        await asyncio.sleep(AGAIN_SECONDS)
