"""A load's room for its log: given, taken back, and an administrator's own limit left alone; sizes of tables."""

import asyncio
import time
from collections.abc import AsyncIterator

import asyncpg
import pytest
from fixtures.databases import Copy
from fixtures.servers import Make

from healthcloud.core.postgres import EmbeddedPostgres, analyze, room_for_log, table_sizes
from healthcloud.core.postgres.upkeep import ROOM_MIB

USUAL_MIB = 2048


@pytest.fixture
async def server(make: Make) -> AsyncIterator[EmbeddedPostgres]:
    embedded = make()
    await asyncio.to_thread(embedded.start)
    yield embedded
    await asyncio.to_thread(embedded.stop)


async def run(embedded: EmbeddedPostgres, sql: str) -> object:
    connection = await asyncpg.connect(embedded.superuser_url)
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


async def is_limited_to(embedded: EmbeddedPostgres, mib: int) -> bool:
    """Tell whether the server allows so much log, once it has read its files again."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        if await run(embedded, "SELECT setting::int FROM pg_settings WHERE name = 'max_wal_size'") == mib:
            return True
    return False


async def test_there_is_room_while_it_loads_and_no_longer(server: EmbeddedPostgres) -> None:
    async with room_for_log(server):
        assert await is_limited_to(server, ROOM_MIB)
    assert await is_limited_to(server, USUAL_MIB)


async def test_room_that_a_killed_load_left_is_taken_back_by_the_next(server: EmbeddedPostgres) -> None:
    await run(server, f"ALTER SYSTEM SET max_wal_size = '{ROOM_MIB}MB'")
    async with room_for_log(server):
        pass
    assert await is_limited_to(server, USUAL_MIB)


async def test_an_administrators_own_limit_stays(server: EmbeddedPostgres) -> None:
    await run(server, "ALTER SYSTEM SET max_wal_size = '3000MB'")
    await run(server, "SELECT pg_reload_conf()")
    async with room_for_log(server):
        assert await is_limited_to(server, 3000)
    assert await is_limited_to(server, 3000)


async def test_empty_tables_are_not_counted_and_sizes_are_of_all_partitions(fresh_copy: Copy) -> None:
    connection = await asyncpg.connect(fresh_copy.owner_url)
    try:
        known = "SELECT bool_or(reltuples >= 0) FROM pg_class WHERE relname LIKE 'uses\\_y%' AND relkind = 'r'"
        await analyze(fresh_copy.owner_url)
        assert await connection.fetchval(known) is False
        before = {one.name: one for one in await table_sizes(fresh_copy.app_url)}
        await connection.execute(
            """
            INSERT INTO cards.uses (card_id, step_at, slot, terminal_id, scene, institution_id, person_id, account_id,
                                    opened, used_at, batch_id, position)
            SELECT sha256(n::text::bytea), now() - n % 2 * interval '20 days', 0, gen_random_uuid(), '010101',
                   gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), false, now(), gen_random_uuid(), 0
              FROM generate_series(1, 2000) AS n
            """
        )
        await analyze(fresh_copy.owner_url)
        assert await connection.fetchval(known) is True
    finally:
        await connection.close()
    after = {one.name: one for one in await table_sizes(fresh_copy.app_url)}
    assert after["cards.uses"].rows == 2000
    assert after["cards.uses"].table > before["cards.uses"].table
    assert after["people.persons"] == before["people.persons"]
    assert not [name for name in after if name.startswith("cards.uses_")]
