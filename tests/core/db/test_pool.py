"""Readers, and what happens when there is no connection to be had."""

import asyncio

import asyncpg
import pytest
from core.db.things import INSERT
from fixtures.databases import Copy

from healthcloud.core import db
from healthcloud.core.clock import REAL_CLOCK
from healthcloud.core.crypto import Vault
from healthcloud.core.db import Database, Transaction
from healthcloud.core.errors import Unavailable


async def test_a_reader_cannot_write(database: Database, key: str) -> None:
    async with database.read() as read:
        assert not hasattr(read, "run")
        with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
            await read.values(str, "INSERT INTO core.things (key) VALUES ($1) RETURNING key", key)


async def test_a_reader_sees_one_moment(database: Database, key: str) -> None:
    async with database.read() as read:
        count = "SELECT count(*) FROM core.things WHERE key = $1"
        before = await read.value(int, count, key)
        await database.transact(lambda tx: tx.run(INSERT, key))
        assert await read.value(int, count, key) == before == 0


async def test_a_reader_whose_connection_is_lost_is_told_to_come_back(
    database: Database, superuser: asyncpg.Connection
) -> None:
    async def look() -> None:
        async with database.read() as read:
            pid = await read.value(int, "SELECT pg_backend_pid()")
            await superuser.execute("SELECT pg_terminate_backend($1)", pid)
            await read.value(int, "SELECT 1")

    with pytest.raises(Unavailable):
        await look()


async def test_who_finds_no_free_connection_is_told_to_come_back(
    module_copy: Copy, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert db.ACQUIRE_SECONDS <= 5
    monkeypatch.setattr(db, "ACQUIRE_SECONDS", 0.2)
    small = await Database.connect(module_copy.app_url, vault=vault, size=1)
    async with small.read(), asyncio.timeout(2):
        with pytest.raises(Unavailable):
            await small.transact(lambda tx: tx.run("SELECT 1"))
    assert await small.transact(lambda tx: tx.run("SELECT 1")) == 1, "and finds one when it does"
    await small.close()


async def test_a_server_that_is_away_is_no_inner_error(vault: Vault) -> None:
    pool = asyncpg.create_pool("postgresql://nobody@/x?host=/nowhere", min_size=0)
    async with pool:
        away = Database(pool, "", REAL_CLOCK, vault)
        with pytest.raises(Unavailable):
            await away.transact(lambda tx: tx.run("SELECT 1"))
        with pytest.raises(Unavailable):
            async with away.read():
                pass


async def test_a_migration_beneath_a_prepared_statement_is_survived(
    database: Database, superuser: asyncpg.Connection
) -> None:
    await superuser.execute("CREATE TABLE core.shape (a integer); GRANT SELECT ON core.shape TO healthcloud_app")

    async def look(tx: Transaction) -> list[int]:
        return await tx.all(
            lambda *row: len(row), "SELECT s.* FROM (VALUES (1)) AS one LEFT JOIN core.shape AS s ON true"
        )

    assert await database.transact(look) == [1]
    await superuser.execute("ALTER TABLE core.shape ADD COLUMN b integer")
    assert await database.transact(look) == [2]
