"""
Filling the city with residents who have cards: by COPY, in chunks of a thousand, by a process for each processor.

Some chunks together are one transaction, persons and cards; whoever is stopped goes on with those that are missing.
"""

import asyncio
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack

import msgspec

from healthcloud.core.postgres import analyze, room_for_log
from healthcloud.core.settings import Settings
from healthcloud.server.demonstration.ledger import Ledger, Loaded
from healthcloud.server.demonstration.residents import registrations
from healthcloud.server.errors import LoadingFailed
from healthcloud.server.storage import embedded_of, owner_url

CHUNK = 1000
MOST_IN_BATCH = 10  # chunks
BATCHES_EACH = 3  # at least, where a loader has fewer chunks than that many times the most
MANY = 200  # chunks, from which on a load asks the server for room
SECONDS_A_PERSON = 80e-6  # of processors, PostgreSQL's included; measured with decision 0051
BYTES_A_PERSON = 4_500  # with the log that is kept until the load is over
MOST_CORES_USED = 4  # beyond them loaders wait for each other at the ends of the same tables
KNOWN_TO_REGISTRY = 200  # chunks: its simulator keeps them in memory
Progress = Callable[[int], None]


def missing_chunks(loaded: Loaded, count: int) -> list[int]:
    """Return which chunks are still to be loaded until there are so many residents, counted in whole chunks."""
    return [chunk for chunk in range((count + CHUNK - 1) // CHUNK) if chunk not in loaded.chunks]


def estimate(chunks: int) -> str:
    """Say what loading so many chunks will take of this machine."""
    people, cores = chunks * CHUNK, min(os.cpu_count() or 1, MOST_CORES_USED)
    minutes, gigabytes = people * SECONDS_A_PERSON / cores / 60, people * BYTES_A_PERSON / 1e9
    return f"将载入 {people:,} 位居民：约 {minutes:.1f} 分钟，磁盘约 {gigabytes:.0f} GB。"


def batches_of(chunks: list[int], loaders: int) -> list[list[int]]:
    """Part chunks into transactions: large, since neighbours share pages, and some for every loader."""
    size = max(1, min(MOST_IN_BATCH, len(chunks) // (loaders * BATCHES_EACH)))
    return [chunks[start : start + size] for start in range(0, len(chunks), size)]


async def fill(settings: Settings, ledger: Ledger, loaded: Loaded, count: int, progress: Progress) -> None:
    """Load what is missing; `progress` hears of residents there are. Raise LoadingFailed."""
    missing = missing_chunks(loaded, count)
    progress(len(loaded.chunks) * CHUNK)
    if not missing:
        return
    async with AsyncExitStack() as stack:
        embedded = embedded_of(settings)
        if embedded is not None and len(missing) >= MANY:
            await stack.enter_async_context(room_for_log(embedded))
        await _load(settings, ledger, loaded, missing, progress)
    if owner := owner_url(settings):
        await analyze(owner)
    write_registry(ledger, min(max(loaded.chunks) + 1, KNOWN_TO_REGISTRY))


async def _load(settings: Settings, ledger: Ledger, loaded: Loaded, missing: list[int], progress: Progress) -> None:
    def done(chunks: list[int]) -> None:
        loaded.chunks.update(chunks)
        ledger.keep(loaded)
        progress(len(loaded.chunks) * CHUNK)

    loaders = (os.cpu_count() or 1) + (len(missing) >= MANY)  # one more works while another waits for the disk
    batches = batches_of(missing, loaders)
    waiting = iter(batches)
    async with asyncio.TaskGroup() as group:
        for _ in range(min(loaders, len(batches))):
            group.create_task(_run(settings, waiting, done))


def write_registry(ledger: Ledger, chunks: int) -> None:
    """Tell the registry simulator who these residents are."""
    lines = [
        msgspec.json.encode({"number": one.documents[0].number, "name": one.name})
        for chunk in range(chunks)
        for one in registrations(chunk * CHUNK, CHUNK)
        if one.documents[0].resident
    ]
    ledger.write(ledger.registry_file, b"\n".join(lines) + b"\n")


async def _run(settings: Settings, waiting: Iterator[list[int]], done: Callable[[list[int]], None]) -> None:
    """Have one process load batch after batch; it says each as it commits."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m"),
        "healthcloud.server.demonstration.loader",
        str(os.getpid()),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env=os.environ | {"HEALTHCLOUD_VAR": str(settings.var.absolute())},
    )
    if process.stdin is None or process.stdout is None:
        raise LoadingFailed
    try:
        for batch in waiting:
            process.stdin.write(msgspec.json.encode(batch) + b"\n")
            if not await process.stdout.readline():
                break
            done(batch)
        process.stdin.close()
        if await process.wait() != 0:
            raise LoadingFailed
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()
