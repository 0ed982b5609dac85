"""A scan is a row at the province the same day, once however often the worker is killed, and seen where it is late."""

import asyncio
import random
from collections.abc import AsyncIterator
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from cards.scanning import PHARMACY, REGISTRATION, Town, a_town, count
from fixtures.databases import Copy
from fixtures.http import Serve
from province.cities import APP_ID, KEY, SECRET

from healthcloud import audit, province
from healthcloud.core.caller import SYSTEM
from healthcloud.core.clock import SHANGHAI
from healthcloud.core.db import Database
from healthcloud.core.ids import new_id
from healthcloud.core.leases import Lease
from healthcloud_simulators import province as simulator
from healthcloud_simulators.options import Options


class Way:
    """From a town's windows up to the province."""

    def __init__(self, town: Town, at: httpx.AsyncClient, sealer: audit.Sealer) -> None:
        self.town, self.at, self.sealer = town, at, sealer
        self.lease = Lease(town.database, "province.uploads", new_id())

    async def step(self, *, reached: bool = True) -> None:
        """Do what the worker does each two seconds."""
        await self.lease.take()
        clock = self.town.database.clock
        async with province.HttpProvince(str(self.at.base_url), allow_simulator=True, clock=clock) as client:
            await province.uploading(client if reached else None).step(self.town.database, self.lease)

    async def killed(self, after: float) -> None:
        """Have a worker start, and end at some moment as if its machine had; another takes its place."""
        work = asyncio.create_task(self.step())
        await asyncio.sleep(after)
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)
        await self.lease.release()
        self.lease = Lease(self.town.database, "province.uploads", new_id())

    async def there(self) -> dict[str, Any]:
        uploads: dict[str, Any] = (await self.at.get("/uploads.json")).json()
        return dict(uploads.get(APP_ID, {"rows": [], "duplicates": 0, "batches": {}}))

    async def standing(self) -> province.Standing:
        async with self.town.database.read() as read:
            [line] = await province.standing(read, SYSTEM)
        return line


@pytest.fixture
async def way(fresh_database: Database, serve: Serve, tmp_path: Path) -> AsyncIterator[Way]:
    async with a_town(fresh_database) as town:
        today = town.now.astimezone(SHANGHAI).date()
        town.stand_at(datetime.combine(today, time(10), SHANGHAI))
        at = await serve(simulator.ProvinceSimulator(Options(KEY), lambda: town.now).app())
        await fresh_database.transact(lambda tx: province.enrol(tx, SYSTEM, town.here.id, APP_ID, SECRET))
        yield Way(town, at, audit.Sealer(fresh_database, audit.HeadFile(tmp_path / "heads")))


async def test_a_scan_is_a_row_at_the_province_the_same_day(way: Way) -> None:
    holder = await way.town.holder()
    assert (await way.town.scan(way.town.code(holder.card))).status_code == 200
    await way.sealer.seal()
    await way.step()
    [row] = (await way.there())["rows"]
    assert (row["ehealthCardId"], row["medstepcode"]) == (holder.card.id.hex().upper(), REGISTRATION)
    assert row["useTime"][:10] == way.town.now.astimezone(SHANGHAI).date().isoformat()
    line = await way.standing()
    assert (line.uploaded, line.waiting, line.late) == (1, 0, 0)


async def test_a_scan_of_a_hospital_without_a_credential_stays_here(way: Way) -> None:
    holder = await way.town.holder()
    assert (await way.town.scan(way.town.code(holder.card), way.town.there)).status_code == 200
    await way.sealer.seal()
    await way.step()
    assert (await way.there())["rows"] == []


async def test_what_is_late_is_seen_before_its_day_is_over(way: Way) -> None:
    holder = await way.town.holder()
    await way.town.scan(way.town.code(holder.card))
    await way.sealer.seal()
    await way.step(reached=False)
    assert (await way.standing()).late == 0
    way.town.advance(minutes=31)
    line = await way.standing()
    assert (line.late, line.waiting) == (1, 1)
    way.town.advance(days=1)
    await way.step(reached=False)
    line = await way.standing()
    assert (line.late, line.missed) == (0, 1)


async def test_each_scan_goes_up_once_however_often_the_worker_is_killed(way: Way, fresh_copy: Copy) -> None:
    await way.at.put("/behaviour", json={"keeps_numbers": True, "delay_seconds": 0.01})
    await way.at.put("/organisations", json={APP_ID: {"steps": [REGISTRATION]}})
    holders = [await way.town.holder() for _ in range(24)]
    chance = random.Random(11)  # noqa: S311 - moments, no secret
    for n, holder in enumerate(holders):
        scene = PHARMACY if n % 8 == 3 else REGISTRATION
        assert (await way.town.scan(way.town.code(holder.card), scene=scene)).status_code == 200
        if n % 6 == 5:
            await way.sealer.seal()
            for _ in range(8):
                await way.killed(chance.uniform(0, 0.15))
                way.town.advance(seconds=11)
    for _ in range(20):
        way.town.advance(seconds=timedelta(minutes=10).total_seconds())
        await way.step()
    there = await way.there()
    assert {row["times"] for row in there["rows"]} == {1}
    assert {row["ehealthCardId"] for row in there["rows"]} == {
        one.card.id.hex().upper() for n, one in enumerate(holders) if n % 8 != 3
    }
    assert await count(fresh_copy.owner_url, "province.usages") == 24
    line = await way.standing()
    assert (line.uploaded, line.refused, line.waiting) == (21, 3, 0)
