"""
The primary is lost, with its disk: a synchronous standby has every acknowledged write, an asynchronous one has not.

The second is the control: without it the first would prove nothing.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from uuid import UUID

import asyncpg
import pytest
from core.postgres.standby import NAME, Standby
from fixtures.servers import Make, kill

from healthcloud.core.crypto import Vault
from healthcloud.core.db import Database
from healthcloud.core.errors import Unavailable
from healthcloud.core.ids import new_id
from healthcloud.core.postgres import EmbeddedPostgres

pytestmark = pytest.mark.drill
WRITERS, SECONDS = 8, 1.0
TABLE = "CREATE TABLE public.kept (id uuid PRIMARY KEY); GRANT USAGE ON SCHEMA public TO healthcloud_app"


@pytest.fixture
async def primary(make: Make) -> EmbeddedPostgres:
    primary = make()
    await asyncio.to_thread(primary.start)
    await run(primary, f"{TABLE}; GRANT INSERT ON public.kept TO healthcloud_app")
    return primary


@pytest.fixture
async def standby(primary: EmbeddedPostgres) -> AsyncIterator[Standby]:
    standby = Standby(primary)
    await asyncio.to_thread(standby.start)
    try:
        await until(primary, "SELECT count(*) = 1 FROM pg_stat_replication WHERE state = 'streaming'")
        yield standby
    finally:
        await asyncio.to_thread(standby.remove)


async def run(primary: EmbeddedPostgres, *statements: str) -> None:
    connection = await asyncpg.connect(primary.superuser_url.replace("/postgres?", "/healthcloud?"))
    for statement in statements:
        await connection.execute(statement)
    await connection.close()


async def until(primary: EmbeddedPostgres, sql: str) -> None:
    """Wait until the primary says so."""
    connection = await asyncpg.connect(primary.superuser_url)
    async with asyncio.timeout(30):
        while not await connection.fetchval(sql):  # noqa: ASYNC110 - another process's state
            await asyncio.sleep(0.02)
    await connection.close()


async def write(database: Database, acknowledged: set[UUID]) -> None:
    """Write one row after the other until the database is gone; note what was acknowledged."""
    while True:
        key = new_id()
        write_one: Callable[..., Awaitable[int]] = lambda tx, key=key: tx.run(  # noqa: E731 - as transact wants it
            "INSERT INTO public.kept (id) VALUES ($1) ON CONFLICT DO NOTHING", key
        )
        try:
            await database.transact(write_one)
        except Unavailable:
            return
        acknowledged.add(key)


async def is_written(database: Database) -> bool:
    """Tell whether the database takes writes: whoever is not told to come again was not refused."""
    try:
        await database.transact(lambda tx: tx.run("INSERT INTO public.kept (id) VALUES ($1)", new_id()))
    except Unavailable:
        return False
    return True


@pytest.mark.parametrize("synchronous", [True, False])
async def test_what_was_acknowledged_is_on_a_synchronous_standby(
    primary: EmbeddedPostgres, standby: Standby, vault: Vault, *, synchronous: bool
) -> None:
    """Given writers, when the link is cut and then the primary is killed, then the promoted standby is asked."""
    if synchronous:
        await run(primary, f"ALTER SYSTEM SET synchronous_standby_names = '{NAME}'", "SELECT pg_reload_conf()")
        await until(primary, "SELECT sync_state = 'sync' FROM pg_stat_replication")
    # As an installation names both: whichever takes writes is asked.
    both = f"{primary.app_url},{standby.host}&target_session_attrs=primary"
    database = await Database.connect(both, vault=vault, size=WRITERS)
    acknowledged: set[UUID] = set()
    writers = [asyncio.create_task(write(database, acknowledged)) for _ in range(WRITERS)]
    await asyncio.sleep(SECONDS)
    await standby.cut()
    await until(primary, "SELECT count(*) = 0 FROM pg_stat_replication")
    await asyncio.sleep(SECONDS)
    await asyncio.to_thread(kill, primary)
    await asyncio.gather(*writers)

    await standby.promote()
    async with asyncio.timeout(20):
        while not await is_written(database):  # noqa: ASYNC110 - another process's state
            await asyncio.sleep(0.1)
    await database.close()
    connection = await standby.connect()
    there = {row[0] for row in await connection.fetch("SELECT id FROM public.kept")}
    await connection.close()
    assert len(acknowledged) > 100
    lost = acknowledged - there
    assert (lost == set()) is synchronous, f"{len(lost)} of {len(acknowledged)} lost"
