"""The way to a server that is away: one tries at a time, the others are told at once, and waiting is measured."""

import asyncio
import socket
import time
from collections.abc import Iterator

import asyncpg
import pytest
from fixtures.databases import Copy

from healthcloud.core import db, reach
from healthcloud.core.clock import REAL_CLOCK
from healthcloud.core.crypto import Vault
from healthcloud.core.db import Database, Transaction
from healthcloud.core.errors import Unavailable
from healthcloud.core.reach import Reach


@pytest.fixture
def silent() -> Iterator[int]:
    """A port where something listens and never says a word, as beyond a link that was cut."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


async def _one(tx: Transaction) -> int:
    return await tx.run("SELECT 1")


def test_while_it_is_away_one_tries_at_a_time_and_seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    way = Reach()
    assert way.may_try()
    assert way.may_try()
    way.failed()
    assert not way.may_try()
    now += reach.PAUSE_SECONDS
    assert [way.may_try() for _ in range(3)] == [True, False, False]
    way.failed()
    now += 3 * reach.PAUSE_SECONDS
    assert way.away_seconds == pytest.approx(4 * reach.PAUSE_SECONDS), "since the first failure"
    way.answered()
    assert (way.away_seconds, way.may_try(), way.may_try()) == (0, True, True)


def test_the_longest_wait_is_that_of_who_waits_still(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    way = Reach()
    assert way.longest_wait == 0
    first = way.waits()
    now += 2
    second = way.waits()
    now += 1
    assert way.longest_wait == 3
    way.waited(first)
    assert way.longest_wait == 1
    way.waited(second)
    assert way.longest_wait == 0


async def test_nobody_queues_before_a_server_that_does_not_answer(
    silent: int, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given a server that is silent, when one has waited in vain, then a hundred others hear it without waiting."""
    monkeypatch.setattr(db, "ACQUIRE_SECONDS", 0.3)
    pool = asyncpg.create_pool(f"postgresql://nobody@127.0.0.1:{silent}/x?sslmode=disable", min_size=0)
    async with pool:
        away = Database(pool, "", REAL_CLOCK, vault)
        with pytest.raises(Unavailable):
            await away.transact(_one)
        monkeypatch.setattr(reach, "PAUSE_SECONDS", 60)
        away.reach.failed()
        async with asyncio.timeout(0.2):
            for _ in range(100):
                with pytest.raises(Unavailable) as told:
                    await away.transact(_one)
                assert told.value.retry_after == db.AWAY_RETRY_AFTER
        assert away.reach.longest_wait == 0


async def test_a_server_whose_connections_are_only_busy_is_not_away(
    module_copy: Copy, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "ACQUIRE_SECONDS", 0.1)
    small = await Database.connect(module_copy.app_url, vault=vault, size=1)
    async with small.read():
        waiting = asyncio.create_task(small.transact(_one))
        await asyncio.sleep(0.05)
        assert small.reach.longest_wait > 0
        with pytest.raises(Unavailable):
            await waiting
        assert small.reach.away_seconds == 0
    assert await small.transact(_one) == 1
    await small.close()
