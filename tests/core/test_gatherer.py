"""Gathering, with a batch the test holds in its hand."""

import asyncio
from collections.abc import Sequence

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthcloud.core.errors import Conflict, OutcomeUnknown, Unavailable
from healthcloud.core.gatherer import MOST_FAILURES, Gatherer


class Bench:
    """Runs batches and keeps what they were; while `gate` is closed a batch stays in flight."""

    def __init__(self, bad: frozenset[int] = frozenset(), failures: Sequence[Exception] = ()) -> None:
        self.batches: list[list[int]] = []
        self.done: list[int] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self._bad = bad
        self._failures = list(failures)

    async def run(self, asks: Sequence[int]) -> list[int]:
        self.batches.append(list(asks))
        await self.gate.wait()
        if self._failures:
            raise self._failures.pop(0)
        if self._bad.intersection(asks):
            raise Conflict
        self.done += asks
        return [-ask for ask in asks]


def gatherer(bench: Bench, **limits: float) -> Gatherer[int, int]:
    return Gatherer(bench.run, key=lambda ask: ask, **limits)  # type: ignore[arg-type] # limits are of two types


async def in_flight(bench: Bench, batches: int = 1) -> None:
    async with asyncio.timeout(2):
        while len(bench.batches) < batches:  # noqa: ASYNC110 - the gatherer itself tells nobody
            await asyncio.sleep(0)


async def test_what_arrives_during_a_batch_is_the_next_one() -> None:
    bench = Bench()
    bench.gate.clear()
    gathered = gatherer(bench)
    first = [asyncio.create_task(gathered.ask(n)) for n in (3, 1, 2)]
    await in_flight(bench)
    second = [asyncio.create_task(gathered.ask(n)) for n in (9, 5, 7)]
    await asyncio.sleep(0)
    assert bench.batches == [[1, 2, 3]], "one batch at a time, in the order of the keys"
    bench.gate.set()
    assert await asyncio.gather(*first, *second) == [-3, -1, -2, -9, -5, -7]
    assert bench.batches == [[1, 2, 3], [5, 7, 9]]


async def test_a_lone_ask_waits_for_no_timer() -> None:
    bench = Bench()
    async with asyncio.timeout(1):
        assert await gatherer(bench, time_limit=3600).ask(1) == -1


async def test_a_twin_waits_for_the_next_batch_and_keeps_its_place() -> None:
    bench = Bench()
    bench.gate.clear()
    gathered = gatherer(bench, limit_batch=2)
    asks = [asyncio.create_task(gathered.ask(n)) for n in (1, 1, 2, 3, 4)]
    await in_flight(bench)
    bench.gate.set()
    assert await asyncio.gather(*asks) == [-1, -1, -2, -3, -4]
    assert bench.batches == [[1, 2], [1, 3], [4]]


async def test_a_full_queue_refuses_at_once() -> None:
    bench = Bench()
    bench.gate.clear()
    gathered = gatherer(bench, limit_queue=2)
    held = [asyncio.create_task(gathered.ask(0))]
    await in_flight(bench)
    held += [asyncio.create_task(gathered.ask(n)) for n in (1, 2)]
    await asyncio.sleep(0)
    async with asyncio.timeout(0.05):
        with pytest.raises(Unavailable) as refused:
            await gathered.ask(3)
    assert refused.value.retry_after == 1
    assert gathered.depth == 2
    bench.gate.set()
    assert await asyncio.gather(*held) == [0, -1, -2]
    assert await gathered.ask(3) == -3, "well again as soon as there is room"
    assert gathered.counts.refused == 1


async def test_one_client_cannot_take_the_whole_queue() -> None:
    bench = Bench()
    bench.gate.clear()
    gathered = gatherer(bench, limit_client=2)
    held = [asyncio.create_task(gathered.ask(n, "noisy")) for n in (1, 2)]
    await in_flight(bench)
    with pytest.raises(Unavailable):
        await gathered.ask(3, "noisy")
    quiet = asyncio.create_task(gathered.ask(4, "quiet"))
    bench.gate.set()
    assert await asyncio.gather(*held, quiet) == [-1, -2, -4]
    assert await gathered.ask(5, "noisy") == -5, "what is answered no longer counts"


async def test_who_waits_too_long_is_told_whether_it_may_have_been_done() -> None:
    bench = Bench()
    bench.gate.clear()
    gathered = gatherer(bench, time_limit=0.05, limit_batch=1)
    doing, waiting = (asyncio.create_task(gathered.ask(n)) for n in (1, 2))
    outcomes = await asyncio.gather(doing, waiting, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [OutcomeUnknown, Unavailable]
    assert gathered.counts.expired == 2
    bench.gate.set()
    assert await gathered.ask(3) == -3
    assert bench.done == [1, 3], "what had begun was done, what waited was not"


@pytest.mark.parametrize(
    "error", [ConnectionError(), asyncpg.SerializationError(), asyncpg.DeadlockDetectedError()], ids=repr
)
async def test_a_broken_batch_is_run_again_as_a_whole(error: Exception) -> None:
    bench = Bench(failures=[error, error])
    gathered = gatherer(bench)
    assert await asyncio.gather(*(gathered.ask(n) for n in (1, 2, 3))) == [-1, -2, -3]
    assert bench.batches == [[1, 2, 3]] * 3
    assert gathered.counts.retried == 2


async def test_a_database_that_stays_away_costs_each_asker_the_time_limit() -> None:
    bench = Bench(failures=[ConnectionError()] * 1000)
    gathered = gatherer(bench, time_limit=0.1)
    async with asyncio.timeout(1):
        outcomes = await asyncio.gather(*(gathered.ask(n) for n in (1, 2)), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [OutcomeUnknown] * 2
    await gathered.close()
    assert bench.done == []


async def test_one_bad_row_fails_alone() -> None:
    bench = Bench(bad=frozenset({77}))
    gathered = gatherer(bench)
    outcomes = await asyncio.gather(*(gathered.ask(n) for n in range(256)), return_exceptions=True)
    assert [n for n, outcome in enumerate(outcomes) if outcome != -n] == [77]
    assert isinstance(outcomes[77], Conflict)
    assert len(bench.batches) == 17, "8 halvings find one of 256"
    assert sorted(bench.done) == [n for n in range(256) if n != 77]


async def test_a_batch_that_cannot_work_is_given_up_soon() -> None:
    bench = Bench(bad=frozenset(range(256)))
    gathered = gatherer(bench)
    outcomes = await asyncio.gather(*(gathered.ask(n) for n in range(256)), return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} <= {Conflict, Unavailable}
    assert len(bench.batches) <= MOST_FAILURES + 9


async def test_a_lock_held_by_another_is_no_fault_of_the_ask() -> None:
    gathered = gatherer(Bench(failures=[asyncpg.LockNotAvailableError()]))
    with pytest.raises(Unavailable):
        await gathered.ask(1)


@given(
    asks=st.lists(st.integers(0, 30), min_size=1, max_size=60),
    bad=st.frozensets(st.integers(0, 30), max_size=2),
    limit=st.integers(1, 20),
)
def test_gathered_is_as_good_as_one_after_the_other(asks: list[int], bad: frozenset[int], limit: int) -> None:
    async def both() -> None:
        bench = Bench(bad)
        gathered = gatherer(bench, limit_batch=limit)
        outcomes = await asyncio.gather(*(gathered.ask(n) for n in asks), return_exceptions=True)
        assert [Conflict if isinstance(o, Conflict) else o for o in outcomes] == [
            Conflict if n in bad else -n for n in asks
        ]
        assert sorted(bench.done) == sorted(n for n in asks if n not in bad), "each once, none left out"
        assert all(batch == sorted(set(batch)) for batch in bench.batches)

    asyncio.run(both())


async def test_a_cancelled_asker_leaves_the_others_alone() -> None:
    bench = Bench()
    bench.gate.clear()
    gathered = gatherer(bench, limit_client=3)
    doing, other = (asyncio.create_task(gathered.ask(n, "desk")) for n in (1, 2))
    await in_flight(bench)
    waiting = asyncio.create_task(gathered.ask(3, "desk"))
    await asyncio.sleep(0)
    for task in (doing, waiting):
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    again = [asyncio.create_task(gathered.ask(n, "desk")) for n in (4, 5)]
    bench.gate.set()
    assert await asyncio.gather(other, *again) == [-2, -4, -5]
    assert bench.batches == [[1, 2], [4, 5]], "what was only waiting is never begun"


async def test_closing_does_what_waits_and_takes_no_more() -> None:
    bench = Bench()
    bench.gate.clear()
    gathered = gatherer(bench, limit_batch=1)
    asks = [asyncio.create_task(gathered.ask(n)) for n in (1, 2)]
    await in_flight(bench)
    closing = asyncio.create_task(gathered.close())
    await asyncio.sleep(0)
    with pytest.raises(Unavailable):
        await gathered.ask(3)
    bench.gate.set()
    await closing
    assert await asyncio.gather(*asks) == [-1, -2]


async def test_closing_does_not_wait_for_a_batch_that_hangs() -> None:
    bench = Bench()
    bench.gate.clear()
    gathered = gatherer(bench, limit_batch=1, time_limit=0.2)
    asks = [asyncio.create_task(gathered.ask(n)) for n in (1, 2)]
    await in_flight(bench)
    async with asyncio.timeout(1):
        await gathered.close()
    outcomes = await asyncio.gather(*asks, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [OutcomeUnknown, Unavailable]
