"""Leases have one holder, and what recurs runs once however many machines there are."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from core.background.effects import Effects, Later, Write
from hypothesis import given
from hypothesis import strategies as st

from healthcloud.core.background import Body, Recurring, Runner, Wiring, background_state, list_waiting
from healthcloud.core.background.schedule import Scheduler, next_run
from healthcloud.core.db import Database, Transaction
from healthcloud.core.ids import new_id
from healthcloud.core.leases import Lease, LeaseLost

HOUR = timedelta(hours=1)


def lease(database: Database, name: str) -> Lease:
    return Lease(database, name, new_id(), lasts=timedelta(seconds=15))


async def test_of_many_one_holds_the_lease(database: Database, about: str) -> None:
    machines = [lease(database, about) for _ in range(8)]
    assert sum(await asyncio.gather(*(machine.take() for machine in machines))) == 1
    [holder] = [machine for machine in machines if machine.held]
    assert await holder.take(), "the holder renews"
    assert holder.fence == 1


async def test_a_lease_is_taken_over_once_it_has_run_out(database: Database, later: Later, about: str) -> None:
    asleep = lease(database, about)
    assert await asleep.take()
    assert not await lease(later(timedelta(seconds=14)), about).take()
    successor = lease(later(timedelta(seconds=16)), about)
    assert await successor.take()
    assert (asleep.fence, successor.fence) == (1, 2)
    assert not await asleep.take()


async def test_a_holder_that_was_asleep_can_do_no_harm(
    database: Database, later: Later, write: Write, effects: Effects, about: str
) -> None:
    asleep = lease(database, about)
    await asleep.take()
    successor = lease(later(timedelta(seconds=16)), about)
    await successor.take()
    assert asleep.held, "as far as it knows"

    async def guarded(lease: Lease, said: str) -> None:
        async def act(tx: Transaction) -> None:
            await lease.guard(tx)
            await write(tx, said)

        await database.transact(act)

    with pytest.raises(LeaseLost):
        await guarded(asleep, "asleep")
    await guarded(successor, "awake")
    assert await effects(about) == ["awake"]


async def test_nobody_takes_over_in_the_middle_of_a_guarded_transaction(
    database: Database, later: Later, about: str
) -> None:
    holder, successor = lease(database, about), lease(later(HOUR), about)
    await holder.take()

    async def act(tx: Transaction) -> asyncio.Task[bool]:
        await holder.guard(tx)
        taking = asyncio.create_task(successor.take())
        await asyncio.sleep(0.1)
        assert not taking.done()
        return taking

    assert await (await database.transact(act))


async def test_a_lease_given_back_need_not_run_out(database: Database, about: str) -> None:
    first, second = lease(database, about), lease(database, about)
    await first.take()
    await first.release()
    assert not first.held
    assert await second.take()


async def test_what_recurs_is_due_at_once_then_each_time(later: Later, about: str) -> None:
    runs: list[int] = []

    async def act(_: Transaction, __: Body) -> None:
        runs.append(1)

    recurring = Recurring(about, HOUR, act)
    scheduler = Scheduler([recurring])

    async def pass_by(offset: timedelta) -> int:
        stood = later(offset)
        held = lease(stood, f"{about} {offset}")
        await held.take()
        await scheduler.step(stood, held)
        await Runner(stood, Wiring(recurring=(recurring,))).settle()
        return len(runs)

    assert await pass_by(timedelta()) == 1
    assert await pass_by(timedelta(minutes=59)) == 1
    assert await pass_by(HOUR) == 2
    assert await pass_by(10.5 * HOUR) == 3, "nine missed runs are made up for by one"
    assert await pass_by(10.9 * HOUR) == 3
    assert await pass_by(11 * HOUR) == 4, "and the grid is kept"


async def test_a_run_that_is_not_over_is_not_doubled(database: Database, later: Later, about: str) -> None:
    async def act(_: Transaction, __: Body) -> None: ...

    scheduler = Scheduler([Recurring(about, HOUR, act)])
    for offset in (timedelta(), HOUR, 2 * HOUR):
        stood = later(offset)
        held = lease(stood, f"{about} {offset}")
        await held.take()
        await scheduler.step(stood, held)
    async with database.read() as read:
        assert len(await list_waiting(read, about)) == 1


async def test_a_scheduler_that_has_lost_its_lease_does_nothing(database: Database, later: Later, about: str) -> None:
    async def act(_: Transaction, __: Body) -> None: ...

    asleep = lease(database, about)
    await asleep.take()
    await lease(later(HOUR), about).take()
    with pytest.raises(LeaseLost):
        await Scheduler([Recurring(about, HOUR, act)]).step(database, asleep)
    async with database.read() as read:
        assert await list_waiting(read, about) == []


async def test_a_recurrence_made_more_frequent_is_due_sooner(database: Database, about: str) -> None:
    async def act(_: Transaction, __: Body) -> None: ...

    held = lease(database, about)
    await held.take()
    for every in (timedelta(days=30), HOUR):
        await Scheduler([Recurring(about, every, act)]).step(database, held)
    async with database.read() as read:
        [state] = [s for s in (await background_state(read)).schedule if s.name == about]
    assert timedelta() < state.next_at - database.clock.now() <= HOUR


@given(
    every=st.integers(1, 100_000).map(lambda s: timedelta(seconds=s)),
    late=st.integers(0, 1_000_000).map(lambda s: timedelta(seconds=s)),
)
def test_the_next_run_is_the_first_of_the_grid_to_come(every: timedelta, late: timedelta) -> None:
    due = datetime(2026, 11, 1, tzinfo=UTC)
    found = next_run(due, every, due + late)
    slow = due + every
    while slow <= due + late and slow < due + 200 * every:
        slow += every
    assert found == slow or late >= 199 * every
    assert due + late < found <= due + late + every
    assert (found - due) % every == timedelta()
