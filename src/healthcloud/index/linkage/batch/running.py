"""Running a batch in a process of its own, which alone imports splink and its engine."""

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from enum import StrEnum
from importlib.util import find_spec

import msgspec

from healthcloud.index.linkage.batch.job import Found, Job
from healthcloud.index.linkage.errors import LinkageFailed, LinkageMissing

_TOLD = 300  # characters of what the process said at its end
_OURS = "HEALTHCLOUD_"
_ERROR = re.compile(r"[\w.]+(Error|Exception)\b")


class EngineName(StrEnum):
    """Where splink works."""

    DUCKDB = "duckdb"
    SPARK = "spark"


_PACKAGES = {EngineName.DUCKDB: ("splink", "duckdb"), EngineName.SPARK: ("splink", "pyspark")}


async def run_batch(engine: EngineName, job: Job, rows: AsyncIterator[bytes]) -> Found:
    """
    Hand a job and its rows to the engine's process and return what it found.

    The process gets no setting of ours, so no key and no address of a database. Raises LinkageMissing, LinkageFailed.
    """
    check_installed(engine)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m"),
        f"healthcloud.index.linkage.batch.on_{engine}",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={name: value for name, value in os.environ.items() if not name.startswith(_OURS)},
    )
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(_tell(process, job, rows))
            answer, said = group.create_task(_read(process.stdout)), group.create_task(_read(process.stderr))
        if await process.wait() != 0:
            raise LinkageFailed(_why(said.result()))
        return msgspec.json.decode(answer.result(), type=Found)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def check_installed(engine: EngineName) -> None:
    """Raise LinkageMissing unless the packages this engine needs can be found; none is imported."""
    if any(find_spec(package) is None for package in _PACKAGES[engine]):
        raise LinkageMissing


async def _tell(process: asyncio.subprocess.Process, job: Job, rows: AsyncIterator[bytes]) -> None:
    told = process.stdin
    if told is None:
        raise LinkageFailed
    with suppress(ConnectionError):  # it ended early; its exit code says why
        told.write(msgspec.json.encode(job) + b"\n")
        async for portion in rows:
            told.write(portion)
            await told.drain()
        told.close()
        await told.wait_closed()


async def _read(stream: asyncio.StreamReader | None) -> bytes:
    return b"" if stream is None else await stream.read()


def _why(said: bytes) -> str:
    """Return what the process says it ended of: the first of its errors, else its last line."""
    lines = said.decode(errors="replace").strip().splitlines()
    errors = [line for line in lines if _ERROR.match(line)]
    return (errors or lines[-1:] or ["without a word"])[0][:_TOLD]
