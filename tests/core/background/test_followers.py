"""Followers miss nothing and repeat nothing, whatever order commits come in."""

import asyncio

import asyncpg
import pytest

from healthcloud.core.background import Follower, FollowerSpec
from healthcloud.core.db import Database, Transaction
from healthcloud.core.errors import OutcomeUnknown, Unavailable


async def claim(tx: Transaction, limit: int) -> list[int]:
    return await tx.values(
        int,
        """
        DELETE FROM core.queue
         WHERE id = ANY (ARRAY(SELECT id FROM core.queue ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED))
        RETURNING id
        """,
        limit,
    )


async def copy(tx: Transaction, rows: list[int]) -> None:
    await tx.run("INSERT INTO core.effects (about, said) SELECT 'followed', unnest($1::text[])", [str(r) for r in rows])


async def followed(database: Database) -> list[int]:
    async with database.read() as read:
        said = await read.values(str, "SELECT said FROM core.effects WHERE about = 'followed'")
    return sorted(map(int, said))


@pytest.fixture(autouse=True)
async def empty(database: Database) -> None:
    await database.transact(lambda tx: tx.run("DELETE FROM core.effects"))
    await database.transact(lambda tx: tx.run("DELETE FROM core.queue"))


async def fill(database: Database, first: int, count: int) -> None:
    await database.transact(
        lambda tx: tx.run("INSERT INTO core.queue (id) SELECT generate_series($1::int, $2)", first, first + count - 1)
    )


async def test_a_row_that_commits_after_a_later_one_is_followed_too(database: Database, owner_url: str) -> None:
    follower = Follower(database, FollowerSpec("queue", claim, copy))
    slow = await asyncpg.connect(owner_url)
    async with slow.transaction():
        await slow.execute("INSERT INTO core.queue (id) VALUES (1)")
        await fill(database, 2, 1)
        assert await follower.step() == 1
        assert await followed(database) == [2], "the later row has committed first"
    await slow.close()
    assert await follower.step() == 1
    assert await followed(database) == [1, 2]


async def test_a_follower_killed_in_the_middle_leaves_its_rows(database: Database) -> None:
    await fill(database, 1, 5)
    in_the_middle, go_on = asyncio.Event(), asyncio.Event()

    async def hang(tx: Transaction, rows: list[int]) -> None:
        await copy(tx, rows)
        in_the_middle.set()
        await go_on.wait()

    doomed = asyncio.create_task(Follower(database, FollowerSpec("queue", claim, hang)).step())
    await in_the_middle.wait()
    doomed.cancel()
    with pytest.raises(asyncio.CancelledError):
        await doomed
    assert await followed(database) == []
    assert await Follower(database, FollowerSpec("queue", claim, copy)).step() == 5
    assert await followed(database) == [1, 2, 3, 4, 5]


async def test_connections_shot_at_all_the_while_lose_and_double_nothing(
    database: Database, superuser: asyncpg.Connection
) -> None:
    await fill(database, 1, 3_000)
    spec = FollowerSpec("queue", claim, copy, batch=20)

    async def follow() -> None:
        follower, unlucky = Follower(database, spec), 0
        while True:
            try:
                if not await follower.step():
                    return
            except (Unavailable, OutcomeUnknown):
                unlucky += 1

    followers = asyncio.gather(*(follow() for _ in range(4)))
    shots = 0
    while not followers.done():
        shots += len(
            await superuser.fetch(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND application_name = 'healthcloud' LIMIT 2"
            )
        )
        await asyncio.sleep(0.02)
    await followers
    # A follower that found everything claimed by one that was then shot may have left too early.
    while await Follower(database, spec).step():
        pass
    assert shots > 5
    assert await followed(database) == list(range(1, 3_001))


async def test_two_followers_share_the_rows(database: Database) -> None:
    await fill(database, 1, 40)
    both = asyncio.Barrier(2)

    async def together(tx: Transaction, rows: list[int]) -> None:
        async with asyncio.timeout(5):
            await both.wait()
        await copy(tx, rows)

    spec = FollowerSpec("queue", claim, together, batch=20)
    taken = await asyncio.gather(Follower(database, spec).step(), Follower(database, spec).step())
    assert list(taken) == [20, 20]
    assert await followed(database) == list(range(1, 41))
