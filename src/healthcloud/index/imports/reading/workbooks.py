"""Workbooks, read and written by short-lived processes: neither openpyxl nor a bomb comes into a worker."""

import asyncio
import sys
from collections.abc import AsyncIterable, AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import msgspec

from healthcloud.core.errors import Unavailable
from healthcloud.index.imports.errors import FileUnreadable
from healthcloud.index.imports.table import RawRow, bounded

SECONDS = 600.0
_SCRIPT = Path(__file__).with_name("workbook_process.py")
_BROKEN, _BOMB = 3, 4
_LONGEST_FRAME = 256 << 20
_PIECE = 1 << 16


class SheetRow(msgspec.Struct, array_like=True):
    """A row as the process tells it: places of numbers too long, and of formulas."""

    n: int
    cells: list[str]
    numeric: list[int]
    formulas: list[int]


_ROWS = msgspec.msgpack.Decoder(list[SheetRow])


async def rows_of(pieces: AsyncIterable[bytes]) -> AsyncIterator[list[RawRow]]:
    """Yield the rows of a workbook some hundreds at a time; raise FileUnreadable, Unavailable."""
    async with _process("read") as process, asyncio.timeout(SECONDS):
        feeding = asyncio.create_task(_feed(process, pieces))
        try:
            if await _frame(process) is not None:  # the sheet's name
                while (frame := await _frame(process)) is not None:
                    yield [_raw(row) for row in _ROWS.decode(frame)]
            await feeding
            _judge(await process.wait())
        finally:
            feeding.cancel()


async def workbook_of(rows: AsyncIterable[Sequence[Sequence[str]]]) -> AsyncIterator[bytes]:
    """Yield the bytes of a workbook of these rows; raise Unavailable."""
    async with _process("write") as process, asyncio.timeout(SECONDS):
        feeding = asyncio.create_task(_feed(process, _framed(rows)))
        try:
            while piece := await _out(process).read(_PIECE):
                yield piece
            await feeding
            if await process.wait() != 0:
                raise Unavailable(retry_after=30)
        finally:
            feeding.cancel()


@asynccontextmanager
async def _process(what: str) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", str(_SCRIPT), what),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={"LANG": "C.UTF-8"},
    )
    try:
        yield process
    except TimeoutError:
        raise FileUnreadable.because("takes too long to read", "读取时间过长") from None
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


async def _feed(process: asyncio.subprocess.Process, pieces: AsyncIterable[bytes]) -> None:
    """Hand everything in; a process that reads no more has said why by its end."""
    if process.stdin is None:
        raise RuntimeError
    with suppress(BrokenPipeError, ConnectionResetError):
        async for piece in pieces:
            process.stdin.write(piece)
            await process.stdin.drain()
        process.stdin.close()


async def _framed(rows: AsyncIterable[Sequence[Sequence[str]]]) -> AsyncIterator[bytes]:
    async for some in rows:
        packed = msgspec.msgpack.encode(some)
        yield len(packed).to_bytes(4, "big") + packed


async def _frame(process: asyncio.subprocess.Process) -> bytes | None:
    try:
        length = int.from_bytes(await _out(process).readexactly(4), "big")
        if length > _LONGEST_FRAME:
            raise FileUnreadable.because("has rows too large", "行过大")
        return await _out(process).readexactly(length)
    except asyncio.IncompleteReadError:
        return None


def _out(process: asyncio.subprocess.Process) -> asyncio.StreamReader:
    if process.stdout is None:
        raise RuntimeError
    return process.stdout


def _raw(row: SheetRow) -> RawRow:
    one = bounded(row.n, tuple(row.cells), None)
    return RawRow(one.n, one.cells, one.flaw, tuple(row.numeric), tuple(row.formulas))


def _judge(code: int) -> None:
    if code == _BOMB:
        raise FileUnreadable.because("unpacks to far more than it is", "解压后远大于文件本身，已拒绝")
    if code == _BROKEN:
        raise FileUnreadable.because(
            "is no sound workbook: cut in the middle perhaps, or protected by a password",
            "工作簿不完整：可能传输中断，或设有密码",
        )
    if code != 0:
        raise FileUnreadable.because("needs too much memory or time to read", "读取所需内存或时间过多")
