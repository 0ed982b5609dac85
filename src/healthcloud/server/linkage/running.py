"""One run: a key that lives as long as it does, readers for the processors, and splink's process."""

import asyncio
import os
import secrets
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass

import msgspec

from healthcloud import index
from healthcloud.core.settings import Settings
from healthcloud.server.composition import City

QUESTIONS_AT_MOST = 1_000
LENGTH = 8  # bytes, before each answer of a reader
_WAITING = 4  # portions, before readers wait for splink's process
_FEWEST = 100  # records

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Linked:
    """What a run found, under which live model it began, and how long it took: reading, and all of it, in seconds."""

    live: index.learning.Model
    found: index.linkage.Found
    reading: float
    seconds: float


async def link(city: City, engine: index.linkage.EngineName, sample: int, progress: Progress) -> Linked:
    """
    Run the batch over the whole index; write nothing. `sample` records are paired at random to learn u.

    Raises LinkageMissing, LinkageEmpty, LinkageFailed.
    """
    index.linkage.check_installed(engine)
    began = time.monotonic()
    async with city.database.read() as read:
        live = await index.learning.live_model(read)
    settings = city.settings
    job = index.linkage.job_of(
        live,
        sample=sample,
        most=QUESTIONS_AT_MOST,
        threads=os.cpu_count() or 1,
        memory_mib=settings.linkage_memory_mib,
        master=settings.linkage_spark_master,
    )
    width, read_until = len(job.columns) * 8, began
    count = 0

    async def rows() -> AsyncIterator[bytes]:
        nonlocal read_until, count
        async for portion in _tokens(city):
            count += len(portion) // width
            progress(count)
            yield portion
        if count < _FEWEST:
            raise index.linkage.LinkageEmpty
        read_until = time.monotonic()

    try:
        found = await index.linkage.run_batch(engine, job, rows())
    except ExceptionGroup as several:
        raise several.exceptions[0] from several
    return Linked(live, found, round(read_until - began, 2), round(time.monotonic() - began, 2))


async def _tokens(city: City) -> AsyncIterator[bytes]:
    """Yield rows of tokens as readers make them, in no order."""
    key = secrets.token_bytes(index.linkage.KEY_SIZE)
    ready: asyncio.Queue[bytes | None] = asyncio.Queue(_WAITING)
    stretches = iter([one async for one in index.linkage.stretches(city.database)])

    async def read_all() -> None:
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(os.cpu_count() or 1):
                    group.create_task(_reader(city.settings, key, stretches, ready))
        finally:
            await ready.put(None)

    reading = asyncio.create_task(read_all())
    try:
        while (portion := await ready.get()) is not None:
            yield portion
        await reading
    finally:
        reading.cancel()


async def _reader(
    settings: Settings, key: bytes, stretches: Iterator[index.linkage.Stretch], ready: "asyncio.Queue[bytes | None]"
) -> None:
    """Have one process read stretch after stretch."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m"),
        "healthcloud.server.linkage.reader",
        str(os.getpid()),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env=os.environ | {"HEALTHCLOUD_VAR": str(settings.var.absolute())},
    )
    told, answers = process.stdin, process.stdout
    if told is None or answers is None:
        raise index.linkage.LinkageFailed
    try:
        told.write(key.hex().encode() + b"\n")
        for stretch in stretches:
            told.write(msgspec.json.encode(stretch) + b"\n")
            length = int.from_bytes(await answers.readexactly(LENGTH))
            await ready.put(await answers.readexactly(length))
        told.close()
        if await process.wait() != 0:
            raise index.linkage.LinkageFailed
    except (asyncio.IncompleteReadError, ConnectionError):
        raise index.linkage.LinkageFailed from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
