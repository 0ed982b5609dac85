"""Having processes build the index range by range; whoever is stopped goes on with the persons who are missing."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from uuid import UUID

import msgspec

from healthcloud import index
from healthcloud.core.postgres import analyze, room_for_log
from healthcloud.core.settings import Settings
from healthcloud.server.composition import City
from healthcloud.server.errors import LoadingFailed
from healthcloud.server.indexing.ranges import build_range
from healthcloud.server.storage import embedded_of, owner_url

MOST_BUILDERS = 4  # beyond them builders wait for each other at the ends of the same tables
MANY = 100_000  # persons, from which on the server is asked for room
_FIRST = UUID(int=0)

Progress = Callable[[int], None]


async def index_persons(city: City, persons: int, progress: Progress) -> int:
    """
    Index every one of so many persons who is not yet; `progress` hears of persons looked at.

    Return how many were added.
    """
    done = _Done(progress)
    many = persons >= MANY
    async with AsyncExitStack() as stack:
        embedded = embedded_of(city.settings)
        if embedded is not None and many:
            await stack.enter_async_context(room_for_log(embedded))
        # One more works while another waits for the disk.
        await _build(city, min(os.cpu_count() or 1, MOST_BUILDERS) + many, done)
    owner = owner_url(city.settings)
    if owner is not None and done.added:
        await analyze(owner)
    return done.added


async def _build(city: City, builders: int, done: "_Done") -> None:
    ranges = _ranges(city)
    taking = asyncio.Lock()
    async with asyncio.TaskGroup() as group:
        for _ in range(builders):
            group.create_task(_run(city.settings, ranges, taking, done))


async def index_here(city: City) -> None:
    """Do the same in this process, for a city so small that starting others would take longer."""
    async for after, upto in _ranges(city):
        await build_range(city, after, upto)


class _Done:
    """What has been done so far."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._seen = 0
        self.added = 0

    def add(self, seen: int, added: int) -> None:
        """Count a range."""
        self._seen += seen
        self.added += added
        self._progress(self._seen)


async def _ranges(city: City) -> AsyncIterator[tuple[UUID, UUID]]:
    after = _FIRST
    while True:
        async with city.database.read() as read:
            upto = await index.building.next_range(read, after)
        if upto is None:
            return
        yield after, upto
        after = upto


async def _run(settings: Settings, ranges: AsyncIterator[tuple[UUID, UUID]], taking: asyncio.Lock, done: _Done) -> None:
    """Have one process build range after range; it says each as it commits."""
    process: asyncio.subprocess.Process | None = None
    try:
        while True:
            async with taking:
                wanted = await anext(ranges, None)
            if wanted is None:
                break
            process = process or await _start(settings)
            done.add(*await _ask(process, wanted))
        if process is not None and process.stdin is not None:
            process.stdin.close()
            if await process.wait() != 0:
                raise LoadingFailed
    finally:
        if process is not None and process.returncode is None:
            process.terminate()
            await process.wait()


async def _ask(process: asyncio.subprocess.Process, wanted: tuple[UUID, UUID]) -> tuple[int, int]:
    if process.stdin is None or process.stdout is None:
        raise LoadingFailed
    process.stdin.write(msgspec.json.encode(wanted) + b"\n")
    answer = await process.stdout.readline()
    if not answer:
        raise LoadingFailed
    return msgspec.json.decode(answer, type=tuple[int, int])


async def _start(settings: Settings) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m"),
        "healthcloud.server.indexing.builder",
        str(os.getpid()),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env=os.environ | {"HEALTHCLOUD_VAR": str(settings.var.absolute())},
    )
