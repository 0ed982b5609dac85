"""Jobs: most urgent first, retried, buried, replayed; exactly once in effect inside a transaction."""

import asyncio
from datetime import timedelta
from functools import partial

import pytest
from core.background.effects import Effects, Later, Write

from healthcloud.core.background import (
    Body,
    DeadJobNotFound,
    JobKind,
    Priority,
    Progress,
    Runner,
    Wiring,
    discard,
    enqueue,
    enqueue_many,
    list_dead,
    list_running,
    list_waiting,
    replay,
    sanitized,
)
from healthcloud.core.background.model import retry_delay
from healthcloud.core.db import Database, Transaction
from healthcloud.core.errors import Conflict

SOON = timedelta(minutes=2)


def runner(database: Database, *kinds: JobKind) -> Runner:
    return Runner(database, Wiring(jobs=kinds))


async def test_the_most_urgent_goes_first_then_the_oldest(database: Database, about: str) -> None:
    order: list[str] = []

    async def note(_: Transaction, body: Body) -> None:
        order.append(body["name"])

    for name, priority in (
        ("c", Priority.BULK),
        ("b1", Priority.NORMAL),
        ("a", Priority.URGENT),
        ("b2", Priority.NORMAL),
    ):
        await database.transact(partial(enqueue, kind=about, body={"name": name}, priority=priority))
    await runner(database, JobKind(about, note, batch=1)).settle()
    assert order == ["a", "b1", "b2", "c"]


async def test_nothing_is_done_before_it_is_due(database: Database, later: Later, about: str) -> None:
    done: list[int] = []

    async def note(_: Transaction, __: Body) -> None:
        done.append(1)

    due_at = database.clock.now() + SOON
    await database.transact(lambda tx: enqueue(tx, about, {}, due_at=due_at))
    await runner(database, JobKind(about, note)).settle()
    assert done == []
    await runner(later(SOON), JobKind(about, note)).settle()
    assert done == [1]


async def test_one_poisoned_job_takes_no_other_with_it(
    database: Database, write: Write, effects: Effects, about: str
) -> None:
    async def act(tx: Transaction, body: Body) -> None:
        tx.if_refused(lambda tx: write_refusal(tx, body["n"]))
        await write(tx, f"done {body['n']}")
        if body["n"] == 3:
            raise Conflict("440402190001010015 is taken")

    async def write_refusal(tx: Transaction, n: int) -> None:
        await write(tx, f"refused {n}")

    await database.transact(lambda tx: enqueue_many(tx, about, [{"n": n} for n in range(6)]))
    await runner(database, JobKind(about, act)).settle()
    assert await effects(about) == ["done 0", "done 1", "done 2", "done 4", "done 5", "refused 3"]
    async with database.read() as read:
        [waiting] = await list_waiting(read, about)
    assert waiting.attempts == 1
    assert waiting.due_at > database.clock.now()
    assert waiting.last_error is not None
    assert waiting.last_error.startswith("Conflict conflict at background/test_jobs.py:")
    assert "4404" not in waiting.last_error, "what the message quotes is not kept"


async def test_a_job_that_fails_too_often_dies_and_can_be_replayed(
    database: Database, later: Later, write: Write, effects: Effects, about: str
) -> None:
    broken = True

    async def act(tx: Transaction, body: Body) -> None:
        await write(tx, body["name"])
        if broken:
            raise Conflict

    kind = JobKind(about, act, max_attempts=3)
    job_id = await database.transact(lambda tx: enqueue(tx, about, {"name": "bell"}))
    for hour in range(5):
        await runner(later(timedelta(hours=hour)), kind).settle()
    async with database.read() as read:
        [dead] = [dead for dead in await list_dead(read) if dead.kind == about]
        assert await list_waiting(read, about) == []
    assert (dead.id, dead.attempts, dead.body) == (job_id, 3, {"name": "bell"})
    assert await effects(about) == []

    broken = False
    await database.transact(lambda tx: replay(tx, job_id))
    await runner(database, kind).settle()
    assert await effects(about) == ["bell"]
    with pytest.raises(DeadJobNotFound):
        await database.transact(lambda tx: replay(tx, job_id))


async def test_dead_jobs_are_listed_by_pages_and_can_be_discarded(database: Database, about: str) -> None:
    async def act(_: Transaction, __: Body) -> None:
        raise Conflict

    ids = await database.transact(lambda tx: enqueue_many(tx, about, [{}] * 5))
    await runner(database, JobKind(about, act, max_attempts=1)).settle()
    seen, after = [], None
    async with database.read() as read:
        while page := await list_dead(read, after, limit=2):
            seen += [dead.id for dead in page if dead.kind == about]
            after = page[-1]
    assert sorted(seen) == sorted(ids)
    discarded = await database.transact(lambda tx: discard(tx, ids[0]))
    assert discarded.id == ids[0]
    async with database.read() as read:
        assert ids[0] not in {dead.id for dead in await list_dead(read)}
    with pytest.raises(DeadJobNotFound):
        await database.transact(lambda tx: discard(tx, ids[0]))


async def test_what_has_been_begun_and_not_ended_is_told_apart_from_what_waits(database: Database, about: str) -> None:
    async def act(_: Transaction, body: Body) -> Progress:
        if body:
            raise Conflict
        return Progress({"at": 1}, 1, 3)

    waits = await database.transact(lambda tx: enqueue(tx, f"{about}-waits", {}))
    begun = await database.transact(lambda tx: enqueue(tx, about, {}))
    await runner(database, JobKind(about, act)).settle()
    async with database.read() as read:
        [running] = [one for one in await list_running(read) if one.kind.startswith(about)]
        every = {one.id for one in await list_waiting(read)}
    assert (running.id, running.done, running.total) == (begun, 1, 3)
    assert {waits, begun} <= every


async def test_many_workers_do_each_job_once(database: Database, write: Write, effects: Effects, about: str) -> None:
    async def act(tx: Transaction, body: Body) -> None:
        await write(tx, body["n"])

    names = [f"{n:03}" for n in range(400)]
    await database.transact(lambda tx: enqueue_many(tx, about, [{"n": name} for name in names]))
    await asyncio.gather(*(runner(database, JobKind(about, act)).settle() for _ in range(4)))
    assert await effects(about) == names


async def test_a_handler_that_hangs_is_stopped_and_tried_again(
    database: Database, later: Later, write: Write, effects: Effects, about: str
) -> None:
    hang = True

    async def act(tx: Transaction, _: Body) -> None:
        await write(tx, "done")
        if hang:
            await asyncio.sleep(3600)

    kind = JobKind(about, act, time_limit=timedelta(milliseconds=50))
    await database.transact(lambda tx: enqueue(tx, about, {}))
    await runner(database, kind).settle()
    assert await effects(about) == []
    hang = False
    await runner(later(SOON), kind).settle()
    assert await effects(about) == ["done"]


@pytest.mark.parametrize("outside", [False, True], ids=["inside", "outside"])
async def test_a_long_job_goes_on_where_it_was_stopped(
    database: Database, later: Later, write: Write, effects: Effects, about: str, *, outside: bool
) -> None:
    crash_at = {3}

    async def chunk(tx: Transaction, body: Body) -> Progress | None:
        n = body["next"]
        await write(tx, f"chunk {n}")
        if n in crash_at:
            crash_at.remove(n)
            raise ConnectionAbortedError("the disk is full") if outside else ValueError
        return Progress({"next": n + 1}, done=n + 1, total=6) if n < 5 else None

    async def chunk_outside(database: Database, body: Body) -> Progress | None:
        return await database.transact(lambda tx: chunk(tx, body))

    kind = JobKind(about, outside=chunk_outside) if outside else JobKind(about, chunk)
    await database.transact(lambda tx: enqueue(tx, about, {"next": 0}))
    await runner(database, kind).settle()
    if not outside:  # outside, the database's own retry has already gone on
        async with database.read() as read:
            [waiting] = await list_waiting(read, about)
        assert (waiting.done, waiting.total) == (3, 6)
    await runner(later(SOON), kind).settle()
    assert await effects(about) == [f"chunk {n}" for n in range(6)]


def nothing() -> None:
    pass


class Registry:
    """The outside world: counts how often it is called, and may hang or fail."""

    def __init__(self) -> None:
        self.calls: list[int] = []
        self.answer = nothing
        self.hang = asyncio.Event()
        self.hang.set()

    async def call(self, _: Database, body: Body) -> None:
        self.calls.append(body["n"])
        self.answer()
        await self.hang.wait()


async def test_an_outside_job_is_removed_once_it_is_done(database: Database, about: str) -> None:
    registry = Registry()
    await database.transact(lambda tx: enqueue_many(tx, about, [{"n": n} for n in range(30)]))
    await runner(database, JobKind(about, outside=registry.call)).settle()
    assert sorted(registry.calls) == list(range(30))
    async with database.read() as read:
        assert await list_waiting(read, about) == []


async def test_an_outside_job_is_hidden_while_it_runs_and_returns_when_its_process_dies(
    database: Database, later: Later, about: str
) -> None:
    registry = Registry()
    registry.hang.clear()
    kind = JobKind(about, outside=registry.call, time_limit=timedelta(seconds=30))
    await database.transact(lambda tx: enqueue(tx, about, {"n": 1}))
    doomed = asyncio.create_task(runner(database, kind).settle())
    async with asyncio.timeout(5):
        while not registry.calls:  # noqa: ASYNC110 - the registry is called by the code under test
            await asyncio.sleep(0.005)
    await runner(database, kind).settle()
    assert registry.calls == [1], "nobody else takes it meanwhile"
    doomed.cancel()
    with pytest.raises(asyncio.CancelledError):
        await doomed
    registry.hang.set()
    await runner(later(timedelta(seconds=61)), kind).settle()
    assert registry.calls == [1, 1]


async def test_who_took_too_long_does_not_end_the_job_of_who_took_over(
    database: Database, later: Later, about: str
) -> None:
    gates = [asyncio.Event(), asyncio.Event()]
    begun: list[asyncio.Event] = []

    async def call(_: Database, __: Body) -> None:
        gate = gates[len(begun)]
        begun.append(gate)
        await gate.wait()

    async def waiting() -> int:
        async with database.read() as read:
            return len(await list_waiting(read, about))

    kind = JobKind(about, outside=call, time_limit=timedelta(seconds=30))
    await database.transact(lambda tx: enqueue(tx, about, {}))
    workers = []
    for offset in (timedelta(), timedelta(seconds=61)):
        workers.append(asyncio.create_task(runner(later(offset), kind).settle()))
        async with asyncio.timeout(5):
            while len(begun) < len(workers):  # noqa: ASYNC110 - called by the code under test
                await asyncio.sleep(0.005)
    gates[0].set()
    await workers[0]
    assert await waiting() == 1
    gates[1].set()
    await workers[1]
    assert await waiting() == 0


async def test_an_outside_job_that_kills_each_process_dies_itself(database: Database, later: Later, about: str) -> None:
    registry = Registry()

    def die() -> None:
        raise asyncio.CancelledError

    registry.answer = die
    kind = JobKind(about, outside=registry.call, max_attempts=2)
    await database.transact(lambda tx: enqueue(tx, about, {"n": 1}))
    for hour in range(2):
        with pytest.raises(asyncio.CancelledError):
            await runner(later(timedelta(hours=hour)), kind).settle()
    await runner(later(timedelta(hours=3)), kind).settle()
    assert registry.calls == [1, 1]
    async with database.read() as read:
        [dead] = [dead for dead in await list_dead(read) if dead.kind == about]
    assert dead.last_error == "NeverReturned"


async def test_an_outside_job_that_fails_is_tried_again_later(database: Database, later: Later, about: str) -> None:
    registry = Registry()

    def fail() -> None:
        raise ConnectionRefusedError("13800000000 is no number")

    registry.answer = fail
    kind = JobKind(about, outside=registry.call)
    await database.transact(lambda tx: enqueue(tx, about, {"n": 1}))
    await runner(database, kind).settle()
    async with database.read() as read:
        [waiting] = await list_waiting(read, about)
    assert waiting.attempts == 1
    assert waiting.last_error is not None
    assert "138" not in waiting.last_error
    registry.answer = lambda: None
    await runner(later(SOON), kind).settle()
    assert registry.calls == [1, 1]


def test_retries_double_with_jitter_up_to_an_hour() -> None:
    first = timedelta(seconds=2)
    assert [retry_delay(n, first, 0.5).total_seconds() for n in (1, 2, 3, 4)] == [2, 4, 8, 16]
    assert retry_delay(1, first, 0.0) == timedelta(seconds=1)
    assert retry_delay(10_000, first, 0.5) == timedelta(hours=1)


def test_an_error_is_told_without_its_message() -> None:
    told = sanitized(ValueError("张三 370402190001010015"))
    assert told == "ValueError"
