"""
One loading process, `python -m healthcloud.server.demonstration.loader <parent>`.

It reads batches from its standard input, a JSON list of chunks a line, and answers each with an empty line.
"""

import asyncio
import gc
import sys
from collections.abc import Iterable, Sequence
from itertools import islice
from uuid import UUID

import asyncpg
import msgspec
import uvloop

from healthcloud import cards, people
from healthcloud.core.caller import SYSTEM
from healthcloud.core.clock import SHANGHAI
from healthcloud.core.db import Transaction
from healthcloud.core.logs import set_up_logs
from healthcloud.core.settings import Settings
from healthcloud.server.composition import City, open_city
from healthcloud.server.demonstration.past import live_past
from healthcloud.server.demonstration.population import CHUNK
from healthcloud.server.demonstration.residents import may_be_mother, newborn, registrations, resident
from healthcloud.server.processes.lifeline import end_with_parent

FIRST = 0  # the chunk whose residents have a past
NEWBORNS = 2  # of each thousand residents
WITH_NEWBORNS = 100  # chunks: each is registered by itself, which costs as much as two hundred who are copied


async def load(settings: Settings, batches: Iterable[list[int]]) -> None:
    """Load batches of chunks one after the other and say each once it is there."""
    async with open_city(settings, name="healthcloud loader", pool_size=2) as city:
        for batch in batches:
            await _load_batch(city, batch)
            sys.stdout.write("\n")
            sys.stdout.flush()
            gc.collect()


async def _load_batch(city: City, chunks: list[int]) -> None:
    try:
        await _load_together(city, chunks)
    except asyncpg.UniqueViolationError:
        # Some were committed by a run that was stopped before it could note it: each is there whole, or not at all.
        for chunk in chunks if len(chunks) > 1 else ():
            await _load_batch(city, [chunk])


async def _load_together(city: City, chunks: list[int]) -> None:
    database = city.database
    residents = [one for chunk in chunks for one in registrations(chunk * CHUNK, CHUNK)]
    rows = people.loading.prepare_residents(database.vault, residents, database.clock.now(), people.Level.REGISTRY)
    ids_of = {chunk: rows.person_ids[place * CHUNK : (place + 1) * CHUNK] for place, chunk in enumerate(chunks)}

    async def copy(tx: Transaction) -> None:
        await people.loading.load_residents(tx, SYSTEM, rows)
        await cards.load_cards(tx, SYSTEM, rows.person_ids)
        for chunk in range(WITH_NEWBORNS):
            if chunk in ids_of:
                await _add_newborns(tx, chunk * CHUNK, ids_of[chunk])

    await database.transact(copy)
    if FIRST in ids_of:
        await live_past(database, ids_of[FIRST])


async def _add_newborns(tx: Transaction, first: int, person_ids: Sequence[UUID]) -> None:
    mothers = ((n, mother_id) for n, mother_id in enumerate(person_ids, first) if may_be_mother(resident(n)))
    for index, mother_id in islice(mothers, NEWBORNS):
        await _add_newborn(tx, index, mother_id)


async def _add_newborn(tx: Transaction, index: int, mother_id: UUID) -> None:
    now = tx.clock.now()
    registration = people.read_registration(newborn(index, mother_id, now), now.astimezone(SHANGHAI).date())
    seen = people.Verification(people.Level.FACE_TO_FACE, "counter")
    registered = await people.register(tx, SYSTEM, registration, seen, people.Policy())
    await cards.apply(tx, SYSTEM, cards.Application(registered.person_id, cards.CardKind.NEWBORN))


def main() -> None:
    """Load what the lines of standard input say."""
    end_with_parent(int(sys.argv[1]))
    settings = Settings.load()
    set_up_logs("WARNING", settings.log_format)
    # Collected between batches: within one, each collection would look at all of it for nothing.
    gc.disable()
    gc.freeze()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(load(settings, (msgspec.json.decode(line, type=list[int]) for line in sys.stdin)))


if __name__ == "__main__":
    main()
