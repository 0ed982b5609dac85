"""
A crowd: people and machines who want something each, ask again while they are refused, and give up after a while.

Not as many as the server can take, as with wrk, but so many new ones each second, however it fares: as in a real surge.
"""

import asyncio
import random
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import cast

import uvloop

HOST = "127.0.0.1"
SILENCE_SECONDS = 3.0  # nobody looks at a blank page for longer; then they ask again
AGAIN_SECONDS = 3.0
TRIES = 4
_HEAD_END = b"\r\n\r\n"


@dataclass(slots=True)
class Tale:
    """One wish and what became of it: when it came up, how often it was refused or met silence, when it was granted."""

    kind: str
    at: float
    refused: int = 0
    silent: int = 0
    failed: int = 0
    first_ms: float | None = None  # of the answer that granted it
    granted_at: float | None = None


@dataclass(frozen=True, slots=True)
class Phase:
    """So many new wishes a second, for so long."""

    name: str
    per_second: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of wish: its part of all, and the request to send, made anew each time it is tried."""

    name: str
    part: float
    request: Callable[[], bytes]


@dataclass
class Crowd:
    """Half of those refused wait as long as they are told to, the others always three seconds."""

    port: int
    kinds: Sequence[Kind]
    tales: list[Tale] = field(default_factory=list)
    late: float = 0.0  # the most a wish came up later than it should: how far the crowd itself could not follow
    _idle: deque["_Line"] = field(default_factory=deque)
    _random: random.Random = field(default_factory=lambda: random.Random(4))

    async def run(self, phases: Sequence[Phase]) -> None:
        """Let it come and go, until the last tale has ended."""
        going: set[asyncio.Task[None]] = set()
        loop = asyncio.get_running_loop()
        due = loop.time()
        for phase in phases:
            ends = due + phase.seconds
            while due < ends:
                await asyncio.sleep(max(due - loop.time(), 0))
                self.late = max(self.late, loop.time() - due)
                task = asyncio.create_task(self._wish())
                going.add(task)
                task.add_done_callback(going.discard)
                due += 1 / phase.per_second
        while going:
            await asyncio.wait(going)
        for line in self._idle:
            line.close()

    async def _wish(self) -> None:
        kind = self._random.choices(self.kinds, [kind.part for kind in self.kinds])[0]
        waits_as_told = self._random.random() < 0.5
        tale = Tale(kind.name, time.monotonic())
        self.tales.append(tale)
        for _ in range(TRIES):
            request = kind.request()
            sent = time.monotonic()
            status, retry_after = await self._ask(request)
            now = time.monotonic()
            if status is None:
                tale.silent += 1
                continue
            if status < 500:
                tale.granted_at, tale.first_ms = now, (now - sent) * 1000
                tale.failed += status >= 400
                return
            tale.refused += 1
            tale.failed += status != 503
            await asyncio.sleep(retry_after if waits_as_told and retry_after else AGAIN_SECONDS)

    async def _ask(self, request: bytes) -> tuple[int | None, float | None]:
        """Return status and Retry-After; no status where nothing came in time, or the connection ended."""
        line = self._idle.pop() if self._idle else None
        try:
            async with asyncio.timeout(SILENCE_SECONDS):
                if line is None or line.is_closed:
                    _, line = await asyncio.get_running_loop().create_connection(_Line, HOST, self.port)
                answer = await line.ask(request)
        except (OSError, asyncio.CancelledError) as error:
            if line is not None:
                line.close()
            if isinstance(error, OSError):
                return None, None
            raise
        self._idle.append(line)
        return answer


class _Line(asyncio.Protocol):
    """A connection that carries one request at a time; of an answer it reads what we must know."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[tuple[int, float | None]] | None = None
        self._came = b""

    @property
    def is_closed(self) -> bool:
        return self._transport is None or self._transport.is_closing()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's are no subclass of asyncio's.
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(exc or ConnectionResetError())

    async def ask(self, request: bytes) -> tuple[int, float | None]:
        assert self._transport is not None
        self._came, self._answer = b"", asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._answer

    def data_received(self, data: bytes) -> None:
        self._came += data
        end = self._came.find(_HEAD_END)
        if end < 0 or self._answer is None or self._answer.done():
            return
        headers = dict(line.split(b": ", 1) for line in self._came[:end].lower().split(b"\r\n")[1:])
        if len(self._came) - end - len(_HEAD_END) < int(headers.get(b"content-length", 0)):
            return
        told = headers.get(b"retry-after")
        self._answer.set_result((int(self._came[9:12]), None if told is None else float(told)))

    def close(self) -> None:
        if self._transport is not None:
            self._transport.abort()


def let_loose(port: int, kinds: Sequence[Kind], phases: Sequence[Phase]) -> Crowd:
    """Run a crowd on a loop of its own."""
    crowd = Crowd(port, kinds)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(crowd.run(phases))
    return crowd
