"""Figures are what the rows come to, after whatever happened, however often counting was cut short."""

import asyncio
from typing import Any

import pytest
from figures.counting import Counted, History
from fixtures.counted import count_all

from healthcloud import audit, figures
from healthcloud.core.background import Body, Progress
from healthcloud.core.caller import SYSTEM
from healthcloud.core.db import Transaction
from healthcloud.core.ids import new_id
from healthcloud.core.leases import Lease, LeaseLost
from healthcloud.figures import store
from healthcloud.figures.counting import UNCOUNTED, count_blocks, count_current
from healthcloud.figures.model import COUNTED, FORMULA


class Killed(BaseException):
    """A process that ends before it commits."""


@pytest.mark.parametrize("seed", range(3))
async def test_counts_are_what_the_rows_come_to(counted: Counted, seed: int) -> None:
    history = History(counted.town, seed)
    for _ in range(3):
        await history.live(15)
        await counted.count()
        verdict = await counted.must_agree()
    assert verdict.compared > 20


async def test_a_count_cut_short_goes_on_where_it_was(counted: Counted) -> None:
    await counted.count()
    history = History(counted.town, 7)
    for _ in range(6):
        await history.live(6)
        await counted.sealer.seal()
    database = counted.town.database
    async with database.read() as read:
        behind = (await figures.standing(read)).behind
    assert behind >= 6

    async def die(tx: Transaction) -> None:
        assert await count_current(tx)
        raise Killed

    async def one_block(tx: Transaction) -> int:
        edition = await store.current(tx)
        assert edition is not None
        return await count_blocks(tx, edition.edition, blocks=1)

    for _ in range(behind):
        with pytest.raises(Killed):
            await database.transact(die)
        assert await database.transact(one_block) == 1
    assert await count_all(database) == 0
    await counted.must_agree()


async def test_two_who_count_at_once_count_once(counted: Counted) -> None:
    await History(counted.town, 11).live(30)
    await counted.sealer.seal()
    await asyncio.gather(*(count_all(counted.town.database) for _ in range(4)))
    await counted.must_agree()


async def test_the_runner_counts_while_it_holds_the_lease_and_says_what_waits(counted: Counted) -> None:
    database, sole = counted.town.database, figures.following()
    ours, theirs = (Lease(database, sole.name, new_id()) for _ in range(2))
    assert await ours.take()
    await History(counted.town, 3).live(5)
    await counted.sealer.seal()
    with pytest.raises(LeaseLost):
        await sole.step(database, theirs)
    while await sole.step(database, ours):
        continue
    assert UNCOUNTED._value.get() == 0
    await ours.release()
    await counted.must_agree()


async def test_counting_anew_comes_to_the_same_and_goes_on_after_a_kill(counted: Counted) -> None:
    database = counted.town.database
    await History(counted.town, 5).live(30)
    await counted.count()
    before = {code: one.value for code, one in (await counted.overview()).items()}
    edition = await database.transact(lambda tx: figures.rebuild(tx, SYSTEM))
    with pytest.raises(figures.AlreadyRebuilding):
        await database.transact(lambda tx: figures.rebuild(tx, SYSTEM))
    await History(counted.town, 6).live(10)
    await counted.count()
    assert await _work_off(counted, edition) > 2
    async with database.read() as read:
        stand = await figures.standing(read)
    assert (stand.edition, stand.behind, stand.rebuilding) == (edition, 0, None)
    await counted.must_agree()
    after = {code: one.value for code, one in (await counted.overview()).items()}
    assert after["cards-issued"] >= before["cards-issued"]
    assert await _editions(counted) == [edition]


async def _work_off(counted: Counted, edition: int) -> int:
    """Do the job chunk by chunk as a worker does, each first by one that dies before it commits."""
    [kind] = figures.JOBS
    body: Body = {"edition": edition}
    for chunk in range(1, 200):
        kept: list[Progress | None] = []

        async def run(tx: Transaction, body: Body = body, kept: list[Progress | None] = kept) -> None:
            assert kind.handler is not None
            kept.append(await kind.handler(tx, body))

        async def die(tx: Transaction, run: Any = run) -> None:
            await run(tx)
            raise Killed

        with pytest.raises(Killed):
            await counted.town.database.transact(die)
        await counted.town.database.transact(run)
        progress = kept[-1]
        if progress is None:
            return chunk
        assert progress.total is not None
        assert 0 <= progress.done <= progress.total
        body = progress.body
    raise AssertionError


async def _editions(counted: Counted) -> list[int]:
    """Return which editions any table still holds."""
    async with counted.town.database.read() as read:
        return await read.values(
            int,
            """
            SELECT edition FROM figures.counts UNION SELECT edition FROM figures.totals
             UNION SELECT edition FROM figures.lines UNION SELECT edition FROM figures.reach
             UNION SELECT edition FROM figures.editions ORDER BY 1
            """,
        )


async def test_newer_rules_are_counted_beside_the_old(counted: Counted, monkeypatch: pytest.MonkeyPatch) -> None:
    await counted.count()
    async with counted.town.database.read() as read:
        shown = await figures.standing(read)
    monkeypatch.setattr("healthcloud.figures.counting.FORMULA", FORMULA + 1)
    await figures_step(counted)
    async with counted.town.database.read() as read:
        editions = await store.editions(read)
    assert [(one.state, one.formula) for one in editions][:2] == [("building", FORMULA + 1), ("current", FORMULA)]
    await _work_off(counted, editions[0].edition)
    async with counted.town.database.read() as read:
        assert (await figures.standing(read)).edition > shown.edition


async def figures_step(counted: Counted) -> None:
    await counted.town.database.transact(count_current)


async def test_the_check_finds_a_count_that_is_wrong(counted: Counted) -> None:
    await History(counted.town, 99).live(20)
    await counted.count()

    async def spoil(tx: Transaction) -> None:
        await tx.run("UPDATE figures.counts SET count = count + 1 WHERE figure = 'uses'")
        await tx.run("UPDATE figures.totals SET count = count - 1 WHERE figure = 'status' AND key = '1'")

    await counted.town.database.transact(spoil)
    found = {one.figure for one in (await counted.check()).differences}
    assert {"uses", "status", "lines"} <= found


def test_every_deed_counted_is_one_that_is_written() -> None:
    assert audit.declared_deeds().keys() >= COUNTED


async def test_blocks_come_in_pieces_that_are_not_too_large(counted: Counted) -> None:
    for _ in range(3):
        await History(counted.town, 21).live(4)
        await counted.sealer.seal()
    async with counted.town.database.read() as read:
        last = await audit.last_sealed(read)
        every = await audit.sealed_after(read, last - 3)
        assert [one.seq for one in every] == [last - 2, last - 1, last]
        first = len(every[0].deeds)
        assert [one.seq for one in await audit.sealed_after(read, last - 3, deeds=0)] == [last - 2]
        both = first + len(every[1].deeds)
        assert len(await audit.sealed_after(read, last - 3, deeds=both)) == 2
        assert len(await audit.sealed_after(read, last - 3, deeds=both - 1)) == 1
