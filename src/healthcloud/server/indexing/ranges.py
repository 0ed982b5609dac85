"""One range of persons brought into the index."""

from functools import partial
from uuid import UUID

import asyncpg

from healthcloud import index
from healthcloud.core.caller import SYSTEM
from healthcloud.core.db import Database
from healthcloud.server.composition import City

ATTEMPTS = 5


async def build_range(city: City, after: UUID, upto: UUID) -> tuple[int, int]:
    """Write the records of a range's persons, then look; return how many there are and how many were written."""
    since = city.database.clock.now()
    persons, written = await _write(city.database, after, upto)
    if written:
        look = partial(index.building.compare_built, caller=SYSTEM, after=after, upto=upto, since=since)
        await city.database.transact(look)
    return persons, written


async def _write(database: Database, after: UUID, upto: UUID) -> tuple[int, int]:
    for attempt in range(ATTEMPTS):
        try:
            return await database.transact(partial(index.building.build, caller=SYSTEM, after=after, upto=upto))
        except asyncpg.UniqueViolationError:
            # Somebody of the range was registered or corrected meanwhile; they are there now.
            if attempt == ATTEMPTS - 1:
                raise
    return 0, 0
