"""A city whose one institution uploads to the province's simulator."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
import httpx
import pytest
from exchange.outward.hospitals import an_institution
from fixtures.http import Serve

from healthcloud import institutions, province
from healthcloud.core.caller import SYSTEM
from healthcloud.core.clock import SHANGHAI, Clock
from healthcloud.core.db import Database
from healthcloud.core.ids import new_id
from healthcloud.core.leases import Lease
from healthcloud_simulators import province as simulator
from healthcloud_simulators.options import Options

KEY = "a key of this test"
APP_ID = "APP370402"
NOON = datetime(2026, 11, 20, 12, tzinfo=SHANGHAI)
CLOCK = Clock(fixed=NOON.astimezone(UTC))
EARLIER = timedelta(days=1)
SECRET = simulator.secret_of(KEY, APP_ID)


class City:
    def __init__(self, database: Database, owner_url: str, place: UUID, terminal: UUID, at: httpx.AsyncClient) -> None:
        self.database, self.owner_url, self.place, self.terminal, self.at = database, owner_url, place, terminal, at
        self.client = province.HttpProvince(str(at.base_url), allow_simulator=True, clock=CLOCK)
        self.lease = Lease(database, "province.uploads", new_id())

    async def used(self, count: int, *, days_ago: int = 0) -> None:
        """Have that many uses wait."""
        at = NOON - days_ago * EARLIER
        await self.own(
            """
            INSERT INTO province.usages
                   (institution_id, card_id, step_at, slot, terminal_id, scene, used_at, day, state)
            SELECT $1, decode(lpad(to_hex(n), 64, '0'), 'hex'), $3, 0, $2, '010101', $3, $4, 'waiting'
              FROM generate_series(1, $5::int) AS n
            """,
            self.place,
            self.terminal,
            at,
            at.date(),
            count,
        )

    async def own(self, sql: str, *arguments: object) -> list[asyncpg.Record]:
        connection = await asyncpg.connect(self.owner_url)
        try:
            return await connection.fetch(sql, *arguments)
        finally:
            await connection.close()

    async def run(self) -> None:
        """Have everything due go up."""
        await self.lease.take()
        await self.own("UPDATE province.organisations SET next_at = enrolled_at")
        await province.uploading(self.client).step(self.database, self.lease)

    async def states(self) -> dict[str, int]:
        rows = await self.own("SELECT state, count(*) AS n FROM province.usages GROUP BY state")
        return {row["state"]: row["n"] for row in rows}

    async def there(self) -> dict[str, object]:
        uploads: dict[str, dict[str, object]] = (await self.at.get("/uploads.json")).json()
        return uploads.get(APP_ID, {"rows": [], "duplicates": 0, "batches": {}})


@pytest.fixture
async def city(fresh_database: Database, owner_of: str, serve: Serve) -> AsyncIterator[City]:
    at = await serve(simulator.ProvinceSimulator(Options(KEY), lambda: NOON).app())
    await institutions.load_standard_sets(fresh_database, SYSTEM)
    fresh_database.clock = CLOCK
    place = await an_institution(fresh_database, 1)
    wish = institutions.terminals.TerminalWish("挂号 1 窗", "01", "010101")
    made = await fresh_database.transact(lambda tx: institutions.terminals.add_terminals(tx, SYSTEM, {place: [wish]}))
    await fresh_database.transact(lambda tx: province.enrol(tx, SYSTEM, place, APP_ID, SECRET))
    city = City(fresh_database, owner_of, place, made[place][0].id, at)
    async with city.client:
        yield city
