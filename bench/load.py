"""Loading the city, as it was loaded; what it takes on the disk, table by table."""

import asyncio

from bench.city import BenchCity
from bench.row import Row
from healthcloud.core.postgres import table_sizes

PERSONS, PROMISE_SECONDS = 3_800_000, 180.0
SHOWN = 6
_MIB = 1 << 20


def measure(city: BenchCity) -> list[Row]:
    """Tell what making the city took; of one that was kept, what it took then."""
    loading, persons = city.loading, city.persons
    seconds = loading.seconds * PERSONS / persons
    spent = sum(loading.cpu.values())
    told = ", ".join(f"{kind} {value:,.0f} s" for kind, value in loading.cpu.items())
    with city.database as database:
        sizes = asyncio.run(table_sizes(database.owner_url))
    whole = sum(one.table + one.indexes for one in sizes)
    largest = ", ".join(f"{one.name} {_mib(one.table)} + {_mib(one.indexes)}" for one in sizes[:SHOWN])
    return [
        Row(
            name="load",
            promise=f"{PERSONS:,} persons in ≤ {PROMISE_SECONDS:.0f} s on two cores",
            found=f"{persons:,} in {loading.seconds:.0f} s"
            + (f", {PERSONS:,} at that rate in {seconds:.0f} s" if persons != PERSONS else ""),
            kept=seconds <= PROMISE_SECONDS,
            data=f"{persons:,} persons sealed, indexed and given cards",
            command="python -m bench load",
            checked=f"CPU: {told}; {spent * 1e6 / persons:.0f} µs a person; a loader {loading.loader_mib:.0f} MiB",
        ),
        Row(
            name="disk",
            promise="for comparison",
            found=f"{whole / _MIB:,.0f} MiB, {whole / persons:,.0f} bytes a person",
            kept=True,
            data=f"{persons:,} persons",
            command="healthcloud db size",
            checked=f"tables + indexes: {largest}",
        ),
    ]


def _mib(size: int) -> str:
    return f"{size / _MIB:,.0f}"
