"""Writing down what nobody has mapped: of each process now and then, and once more at its end."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import structlog

from healthcloud.core.db import Database
from healthcloud.core.errors import Problem
from healthcloud.institutions.dictionaries import store
from healthcloud.institutions.dictionaries.shelf import shelf_of

EVERY_SECONDS = 5.0

_log = structlog.get_logger()


@asynccontextmanager
async def reporting(database: Database) -> AsyncIterator[None]:
    """Have what this process counts as unmapped written every few seconds, and at the end."""
    task = asyncio.create_task(_now_and_then(database))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await _try(database)


async def report(database: Database) -> int:
    """Write what was counted; return how many kinds of values. What cannot be written is counted on."""
    shelf = shelf_of(database.vault)
    misses, shelf.misses = shelf.misses, {}
    if not misses:
        return 0
    try:
        await database.transact(
            lambda tx: store.count_unmapped(tx, list(misses), list(misses.values()), tx.clock.now())
        )
    except BaseException:
        for one, count in misses.items():
            shelf.misses[one] = shelf.misses.get(one, 0) + count
        raise
    return len(misses)


async def _now_and_then(database: Database) -> None:
    while True:
        await asyncio.sleep(EVERY_SECONDS)
        await _try(database)


async def _try(database: Database) -> None:
    try:
        await report(database)
    except Problem as problem:
        _log.warning("dictionaries-not-reported", problem=problem.code)
