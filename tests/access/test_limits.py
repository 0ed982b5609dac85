"""Tries are counted before they are made; the wait after the last one allowed is a whole window."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from healthcloud.access import limits
from healthcloud.core.clock import Clock
from healthcloud.core.db import Database
from healthcloud.core.ids import new_id

THREE = limits.Limit("three", 3, timedelta(minutes=10))


@pytest.fixture
async def counting(database: Database) -> AsyncIterator[Database]:
    yield database
    database.clock = Clock()


async def count(database: Database, *tries: limits.Try) -> int:
    return (await database.transact(lambda tx: limits.count(tx, tries))).wait_seconds


def move(database: Database, **span: float) -> None:
    database.clock = Clock(database.clock.offset + timedelta(**span))


async def test_the_window_begins_anew_with_the_last_try_allowed(counting: Database) -> None:
    one = limits.Try(THREE, new_id().hex)
    assert [await count(counting, one) for _ in range(2)] == [0, 0]
    move(counting, minutes=8)
    assert await count(counting, one) == 0
    assert 598 <= await count(counting, one) <= 600
    move(counting, minutes=9)
    assert 58 <= await count(counting, one) <= 60
    move(counting, minutes=1)
    assert await count(counting, one) == 0


async def test_tries_apart_are_never_too_many(counting: Database) -> None:
    one = limits.Try(THREE, new_id().hex)
    for _ in range(6):
        assert await count(counting, one) == 0
        move(counting, minutes=10)


async def test_a_race_gets_no_more_than_the_limit(counting: Database) -> None:
    one = limits.Try(THREE, new_id().hex)
    waits = await asyncio.gather(*(count(counting, one) for _ in range(20)))
    assert sum(wait == 0 for wait in waits) == 3


async def test_a_try_refused_by_the_first_limit_costs_the_second_nothing(counting: Database) -> None:
    narrow, wide = (
        limits.Try(THREE, new_id().hex),
        limits.Try(limits.Limit("wide", 5, timedelta(hours=1)), new_id().hex),
    )
    for _ in range(10):
        await count(counting, narrow, wide)
    assert [await count(counting, wide) > 0 for _ in range(3)] == [False, False, True]


async def test_what_is_given_back_or_cleared_can_be_tried_again(counting: Database) -> None:
    one = limits.Try(THREE, new_id().hex)
    for _ in range(3):
        await count(counting, one)
    await counting.transact(lambda tx: limits.give_back(tx, one))
    assert [await count(counting, one) > 0 for _ in range(2)] == [False, True]
    await counting.transact(lambda tx: limits.clear(tx, one))
    assert await count(counting, one) == 0


@pytest.mark.parametrize(
    ("address", "block"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2::9", "2001:db8:1:2::"),
        ("testclient", "testclient"),
    ],
)
def test_an_address_counts_as_its_house(address: str, block: str) -> None:
    assert limits.address_block(address) == block
