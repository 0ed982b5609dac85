"""One loading process, `python -m healthcloud.server.demonstration.loader <parent> <chunk> …`."""

import asyncio
import sys
from uuid import UUID

import asyncpg
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


async def load(settings: Settings, chunks: list[int]) -> None:
    """Load chunks one after the other and say each once it is there."""
    async with open_city(settings, name="healthcloud loader", pool_size=2) as city:
        for chunk in chunks:
            await _load_chunk(city, chunk)
            sys.stdout.write(f"{chunk}\n")
            sys.stdout.flush()


async def _load_chunk(city: City, chunk: int) -> None:
    database, first = city.database, chunk * CHUNK
    rows = people.loading.prepare_residents(
        database.vault, registrations(first, CHUNK), database.clock.now(), people.Level.REGISTRY
    )
    mothers = [n for n in range(first, first + CHUNK) if may_be_mother(resident(n))][:NEWBORNS]

    async def copy(tx: Transaction) -> None:
        await people.loading.load_residents(tx, SYSTEM, rows)
        await cards.load_cards(tx, SYSTEM, rows.person_ids)
        for mother in mothers:
            await _add_newborn(tx, mother, rows.person_ids[mother - first])

    try:
        await database.transact(copy)
    except asyncpg.UniqueViolationError:
        # Committed by a run that was stopped before it could note it: a chunk is there whole, or not at all.
        return
    if chunk == FIRST:
        await live_past(database, rows.person_ids)


async def _add_newborn(tx: Transaction, index: int, mother_id: UUID) -> None:
    now = tx.clock.now()
    registration = people.read_registration(newborn(index, mother_id, now), now.astimezone(SHANGHAI).date())
    seen = people.Verification(people.Level.FACE_TO_FACE, "counter")
    registered = await people.register(tx, SYSTEM, registration, seen, people.Policy())
    await cards.apply(tx, SYSTEM, cards.Application(registered.person_id, cards.CardKind.NEWBORN))


def main() -> None:
    """Load the chunks of the command line."""
    end_with_parent(int(sys.argv[1]))
    settings = Settings.load()
    set_up_logs("WARNING", settings.log_format)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(load(settings, [int(chunk) for chunk in sys.argv[2:]]))


if __name__ == "__main__":
    main()
