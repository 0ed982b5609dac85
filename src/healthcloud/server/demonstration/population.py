"""
Filling the city with residents who have cards: by COPY, in chunks of a thousand, by a process for each processor.

A chunk is one transaction, persons and cards together; whoever is stopped goes on with the chunks that are missing.
"""

import asyncio
import os
import sys
from collections.abc import Callable

import msgspec

from healthcloud.server.demonstration.ledger import Ledger, Loaded
from healthcloud.server.demonstration.residents import registrations
from healthcloud.server.errors import LoadingFailed

CHUNK = 1000
Progress = Callable[[int], None]


def missing_chunks(loaded: Loaded, count: int) -> list[int]:
    """Return which chunks are still to be loaded until there are so many residents, counted in whole chunks."""
    return [chunk for chunk in range((count + CHUNK - 1) // CHUNK) if chunk not in loaded.chunks]


async def fill(ledger: Ledger, loaded: Loaded, count: int, progress: Progress) -> None:
    """Load what is missing; `progress` hears of residents there are. Raise LoadingFailed."""
    missing = missing_chunks(loaded, count)
    progress(len(loaded.chunks) * CHUNK)
    if not missing:
        return
    loaders = min(os.cpu_count() or 1, len(missing))
    shares = [missing[n::loaders] for n in range(loaders)]

    def done(chunk: int) -> None:
        loaded.chunks.add(chunk)
        ledger.keep(loaded)
        progress(len(loaded.chunks) * CHUNK)

    async with asyncio.TaskGroup() as group:
        for share in shares:
            group.create_task(_run(share, done))
    write_registry(ledger, max(loaded.chunks) + 1)


def write_registry(ledger: Ledger, chunks: int) -> None:
    """Tell the registry simulator who these residents are."""
    lines = [
        msgspec.json.encode({"number": one.documents[0].number, "name": one.name})
        for chunk in range(chunks)
        for one in registrations(chunk * CHUNK, CHUNK)
        if one.documents[0].resident
    ]
    ledger.write(ledger.registry_file, b"\n".join(lines) + b"\n")


async def _run(chunks: list[int], done: Callable[[int], None]) -> None:
    """Have one process load these chunks; it says each as it commits."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "healthcloud.server.demonstration.loader",
        str(os.getpid()),
        *map(str, chunks),
        stdout=asyncio.subprocess.PIPE,
    )
    if process.stdout is None:
        raise LoadingFailed
    try:
        async for line in process.stdout:
            done(int(line))
        if await process.wait() != 0:
            raise LoadingFailed
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()
