"""A transaction is run again when that may help, and what was refused is kept."""

import asyncio

import asyncpg
import pytest
from core.db.things import INSERT, keys_like

from healthcloud.core.db import ATTEMPTS, Database, Transaction
from healthcloud.core.errors import Conflict, Unavailable


async def test_a_transaction_has_committed_when_it_returns(
    database: Database, superuser: asyncpg.Connection, key: str
) -> None:
    assert await database.transact(lambda tx: tx.run(INSERT, key)) == 1
    assert await superuser.fetchval("SELECT count(*) FROM core.things WHERE key = $1", key) == 1


async def test_a_serialization_failure_runs_the_whole_action_again(database: Database, key: str) -> None:
    await database.transact(lambda tx: tx.run(INSERT, key))
    runs = 0

    async def add_one(tx: Transaction) -> None:
        nonlocal runs
        runs += 1
        await tx.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        n = await tx.value(int, "SELECT n FROM core.things WHERE key = $1", key)
        if runs == 1:
            await database.transact(lambda other: other.run("UPDATE core.things SET n = 10 WHERE key = $1", key))
        await tx.run("UPDATE core.things SET n = $2 WHERE key = $1", key, (n or 0) + 1)

    await database.transact(add_one)
    assert runs == 2
    async with database.read() as read:
        assert await read.value(int, "SELECT n FROM core.things WHERE key = $1", key) == 11


async def test_of_two_deadlocked_actions_both_are_done(database: Database, key: str) -> None:
    first, second = f"{key}-1", f"{key}-2"
    await database.transact(lambda tx: tx.run(INSERT, first))
    await database.transact(lambda tx: tx.run(INSERT, second))
    both = asyncio.Barrier(2)
    runs = 0

    async def add(tx: Transaction, *order: str) -> None:
        nonlocal runs
        runs += 1
        for number, one in enumerate(order):
            await tx.run("UPDATE core.things SET n = n + 1 WHERE key = $1", one)
            if number == 0 and runs <= 2:
                await both.wait()

    await asyncio.gather(
        database.transact(lambda tx: add(tx, first, second)), database.transact(lambda tx: add(tx, second, first))
    )
    assert runs == 3
    async with database.read() as read:
        assert await read.values(int, "SELECT n FROM core.things WHERE key IN ($1, $2)", first, second) == [2, 2]


async def test_a_lost_connection_runs_the_whole_action_again(
    database: Database, superuser: asyncpg.Connection, key: str
) -> None:
    runs = 0

    async def act(tx: Transaction) -> None:
        nonlocal runs
        runs += 1
        await tx.run(INSERT, f"{key}-{runs}")
        if runs == 1:
            pid = await tx.value(int, "SELECT pg_backend_pid()")
            await superuser.execute("SELECT pg_terminate_backend($1)", pid)
            await tx.run("SELECT 1")

    await database.transact(act)
    assert await keys_like(database, key) == [f"{key}-2"]


async def test_what_never_succeeds_is_unavailable_not_an_inner_error(database: Database) -> None:
    runs = 0

    async def act(_: Transaction) -> None:
        nonlocal runs
        runs += 1
        raise asyncpg.SerializationError

    with pytest.raises(Unavailable) as told:
        await database.transact(act)
    assert (runs, told.value.retry_after) == (ATTEMPTS, 1)


async def test_a_programmers_error_is_not_tried_again(database: Database) -> None:
    runs = 0

    async def act(tx: Transaction) -> None:
        nonlocal runs
        runs += 1
        await tx.run("SELECT $1::int", 1, 2)

    with pytest.raises(asyncpg.InterfaceError):
        await database.transact(act)
    assert runs == 1


async def test_a_refusal_is_kept_though_all_else_is_rolled_back(database: Database, key: str) -> None:
    async def act(tx: Transaction) -> None:
        tx.if_refused(lambda after: after.run(INSERT, f"{key}-refused"))
        await tx.run(INSERT, f"{key}-done")
        raise Conflict

    with pytest.raises(Conflict):
        await database.transact(act)
    assert await keys_like(database, key) == [f"{key}-refused"]


@pytest.mark.parametrize("error", [ValueError, asyncpg.SerializationError, None])
async def test_no_refusal_is_written_where_none_was_made(
    database: Database, key: str, error: type[Exception] | None
) -> None:
    async def act(tx: Transaction) -> None:
        tx.if_refused(lambda after: after.run(INSERT, f"{key}-refused"))
        if error:
            raise error

    try:
        await database.transact(act)
    except (ValueError, Unavailable):
        pass
    else:
        assert error is None
    assert await keys_like(database, key) == []


async def test_an_action_that_is_cancelled_leaves_nothing(database: Database, key: str) -> None:
    begun = asyncio.Event()

    async def act(tx: Transaction) -> None:
        await tx.run(INSERT, key)
        begun.set()
        await tx.run("SELECT pg_sleep(30)")

    task = asyncio.create_task(database.transact(act))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await keys_like(database, key) == []
