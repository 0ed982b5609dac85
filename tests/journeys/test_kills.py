"""Processes are killed while desks scan: no acknowledged use is lost, none is doubled, and the city comes back."""

import asyncio
import os
import random
import signal
from collections.abc import Awaitable, Callable, Sequence

import pytest
from journeys.processes import RunningCity, wait_until
from journeys.scans import Scanner

NewCity = Callable[[], RunningCity]
Harm = Callable[[RunningCity], Awaitable[None]]
LANES, PAUSE = 8, 0.02


async def _kill_worker(city: RunningCity) -> None:
    victim = random.choice(city.children("hc-worker"))  # noqa: S311 - any will do
    os.kill(victim, signal.SIGKILL)
    # Until it is reaped, a killed process is still named among the children.
    await asyncio.to_thread(wait_until, lambda: victim not in (now := city.children("hc-worker")) and len(now) == 2)


async def _kill_runner(city: RunningCity) -> None:
    (victim,) = city.children("hc-runner")
    os.kill(victim, signal.SIGKILL)
    await asyncio.to_thread(wait_until, lambda: city.children("hc-runner") not in ([], [victim]))


async def _kill_nursery(city: RunningCity) -> None:
    (victim,) = city.children("hc-nursery")
    os.kill(victim, signal.SIGKILL)
    await asyncio.to_thread(wait_until, lambda: city.children("hc-nursery") not in ([], [victim]) and city.ready())


async def _kill_database(city: RunningCity) -> None:
    victim = city.database_pid()
    os.kill(victim, signal.SIGKILL)
    await asyncio.to_thread(wait_until, lambda: city.ready() and city.database_pid() != victim)


async def _kill_parent(city: RunningCity) -> None:
    city.kill()
    await asyncio.to_thread(city.start)


async def test_kills_during_scans_lose_no_acknowledged_use_and_double_none(new_city: NewCity) -> None:
    await _harmed_city_keeps_its_word(
        new_city(), (_kill_worker, _kill_database, _kill_runner, _kill_parent, _kill_nursery, _kill_database)
    )


@pytest.mark.drill
async def test_thirty_kills_in_any_order_lose_nothing(new_city: NewCity) -> None:
    harms = (_kill_worker, _kill_database, _kill_runner, _kill_nursery, _kill_parent)
    await _harmed_city_keeps_its_word(new_city(), random.choices(harms, k=30))  # noqa: S311 - any order will do


async def _harmed_city_keeps_its_word(city: RunningCity, harms: Sequence[Harm]) -> None:
    await asyncio.to_thread(city.start)
    scanner = Scanner(city, city.command("db", "url", "--role", "owner").stdout.strip())
    cards = await scanner.card_ids()
    scanning = asyncio.create_task(scanner.run(cards, LANES, PAUSE))
    for harm in harms:
        await asyncio.sleep(2)
        before = scanner.inventory.answered
        await harm(city)
        await asyncio.to_thread(wait_until, city.ready)
        await asyncio.sleep(1)
        assert scanner.inventory.answered > before, (harm.__name__, [one.__name__ for one in harms])
    scanner.stopping = True
    await scanning

    inventory, uses = scanner.inventory, await scanner.uses()
    assert inventory.lost > 0, "nothing was in flight when it was killed"
    assert inventory.refused == []
    assert inventory.acknowledged - uses.keys() == set(), "lost"
    assert {key: count for key, count in uses.items() if count != 1} == {}, "doubled"
    assert [key for key, answers in inventory.answers.items() if answers.count(True) > 1] == [], "acknowledged twice"
    assert len(inventory.acknowledged) > 200
    assert (await asyncio.to_thread(city.json, "audit", "verify"))["sound"]


def test_the_count_can_fail() -> None:
    answers = {"a": [True, True], "b": [True, False]}
    assert [key for key, some in answers.items() if some.count(True) > 1] == ["a"]


@pytest.mark.parametrize("signal_name", ["SIGTERM", "SIGINT", "SIGHUP"])
def test_the_city_ends_in_order_when_asked_to(new_city: NewCity, signal_name: str) -> None:
    city = new_city()
    city.residents = 0
    city.start()
    assert city.parent is not None
    pids = [*city.children("hc-worker"), *city.children("hc-runner"), *city.children("healthcloud_simulators")]
    pids += city.children("hc-nursery")
    assert len(pids) == 8
    city.parent.send_signal(getattr(signal, signal_name))
    assert city.parent.wait(30) == 0
    assert [pid for pid in pids if _lives(pid)] == []
    assert not (city.var / "database" / "data" / "postmaster.pid").exists()


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
