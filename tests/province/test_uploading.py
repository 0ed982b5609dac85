"""Uses go up to the province on their own day, each batch as it was fixed; what missed its day is seen."""

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
from healthcloud.core.crypto import sm3
from healthcloud.core.db import Database
from healthcloud.core.ids import new_id
from healthcloud.core.leases import Lease
from healthcloud.province.model import EVERY, next_upload
from healthcloud.province.protocol import encrypted, string_to_sign
from healthcloud_simulators import province as simulator
from healthcloud_simulators.options import Options

KEY = "a key of this test"
APP_ID = "APP370402"
NOON = datetime(2026, 11, 20, 12, tzinfo=SHANGHAI)
CLOCK = Clock(fixed=NOON.astimezone(UTC))
EARLIER = timedelta(days=1)


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
    secret = simulator.secret_of(KEY, APP_ID)
    await fresh_database.transact(lambda tx: province.enrol(tx, SYSTEM, place, APP_ID, secret))
    city = City(fresh_database, owner_of, place, made[place][0].id, at)
    async with city.client:
        yield city


async def test_a_day_goes_up_in_batches_of_at_most_500(city: City) -> None:
    await city.used(501)
    await city.run()
    there = await city.there()
    assert (len(there["rows"]), there["duplicates"], len(there["batches"])) == (501, 0, 2)  # type: ignore[arg-type]  # JSON
    assert await city.states() == {"uploaded": 501}


async def test_a_batch_whose_answer_was_lost_goes_up_again_as_it_was(city: City) -> None:
    await city.used(3)
    await city.at.put("/behaviour", json={"lose_next": 1})
    await city.run()
    assert await city.states() == {"waiting": 3}
    await city.run()
    there = await city.there()
    assert there["duplicates"] == 3
    assert list(there["batches"].values()) == [2]  # type: ignore[attr-defined]  # JSON
    assert await city.states() == {"uploaded": 3}


async def test_what_missed_its_day_is_shown_and_never_sent(city: City) -> None:
    await city.used(2, days_ago=1)
    await city.run()
    assert await city.states() == {"missed": 2}
    assert (await city.there())["rows"] == []
    async with city.database.read() as read:
        [line] = await province.standing(read, SYSTEM)
    assert (line.missed, line.uploaded, line.oldest_at) == (2, 0, NOON - EARLIER)


async def test_what_was_sent_and_never_answered_on_its_day_is_unknown(city: City) -> None:
    await city.used(1)
    await city.at.put("/behaviour", json={"fail_next": 1})
    await city.run()
    await city.own("UPDATE province.batches SET day = day - 1")
    await city.run()
    assert await city.states() == {"unknown": 1}


async def test_the_province_refuses_yesterday_too_many_and_a_wrong_digest(city: City) -> None:
    row = {
        "ehealthCardId": "A" * 64,
        "medstepcode": "010101",
        "terminalcode": "-1",
        "channelcode": "01",
        "useTime": NOON.strftime("%Y-%m-%d %H:%M:%S"),
    }
    late = row | {"useTime": (NOON - EARLIER).strftime("%Y-%m-%d %H:%M:%S")}
    secret = simulator.secret_of(KEY, APP_ID)
    for rows, key in ([late], secret), ([row] * 501, secret), ([row], "0" * 16):
        with pytest.raises(province.ProvinceAway, match="code 00"):
            await city.client.upload(APP_ID, key, "n", rows)
    await city.client.upload(APP_ID, secret, "n", [row] * 500)


async def test_where_simulators_are_refused_nothing_counts_as_up(city: City) -> None:
    await city.used(1)
    async with province.HttpProvince(str(city.at.base_url), clock=CLOCK) as strict:
        city.client, kept = strict, city.client
        await city.run()
        city.client = kept
    assert await city.states() == {"waiting": 1}


def test_the_vectors_of_family_c() -> None:
    fields = {"app_id": "APP", "biz_content": '{"a":"1"}', "digest_type": "SM3", "enc_type": "SM4"}
    fields |= {"method": "ehc.ehealthcode.verify", "term_id": "T1", "timestamp": "1600000000000", "version": "X.M.0.1"}
    digest = sm3(string_to_sign(fields, "0123456789ABCDEF")).hex()
    assert digest == "c251d98688711edb4c7b0fc7015968789b7206147d8fe01c8e3f3830a4d25ba8"
    key = bytes.fromhex("0123456789abcdeffedcba9876543210")
    assert encrypted(key, b'{"a":"1"}').hex() == "72cb240576bdca229f531dba47b5f379"


def test_uploads_come_closer_together_before_midnight() -> None:
    assert next_upload(NOON, 0, 0.5) == NOON + EVERY
    before = NOON.replace(hour=23, minute=40)
    assert next_upload(before, 0, 0.5) == NOON.replace(hour=23, minute=45)
    assert next_upload(NOON.replace(hour=23, minute=50), 0, 0.5) == NOON.replace(hour=23, minute=51)
    assert next_upload(NOON, 1, 0.0) == NOON
