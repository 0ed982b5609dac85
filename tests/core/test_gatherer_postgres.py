"""Gathering into PostgreSQL, which is shot at meanwhile."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import asyncpg
import pytest
from fixtures.databases import Copy

from healthcloud.core.db import Database, RolledBack, Transaction
from healthcloud.core.errors import Unavailable
from healthcloud.core.gatherer import Gatherer
from healthcloud.core.hot_connection import HotConnection

KILL = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'hot' AND datname = $1"


@pytest.fixture
async def superuser(fresh_copy: Copy) -> AsyncIterator[asyncpg.Connection]:
    """A superuser beside tables of uses: one row per key, and one line per time it was written."""
    connection = await asyncpg.connect(fresh_copy.superuser_url)
    await connection.execute(
        """
        CREATE TABLE core.uses (key integer CONSTRAINT uses_pk PRIMARY KEY CONSTRAINT uses_small CHECK (key < 100000));
        CREATE TABLE core.lines (key integer NOT NULL);
        GRANT SELECT, INSERT, UPDATE ON core.uses, core.lines TO healthcloud_app;
        """
    )
    yield connection
    await connection.close()


@pytest.fixture
async def hot(fresh_database: Database) -> AsyncIterator[HotConnection]:
    hot = HotConnection(fresh_database, name="hot")
    yield hot
    await hot.close()


def uses(hot: HotConnection) -> Gatherer[int, bool]:
    """Write each key once and one line about it; the answer is whether it was new."""

    async def write(keys: Sequence[int]) -> list[bool]:
        async def write(tx: Transaction) -> list[bool]:
            new = await tx.values(
                int,
                "INSERT INTO core.uses (key) SELECT unnest($1::int[]) ON CONFLICT (key) DO NOTHING RETURNING key",
                keys,
            )
            await tx.run("INSERT INTO core.lines (key) SELECT unnest($1::int[])", new)
            fresh = set(new)
            return [key in fresh for key in keys]

        return await hot.transact(write)

    return Gatherer(write, key=lambda key: key, limit_batch=64)


@pytest.mark.usefixtures("superuser")
async def test_each_ask_is_answered_about_its_own_row(hot: HotConnection) -> None:
    gathered = uses(hot)
    assert all(await asyncio.gather(*(gathered.ask(n) for n in range(500))))
    assert not any(await asyncio.gather(*(gathered.ask(n) for n in range(500))))
    assert gathered.counts.batches < 50


@pytest.mark.usefixtures("superuser")
async def test_a_row_the_database_refuses_fails_alone(hot: HotConnection) -> None:
    gathered = uses(hot)
    outcomes = await asyncio.gather(*(gathered.ask(n) for n in (1, 2, 100_000, 3)), return_exceptions=True)
    assert [outcomes[n] for n in (0, 1, 3)] == [True] * 3
    assert isinstance(outcomes[2], asyncpg.CheckViolationError)


async def test_killing_the_connection_again_and_again_loses_and_doubles_nothing(
    hot: HotConnection, superuser: asyncpg.Connection, fresh_copy: Copy
) -> None:
    gathered = uses(hot)
    name = fresh_copy.app_url.partition("?")[0].rpartition("/")[2]
    answered: set[int] = set()
    shots = 0

    async def desk(first: int) -> None:
        for key in range(first, 4_000, 40):
            await gathered.ask(key)
            answered.add(key)

    desks = asyncio.gather(*(desk(n) for n in range(40)))
    while not desks.done():
        if len(answered) >= 300 * shots:
            shots += len(await superuser.fetch(KILL, name))
        await asyncio.sleep(0.001)
    await desks

    assert shots > 10
    assert gathered.counts.retried > 5, "most shots hit a batch"
    assert answered == set(range(4_000)), "every asker got an answer in the end"
    assert await superuser.fetchval("SELECT count(*) FROM core.uses") == 4_000
    assert await superuser.fetchval("SELECT count(*) FROM core.lines") == 4_000, "no row was written twice"


async def test_a_locked_row_holds_up_its_own_asker_only(hot: HotConnection, superuser: asyncpg.Connection) -> None:
    await superuser.execute("INSERT INTO core.uses (key) VALUES (7)")

    async def touch(keys: Sequence[int]) -> Sequence[int]:
        await hot.transact(
            lambda tx: tx.run(
                "INSERT INTO core.uses AS u (key) SELECT unnest($1::int[])"
                " ON CONFLICT (key) DO UPDATE SET key = excluded.key",
                keys,
            )
        )
        return keys

    gathered: Gatherer[int, int] = Gatherer(touch, key=lambda key: key)
    async with superuser.transaction():
        await superuser.execute("SELECT FROM core.uses WHERE key = 7 FOR UPDATE")
        outcomes = await asyncio.gather(*(gathered.ask(n) for n in range(6, 10)), return_exceptions=True)
    assert [outcomes[n] for n in (0, 2, 3)] == [6, 8, 9]
    assert isinstance(outcomes[1], Unavailable)
    assert await gathered.ask(7) == 7


@pytest.mark.usefixtures("superuser")
async def test_a_swallowed_failure_is_not_taken_for_a_commit(hot: HotConnection) -> None:
    async def careless(tx: Transaction) -> None:
        await tx.run("INSERT INTO core.uses (key) VALUES (1)")
        with pytest.raises(asyncpg.CheckViolationError):
            await tx.run("INSERT INTO core.uses (key) VALUES (100000)")

    with pytest.raises(RolledBack):
        await hot.transact(careless)
    assert await uses(hot).ask(1) is True, "and the connection goes on"


@pytest.mark.usefixtures("superuser")
async def test_keys_are_found_by_index_even_in_a_tiny_table(hot: HotConnection) -> None:
    plan = await hot.transact(
        lambda tx: tx.values(
            str, "EXPLAIN SELECT u.key FROM unnest(ARRAY[1, 2]) AS k (key) JOIN core.uses AS u ON u.key = k.key"
        )
    )
    assert any("Index" in line for line in plan)
    assert not any("Seq Scan" in line or "Hash" in line for line in plan)


async def test_a_server_out_of_reach_is_worth_another_try(fresh_database: Database) -> None:
    away = Database(
        fresh_database._pool, "postgresql://nobody@/x?host=/nowhere", fresh_database.clock, fresh_database.vault
    )
    with pytest.raises(ConnectionError):
        await HotConnection(away, name="hot").transact(lambda tx: tx.run("SELECT"))
