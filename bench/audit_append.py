"""Audit: deeds appended in the transactions that do them, while the sealer links them into the chain."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from itertools import repeat

from bench.city import BenchCity
from bench.pgbench import run_pgbench
from bench.row import Row
from bench.serving import serve
from healthcloud import audit
from healthcloud.core.caller import SYSTEM
from healthcloud.core.db import Database, Transaction
from healthcloud.core.ids import new_id
from healthcloud.server.composition import open_city

PROMISE = 5_000
GATHERED, WRITERS = 50, 16
LAG_SECONDS = 5.0
DEED = "people.registered"

Append = Callable[[Transaction], Awaitable[None]]


@dataclass(slots=True)
class Appended:
    """Deeds written, in how long, how long each transaction took, and how far behind the sealer ever was, in s."""

    deeds: int
    seconds: float
    times: list[float]
    lag: float
    drained: float = 0.0

    def at(self, share: float) -> float:
        """Return the time in ms within which this share of the transactions was done."""
        return sorted(self.times)[int(share * (len(self.times) - 1))] * 1000


def measure(city: BenchCity, seconds: float) -> list[Row]:
    """Append as the gathered paths do, then one deed a transaction."""
    with serve(city):
        yardstick = run_pgbench(city.database.owner_url)
        found = [(size, *asyncio.run(_append(city, size, seconds))) for size in (GATHERED, 1)]
    return [
        Row(
            name=f"audit append, {size} deeds a transaction",
            promise=f"≥ {PROMISE:,}/s, sealer less than {LAG_SECONDS:.0f} s behind" if size > 1 else "for comparison",
            found=f"{one.deeds / one.seconds:,.0f} deeds/s",
            kept=size == 1 or (one.deeds / one.seconds >= PROMISE and one.lag < LAG_SECONDS and rows == one.deeds),
            data=f"{city.persons:,} persons, {WRITERS} writers in one process",
            command="python -m bench audit_append",
            p50=one.at(0.5),
            p95=one.at(0.95),
            p99=one.at(0.99),
            beside=f"pgbench {yardstick.per_second:,.0f}/s",
            checked=f"{rows:,} rows sealed of {one.deeds:,} written; sealer at most {one.lag:.1f} s behind, "
            f"done {one.drained:.1f} s after the last deed",
        )
        for size, one, rows in found
    ]


async def _append(city: BenchCity, size: int, seconds: float) -> tuple[Appended, int]:
    async with open_city(city.settings, name="bench audit", pool_size=WRITERS) as opened:
        database = opened.database
        before = await _sealed(city)
        appended = Appended(0, 0.0, [], 0.0)
        until = time.monotonic() + seconds
        watch = asyncio.create_task(_watch_lag(database, appended))
        started = time.monotonic()
        await asyncio.gather(*(_write(database, size, until, appended) for _ in range(WRITERS)))
        appended.seconds = time.monotonic() - started
        while await _lag(database) > 0:  # noqa: ASYNC110 - another process seals
            await asyncio.sleep(0.05)
        appended.drained = time.monotonic() - started - appended.seconds
        watch.cancel()
        return appended, await _sealed(city) - before


async def _write(database: Database, size: int, until: float, appended: Appended) -> None:
    async def append(tx: Transaction) -> None:
        entries = [audit.Entry(DEED, new_id(), detail={"created": True, "level": 2}) for _ in repeat(None, size)]
        await audit.record_many(tx, SYSTEM, entries)

    while (started := time.monotonic()) < until:
        await database.transact(append)
        appended.times.append(time.monotonic() - started)
        appended.deeds += size


async def _watch_lag(database: Database, appended: Appended) -> None:
    while True:
        appended.lag = max(appended.lag, await _lag(database))
        await asyncio.sleep(0.25)


async def _lag(database: Database) -> float:
    async with database.read() as read:
        return (await audit.sealing_lag(read, database.clock.now())).total_seconds()


async def _sealed(city: BenchCity) -> int:
    rows = await city.fetch("SELECT COALESCE(sum(cardinality(deed_ids)), 0) FROM audit.blocks")
    return int(rows[0][0])
