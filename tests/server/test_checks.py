"""What keeps traffic away from a city, and what an administrator is warned of."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import httpx
import pytest
from fixtures.cities import settings_for
from fixtures.databases import Copy
from fixtures.http import served

from healthcloud import audit, cards
from healthcloud.core.caller import SYSTEM, SYSTEM_ACCOUNT
from healthcloud.server.composition import City, open_city
from healthcloud.server.deeds import KEYS_CHANGED
from healthcloud.server.processes.worker import application_of

DROP = (
    "DO $$ DECLARE part regclass; BEGIN FOR part IN SELECT inhrelid FROM pg_inherits"
    " WHERE inhparent = 'cards.uses'::regclass {} LOOP EXECUTE 'DROP TABLE ' || part; END LOOP; END $$"
)


@pytest.fixture
async def own_city(fresh_copy: Copy, tmp_path: Any) -> AsyncIterator[City]:
    async with open_city(settings_for(fresh_copy, tmp_path / "var")) as city:
        policy = cards.offline.Policy.of(city.settings)
        await city.database.transact(lambda tx: cards.offline.publish(tx, policy))
        yield city


async def readiness(city: City) -> tuple[int, set[str], set[str]]:
    """Return the status, the faults and the warnings."""
    async with served(application_of(city)) as url, httpx.AsyncClient(base_url=url, trust_env=False) as client:
        answer = await client.get("/readyz")
    body = answer.json()
    faults, warnings = body.get("errors", []), body.get("warnings", [])
    return answer.status_code, {one["pointer"] for one in faults}, {one["pointer"] for one in warnings}


async def run(url: str, sql: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(sql)
    finally:
        await connection.close()


async def test_a_sound_city_is_ready(own_city: City) -> None:
    assert await readiness(own_city) == (200, set(), set())


async def test_without_next_months_partition_there_is_a_warning(own_city: City, fresh_copy: Copy) -> None:
    this_month = "AND inhrelid <> to_regclass(core.month_partition('cards.uses', CURRENT_DATE))"
    await run(fresh_copy.owner_url, DROP.format(this_month))
    assert await readiness(own_city) == (200, set(), {"months-ahead"})


async def test_without_this_months_partition_no_traffic_comes(own_city: City, fresh_copy: Copy) -> None:
    await run(fresh_copy.owner_url, DROP.format(""))
    status, faults, _ = await readiness(own_city)
    assert (status, faults) == (503, {"months"})


async def test_a_sealer_that_does_not_keep_up_is_a_warning(own_city: City, fresh_copy: Copy) -> None:
    await own_city.database.transact(lambda tx: audit.record(tx, SYSTEM, KEYS_CHANGED, SYSTEM_ACCOUNT))
    await run(fresh_copy.superuser_url, "UPDATE audit.unsealed SET at = at - interval '5 minutes'")
    assert (await readiness(own_city))[2] == {"sealer"}


async def test_lists_that_are_not_signed_any_more_are_a_warning(own_city: City, fresh_copy: Copy) -> None:
    await run(fresh_copy.owner_url, "UPDATE cards.revocation_deltas SET issued_at = issued_at - interval '6 minutes'")
    assert (await readiness(own_city))[2] == {"offline-lists"}


async def test_a_key_file_that_cannot_be_read_any_more_is_a_warning(own_city: City) -> None:
    (own_city.settings.var / "keys.json").write_text("{")
    own_city.keys._look()  # as it does by itself within a second
    assert (await readiness(own_city))[2] == {"keys"}
