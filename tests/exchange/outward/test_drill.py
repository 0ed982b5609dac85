"""Fifty hospitals, one hanging and one refusing: the others do not notice; without bulkheads they do."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import count
from statistics import median
from uuid import UUID

import asyncpg
import pytest
from exchange.outward.hospitals import Hospital, an_institution, connect, post, standing

from healthcloud import institutions
from healthcloud.core.caller import SYSTEM
from healthcloud.core.db import Database
from healthcloud.core.ids import new_id
from healthcloud.core.leases import Lease
from healthcloud.exchange.outward.breaker import CLOSED, Breaker
from healthcloud.exchange.outward.bulkheads import Bulkheads
from healthcloud.exchange.outward.dispatcher import Dispatcher
from healthcloud.exchange.outward.endpoints.model import Terms
from healthcloud.exchange.outward.lines import Lines

pytestmark = [pytest.mark.city, pytest.mark.drill]

HOSPITALS, MESSAGES, ROUNDS = 50, 4, 5
SERVICE_SECONDS = 0.25  # a hospital's own time, beside which this machine's noise is small
POOL = 16  # places of the control's one pool; a hospital that hangs comes to fill them
NUMBERS = count(1)


class OnePool(Bulkheads):
    """The control: every institution takes from one pool of places."""

    def __init__(self) -> None:
        super().__init__()
        self.taken = 0

    def enter(self, institution_id: UUID, most: int) -> bool:  # noqa: ARG002 - the one pool asks neither
        if self.taken >= POOL:
            return False
        self.taken += 1
        return True

    def leave(self, institution_id: UUID) -> None:  # noqa: ARG002 - as above
        self.taken -= 1


class Unspared(Lines):
    """The control: no circuit ever opens."""

    def breaker(self, institution_id: UUID) -> Breaker:  # noqa: ARG002 - closed for all
        return CLOSED


class City:
    def __init__(self, database: Database, owner_url: str, hospitals: dict[UUID, Hospital]) -> None:
        self.database = database
        self.owner_url = owner_url
        self.hospitals = hospitals

    async def round(self, lines: Lines) -> float:
        """Send each hospital its messages; return the p99 of seconds from due to taken, of those that are well."""
        await self._forget()
        dispatcher = Dispatcher(lines)
        lease = Lease(self.database, f"drill-{new_id()}", new_id())
        await lease.take()
        well = {place: one for place, one in self.hospitals.items() if one.manner == "answers"}
        ill = self.hospitals.keys() - well.keys()
        for place in ill:
            for _ in range(POOL):
                await post(self.database, place)
        for _ in range(20):
            await dispatcher.step(self.database, lease)
            await asyncio.sleep(0.01)
        written: dict[str, float] = {}
        arrived: dict[str, float] = {}
        for one in well.values():
            one.arrivals = arrived
        for place in well:
            for _ in range(MESSAGES):
                written[str(await post(self.database, place))] = 0.0
        began = time.monotonic()
        while len(arrived) < len(written) and time.monotonic() - began < 20:
            await dispatcher.step(self.database, lease)
            await asyncio.sleep(0.02)
        for _ in range(20):  # what has arrived is noted
            await dispatcher.step(self.database, lease)
            await asyncio.sleep(0.02)
        await dispatcher.close()
        await lines.close()
        waits = sorted(arrived.get(one, began + 20) - began for one in written)
        return waits[int(len(waits) * 0.99)]

    async def _forget(self) -> None:
        connection = await asyncpg.connect(self.owner_url)
        await connection.execute("DELETE FROM exchange.outgoing; DELETE FROM exchange.circuits")
        await connection.close()

    def lines(self) -> Lines:
        return Lines(self.database.vault, self.database.clock, Terms())

    def pooled(self) -> Lines:
        return Unspared(self.database.vault, self.database.clock, Terms(), OnePool())


@asynccontextmanager
async def a_city(database: Database, owner_url: str) -> AsyncIterator[City]:
    await institutions.load_standard_sets(database, SYSTEM)
    async with AsyncExitStack() as stack:
        hospitals: dict[UUID, Hospital] = {}
        for _ in range(HOSPITALS):
            hospital = await stack.enter_async_context(standing(Hospital()))
            hospital.seconds = SERVICE_SECONDS
            place = await an_institution(database, next(NUMBERS))
            await connect(database, hospital, place, timeout_ms=30_000)
            hospitals[place] = hospital
        yield City(database, owner_url, hospitals)


def _ill(city: City, *manners: str) -> None:
    for hospital, manner in zip(city.hospitals.values(), manners, strict=False):
        hospital.manner = manner


async def test_one_hanging_and_one_refusing_of_fifty_do_not_move_the_others(
    fresh_database: Database, owner_of: str
) -> None:
    async with a_city(fresh_database, owner_of) as city:
        calm, ill = [], []
        await city.round(city.lines())
        for _ in range(ROUNDS):
            _ill(city, "answers", "answers")
            calm.append(await city.round(city.lines()))
            _ill(city, "hangs", "refuses")
            ill.append(await city.round(city.lines()))
    print(f"p99 calm {calm}, with one hanging and one refusing {ill}")  # noqa: T201 - a drill tells its figures
    assert median(ill) / median(calm) < 1.1, (calm, ill)


async def test_the_drill_can_fail(fresh_database: Database, owner_of: str) -> None:
    async with a_city(fresh_database, owner_of) as city:
        await city.round(city.pooled())
        calm = await city.round(city.pooled())
        _ill(city, "hangs", "refuses")
        ill = await city.round(city.pooled())
    print(f"one pool: p99 calm {calm:.3f}, ill {ill:.3f}")  # noqa: T201 - a drill tells its figures
    assert ill / calm > 1.1, (calm, ill)
