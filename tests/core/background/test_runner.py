"""The runner as a process has it: quick to see work, graceful to stop, not brought down by what fails."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import ClassVar

import asyncpg
import pytest
from core.background.effects import Effects, Write

from healthcloud.core.background import Body, FollowerSpec, JobKind, Reaction, Recurring, Runner, Sole, Wiring, enqueue
from healthcloud.core.db import Database, Transaction
from healthcloud.core.events import Event
from healthcloud.core.leases import Lease


@dataclass(frozen=True, slots=True)
class Rang(Event):
    """A bell rang."""

    kind: ClassVar[str] = "runner-bells.rang"


SOON = timedelta(milliseconds=20)


@asynccontextmanager
async def running(runner: Runner) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(runner.run())
    try:
        yield task
    finally:
        runner.stop()
        async with asyncio.timeout(15):
            await task


async def until(condition: Callable[[], Awaitable[bool]], seconds: float = 5) -> None:
    async with asyncio.timeout(seconds):
        while not await condition():  # noqa: ASYNC110 - PostgreSQL tells nobody
            await asyncio.sleep(0.01)


async def test_work_is_seen_soon(database: Database, write: Write, effects: Effects, about: str) -> None:
    async def act(tx: Transaction, _: Body) -> None:
        await write(tx, "done")

    async def done() -> bool:
        return await effects(about) == ["done"]

    async with running(Runner(database, Wiring(jobs=(JobKind(about, act),)))):
        await asyncio.sleep(0.5)
        await database.transact(lambda tx: enqueue(tx, about, {}))
        await until(done, 1)


async def test_a_wake_up_is_seen_at_once(database: Database, about: str) -> None:
    seen = asyncio.Event()

    async def act(_: Transaction, __: Body) -> None:
        seen.set()

    runner = Runner(database, Wiring(jobs=(JobKind(about, act),)), longest_pause=60)
    async with running(runner):
        await asyncio.sleep(1.5)
        await database.transact(lambda tx: enqueue(tx, about, {}))
        runner.wake()
        async with asyncio.timeout(0.25):
            await seen.wait()


async def test_what_an_event_calls_for_is_seen_as_soon_as_the_event(database: Database, about: str) -> None:
    seen = asyncio.Event()

    async def react(_: Transaction, __: Rang) -> None:
        seen.set()

    runner = Runner(database, Wiring(reactions=(Reaction(Rang, about, react),)), longest_pause=60)
    async with running(runner):
        await asyncio.sleep(1.5)
        await database.transact(lambda tx: tx.announce(Rang()))
        runner.wake()
        async with asyncio.timeout(0.25):
            await seen.wait()


async def test_stopping_ends_what_has_begun_and_begins_nothing(
    database: Database, write: Write, effects: Effects, about: str
) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def act(tx: Transaction, body: Body) -> None:
        begun.set()
        await go_on.wait()
        await write(tx, body["name"])

    for name in ("first", "second"):
        await database.transact(partial(enqueue, kind=about, body={"name": name}))
    runner = Runner(database, Wiring(jobs=(JobKind(about, act, batch=1),)), inside_workers=1)
    async with running(runner) as task:
        await begun.wait()
        runner.stop()
        await asyncio.sleep(0.05)
        assert not task.done()
        go_on.set()
    assert await effects(about) == ["first"]


async def test_what_does_not_end_in_its_grace_is_rolled_back(
    database: Database, write: Write, effects: Effects, about: str
) -> None:
    begun = asyncio.Event()

    async def act(tx: Transaction, _: Body) -> None:
        await write(tx, "done")
        begun.set()
        await asyncio.sleep(3600)

    await database.transact(lambda tx: enqueue(tx, about, {}))
    async with running(Runner(database, Wiring(jobs=(JobKind(about, act),)), grace_seconds=0.1)):
        await begun.wait()
    assert await effects(about) == []

    async def quick(tx: Transaction, _: Body) -> None:
        await write(tx, "done")

    await Runner(database, Wiring(jobs=(JobKind(about, quick),))).settle()
    assert await effects(about) == ["done"], "the job is still there"


async def test_a_follower_that_fails_does_not_bring_the_runner_down(
    database: Database, write: Write, effects: Effects, about: str
) -> None:
    tries = 0

    async def claim(_: Transaction, __: int) -> list[int]:
        nonlocal tries
        tries += 1
        raise ValueError

    async def handle(_: Transaction, __: list[int]) -> None: ...

    async def act(tx: Transaction, _: Body) -> None:
        await write(tx, "done")

    async def both() -> bool:
        return tries > 1 and await effects(about) == ["done"]

    wiring = Wiring(jobs=(JobKind(about, act),), followers=(FollowerSpec(about, claim, handle),))
    async with running(Runner(database, wiring)):
        await database.transact(lambda tx: enqueue(tx, about, {}))
        await until(both)


async def test_a_sole_is_done_by_one_machine_and_taken_over_when_that_stops(database: Database, about: str) -> None:
    steps: list[str] = []

    def machine(name: str) -> Runner:
        async def step(_: Database, __: Lease) -> int:
            steps.append(name)
            return 1

        wiring = Wiring(soles=(Sole(about, SOON, step),))
        return Runner(database, wiring, lease_lasts=timedelta(seconds=1.5))

    async def two_steps() -> bool:
        return len(steps) >= 2

    async def machine_b() -> bool:
        return "b" in steps

    first, second = machine("a"), machine("b")
    async with running(first):
        await until(two_steps)
        async with running(second):
            await asyncio.sleep(0.2)
            assert set(steps) == {"a"}
            first.stop()
            await until(machine_b, 10)
    assert steps == sorted(steps), "never both"


async def test_a_sole_rests_after_its_work_and_a_stop_ends_the_rest(
    database: Database, about: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("healthcloud.core.background.runner.LONGEST_REST", 3600.0)
    steps: list[float] = []

    async def step(_: Database, __: Lease) -> int:
        steps.append(asyncio.get_running_loop().time())
        await asyncio.sleep(0.01)
        return 1

    async def stepped() -> bool:
        return bool(steps)

    async with running(Runner(database, Wiring(soles=(Sole(about, SOON, step, rests=360_000),)))):
        await until(stepped)
        await asyncio.sleep(0.3)
    assert len(steps) == 1


async def test_what_recurs_runs_though_connections_are_shot(
    database: Database, superuser: asyncpg.Connection, write: Write, effects: Effects, about: str
) -> None:
    async def act(tx: Transaction, _: Body) -> None:
        await write(tx, "ran")

    async def ran() -> bool:
        return len(await effects(about)) >= 2

    async with running(Runner(database, Wiring(recurring=(Recurring(about, timedelta(seconds=1), act),)))):
        for _ in range(5):
            await superuser.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND application_name = 'healthcloud'"
            )
            await asyncio.sleep(0.1)
        await until(ran, 10)


@pytest.mark.parametrize("workers", [1, 3])
async def test_settling_does_all_that_is_due(
    database: Database, write: Write, effects: Effects, about: str, workers: int
) -> None:
    async def act(tx: Transaction, body: Body) -> None:
        await write(tx, f"{body['n']}")
        if body["n"]:
            await enqueue(tx, about, {"n": body["n"] - 1})

    await database.transact(lambda tx: enqueue(tx, about, {"n": 5}))
    assert await Runner(database, Wiring(jobs=(JobKind(about, act),)), inside_workers=workers).settle() == 6
    assert await effects(about) == ["0", "1", "2", "3", "4", "5"]
