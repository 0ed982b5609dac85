"""A tally comes to what counting each time comes to, within half a second or when somebody asks."""

import asyncio

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

from healthcloud.core.metrics import SECONDS
from healthcloud.core.tallies import WRITE_SECONDS, Tally, TimeTally, write_tallies

TIMES = (0.0002, 0.001, 0.0011, 0.04, 0.05, 9.9, 10.0, 11.0, 0.04)


def histogram(registry: CollectorRegistry) -> Histogram:
    return Histogram("times", "Times.", registry=registry, buckets=SECONDS)


async def test_times_come_to_what_observing_each_comes_to() -> None:
    tallied, each = CollectorRegistry(), CollectorRegistry()
    tally, observed = TimeTally(histogram(tallied)), histogram(each)
    for _ in range(2):
        for seconds in TIMES:
            tally.observe(seconds)
            observed.observe(seconds)
        write_tallies()
    without_sum = [line for line in generate_latest(tallied).splitlines() if b"_sum" not in line]
    assert without_sum == [line for line in generate_latest(each).splitlines() if b"_sum" not in line]
    assert abs((tallied.get_sample_value("times_sum") or 0) - 2 * sum(TIMES)) < 1e-9


async def test_counts_are_written_by_themselves_and_once() -> None:
    registry = CollectorRegistry()
    tally = Tally(Counter("things", "Things.", registry=registry))
    tally.inc()
    tally.inc(4)
    assert registry.get_sample_value("things_total") == 0
    await asyncio.sleep(WRITE_SECONDS + 0.1)
    assert registry.get_sample_value("things_total") == 5
    tally.inc()
    await asyncio.sleep(WRITE_SECONDS + 0.1)
    write_tallies()
    assert registry.get_sample_value("things_total") == 6


def test_a_loop_that_ended_before_it_wrote_keeps_nobody_else_from_writing() -> None:
    registry = CollectorRegistry()
    first, second = (Tally(Counter(name, "Things.", registry=registry)) for name in ("first", "second"))

    async def count(tally: Tally, seconds: float) -> None:
        tally.inc()
        await asyncio.sleep(seconds)

    asyncio.run(count(first, 0))
    asyncio.run(count(second, WRITE_SECONDS + 0.1))
    assert registry.get_sample_value("first_total") == 1
    assert registry.get_sample_value("second_total") == 1
