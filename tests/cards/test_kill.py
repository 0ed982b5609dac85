"""Backends of the database are killed during scans: no acknowledged use is lost, none is doubled."""

import asyncio
import random
from collections import Counter
from datetime import timedelta

import asyncpg
from cards.scanning import BATCH, REGISTRATION, Holder, Town, a_town, count, said
from fixtures.databases import Copy

from healthcloud import cards
from healthcloud.core.db import Database

CARDS, SCANNERS, KILLS = 120, 12, 8


async def scan_until_told(town: Town, code: str, *, in_batch: bool) -> str:
    """Scan as a hospital's program does: the same request again while the city says it is busy."""
    while True:
        if in_batch:
            body = {"codes": [code], "scene": REGISTRATION, "terminal": str(town.here.window)}
            answer = await town.signed(town.here, BATCH, body)
        else:
            answer = await town.scan(code)
        if answer.status_code == 503:
            await asyncio.sleep(0.02)
            continue
        assert answer.status_code == 200, answer.text
        if not in_batch:
            return said(answer)
        result = answer.json()["results"][0]
        assert result["status"] == "valid"
        return "repeat" if result["use"]["repeat"] else "taken"


async def kill_some(superuser_url: str, busy: asyncio.Event) -> int:
    """End the backends that verify, again and again while there are scans."""
    connection = await asyncpg.connect(superuser_url)
    killed = 0
    try:
        for _ in range(KILLS):
            if busy.is_set():
                break
            await asyncio.sleep(0.05)
            killed += await connection.fetchval(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_catalog.pg_stat_activity "
                "WHERE datname = current_database() AND application_name LIKE 'healthcloud verify%'"
            )
    finally:
        await connection.close()
    return killed


async def test_no_acknowledged_use_is_lost_and_none_is_doubled(fresh_database: Database, fresh_copy: Copy) -> None:
    started = fresh_database.clock.now() - timedelta(seconds=5)
    async with a_town(fresh_database, hot_seconds=10) as town:
        holders = [await town.holder() for _ in range(CARDS)]
        acknowledged: Counter[bytes] = Counter()
        over = asyncio.Event()
        killer = asyncio.create_task(kill_some(fresh_copy.superuser_url, over))
        waiting = [*holders, *holders]
        random.Random(7).shuffle(waiting)  # noqa: S311 - an order, no secret

        async def scanner(*, in_batch: bool) -> None:
            while waiting:
                holder: Holder = waiting.pop()
                await scan_until_told(town, town.code(holder.card), in_batch=in_batch)
                acknowledged[holder.card.id] += 1
                await asyncio.sleep(0.01)

        await asyncio.gather(*(scanner(in_batch=n % 3 == 0) for n in range(SCANNERS)))
        over.set()
        assert await killer > 0
    assert len(acknowledged) == CARDS
    # Two scans of a code in one minute are one use; a minute may have changed between them.
    for card_id, scans in acknowledged.items():
        assert 1 <= await count(fresh_copy.owner_url, "cards.uses", card_id=card_id) <= scans
    async with fresh_database.read() as read:
        verdict = await cards.check_use_batches(read, started, fresh_database.clock.now() + timedelta(seconds=1))
    assert verdict.findings == []
    assert verdict.uses == await count(fresh_copy.owner_url, "cards.uses")
