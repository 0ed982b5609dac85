"""Never a false word about a COMMIT: done, not done, or unknown."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest
from core.db.things import INSERT, keys_like

from healthcloud.core import db
from healthcloud.core.db import Database, RolledBack, Transaction
from healthcloud.core.errors import OutcomeUnknown


async def test_a_failure_that_is_swallowed_is_not_answered_as_done(database: Database, key: str) -> None:
    async def act(tx: Transaction) -> None:
        await tx.run(INSERT, key)
        with pytest.raises(asyncpg.CheckViolationError):
            await tx.run("UPDATE core.things SET n = -1 WHERE key = $1", key)

    with pytest.raises(RolledBack):
        await database.transact(act)
    assert await keys_like(database, key) == []


async def test_what_fails_at_commit_is_not_answered_as_done(database: Database, key: str) -> None:
    await database.transact(lambda tx: tx.run(INSERT, key))
    with pytest.raises(asyncpg.UniqueViolationError):
        await database.transact(lambda tx: tx.run(INSERT, key))
    assert await keys_like(database, key) == [key]


@asynccontextmanager
async def waiting_commit(
    database: Database, superuser: asyncpg.Connection, key: str
) -> AsyncIterator[tuple["asyncio.Task[int]", int]]:
    """A transaction whose COMMIT waits until this ends; its task and its server process."""
    found = superuser.transaction()
    await found.start()
    await superuser.execute(INSERT, key)
    pids: list[int] = []

    async def act(tx: Transaction) -> int:
        pids.append(await tx.value(int, "SELECT pg_backend_pid()") or 0)
        return await tx.run(INSERT, key)

    task = asyncio.create_task(database.transact(act))
    async with asyncio.timeout(5):
        while not pids or not await superuser.fetchval(
            "SELECT true FROM pg_stat_activity WHERE pid = $1 AND query = 'COMMIT' AND wait_event_type = 'Lock'",
            pids[0],
        ):
            await superuser.execute("SELECT pg_stat_clear_snapshot()")
            await asyncio.sleep(0.01)
    try:
        yield task, pids[0]
    finally:
        await found.rollback()


async def test_a_commit_whose_answer_is_lost_is_said_to_be_unknown(
    database: Database, superuser: asyncpg.Connection, key: str
) -> None:
    async with waiting_commit(database, superuser, key) as (task, pid):
        await superuser.execute("SELECT pg_terminate_backend($1)", pid)
        with pytest.raises(OutcomeUnknown):
            await task


async def test_a_commit_that_takes_too_long_is_said_to_be_unknown(
    database: Database, superuser: asyncpg.Connection, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "COMMIT_SECONDS", 0.3)
    async with waiting_commit(database, superuser, key) as (task, _):
        with pytest.raises(OutcomeUnknown):
            await task


async def test_a_commit_is_not_cancelled_with_its_asker(
    database: Database, superuser: asyncpg.Connection, key: str
) -> None:
    async with waiting_commit(database, superuser, key) as (task, _):
        task.cancel()
        await asyncio.sleep(0.05)
        assert not task.done(), "the connection is kept until the COMMIT has been answered"
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await keys_like(database, key) == [key]
