"""
Gathering: concurrent requests of one kind become one statement, one round trip, one fsync.

One batch is in flight per gatherer. What arrives meanwhile is the next batch; no timer, so a lone request waits for
nobody. What is asked must be idempotent by its key: a batch is repeated as a whole when the database breaks off, and an
asker who was told Unavailable may find the thing done.
"""

import asyncio
import random
from collections import deque
from collections.abc import Awaitable, Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

import structlog

from healthcloud.core.db_errors import is_retryable
from healthcloud.core.errors import OutcomeUnknown, Problem, Unavailable

Ask = TypeVar("Ask")
Answer = TypeVar("Answer")

_log = structlog.get_logger("healthcloud.gatherer")

FIRST_PAUSE, LONGEST_PAUSE = 0.01, 0.5
# One bad row among 256 is found in 8 failing runs; four of them, or one broken statement, must not cost hundreds.
MOST_FAILURES = 40
# A lock, or a statement, took too long: no fault of the ask.
BUSY = ("55P03", "57014")
TICKS_PER_LIMIT = 20


class Key(Hashable, Protocol):
    """What tells two asks apart and puts them in the order in which every batch takes its locks."""

    def __lt__(self, other: Any, /) -> bool:
        """Tell whether this key comes first."""
        ...


@dataclass(slots=True)
class GathererCounts:
    """What a gatherer has done since it was made, for metrics."""

    asked: int = 0
    refused: int = 0
    expired: int = 0
    failed: int = 0
    batches: int = 0
    retried: int = 0
    divided: int = 0


class _Asked(Generic[Ask, Answer]):
    """One ask and who waits for it."""

    __slots__ = ("deadline", "future", "item", "key")

    def __init__(self, item: Ask, key: Key, future: "asyncio.Future[Answer]", deadline: float) -> None:
        self.item = item
        self.key = key
        self.future = future
        self.deadline = deadline


class Gatherer(Generic[Ask, Answer]):
    """
    Gathers asks into batches.

    `run_batch` gets asks with different keys in the order of their keys and returns their answers in that order, all
    in one transaction. At most `limit_queue` asks wait, at most `limit_client` of one client wait or are being done;
    beyond that, and after `time_limit` seconds, an asker gets
    Unavailable (OutcomeUnknown where his ask may be done nevertheless). A second ask with a key that is being done
    waits for the next batch, so that it sees what the first one did.
    """

    def __init__(
        self,
        run_batch: Callable[[Sequence[Ask]], Awaitable[Sequence[Answer]]],
        *,
        key: Callable[[Ask], Key],
        limit_queue: int = 2_000,
        limit_batch: int = 256,
        limit_client: int = 1_000,
        time_limit: float = 5.0,
    ) -> None:
        self.counts = GathererCounts()
        self._run_batch = run_batch
        self._key = key
        self._limit_queue = limit_queue
        self._limit_batch = limit_batch
        self._limit_client = limit_client
        self._time_limit = time_limit
        self._waiting: deque[_Asked[Ask, Answer]] = deque()
        self._batch: list[_Asked[Ask, Answer]] = []
        self._clients: dict[Hashable, int] = {}
        self._task: asyncio.Task[None] | None = None
        self._sweep: asyncio.TimerHandle | None = None
        self._closing = False

    @property
    def depth(self) -> int:
        """How many asks wait for a batch."""
        return len(self._waiting)

    @property
    def is_full(self) -> bool:
        """Whether whoever asks now is refused."""
        return self._closing or len(self._waiting) >= self._limit_queue

    async def ask(self, item: Ask, client: Hashable = None) -> Answer:
        """
        Return the answer to one ask; raise what is wrong with this ask alone, or Unavailable.

        An asker who is cancelled leaves; what he asked may still be done.
        """
        clients, mine = self._clients, self._clients.get(client, 0)
        if self.is_full or mine >= self._limit_client:
            self.counts.refused += 1
            raise Unavailable(retry_after=1)
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Answer] = loop.create_future()
        self._waiting.append(_Asked(item, self._key(item), future, loop.time() + self._time_limit))
        clients[client] = mine + 1
        self.counts.asked += 1
        if self._task is None:
            self._task = loop.create_task(self._work())
        if self._sweep is None:
            self._sweep = loop.call_later(self._time_limit / TICKS_PER_LIMIT, self._expire)
        try:
            return await future
        finally:
            if clients[client] == 1:
                del clients[client]
            else:
                clients[client] -= 1

    async def close(self) -> None:
        """Take no more asks, do those that wait, and return; what is not done in `time_limit` gets Unavailable."""
        self._closing = True
        if self._task is not None:
            await asyncio.wait((self._task,), timeout=self._time_limit)
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait((self._task,))
        if self._sweep is not None:
            self._sweep.cancel()
            self._sweep = None

    async def _work(self) -> None:
        try:
            while batch := self._next_batch():
                self._batch = batch
                self.counts.batches += 1
                await self._do(batch)
        finally:
            _refuse(self._batch, OutcomeUnknown)
            _refuse(self._waiting, Unavailable)
            self._batch = []
            self._waiting.clear()
            self._task = None

    def _next_batch(self) -> list[_Asked[Ask, Answer]]:
        taken: dict[Key, _Asked[Ask, Answer]] = {}
        twins: list[_Asked[Ask, Answer]] = []
        waiting = self._waiting
        while waiting and len(taken) < self._limit_batch:
            one = waiting.popleft()
            if one.future.done():
                continue
            if one.key in taken:
                twins.append(one)
            else:
                taken[one.key] = one
        waiting.extendleft(reversed(twins))
        return [taken[key] for key in sorted(taken)]

    async def _do(self, batch: list[_Asked[Ask, Answer]]) -> None:
        """Run a batch until each of its asks is answered or given up: again on a lost connection, else by halves."""
        parts, pause, failures = [batch], FIRST_PAUSE, 0
        while parts:
            part = [one for one in parts.pop() if not one.future.done()]
            if not part:
                continue
            try:
                self._answer(part, await self._run_batch([one.item for one in part]))
            except Exception as error:  # noqa: BLE001 - whatever the batch raises belongs to its askers
                if is_retryable(error):
                    self.counts.retried += 1
                    parts.append(part)
                    # Jitter only spreads retries; nothing secret hangs on it.
                    await asyncio.sleep(pause * (0.5 + random.random()))  # noqa: S311
                    pause = min(2 * pause, LONGEST_PAUSE)
                    continue
                failures += 1
                if len(part) == 1 or failures > MOST_FAILURES or isinstance(error, Unavailable):
                    self._fail(part, error)
                else:
                    self.counts.divided += 1
                    half = len(part) // 2
                    parts += [part[half:], part[:half]]

    def _answer(self, part: list[_Asked[Ask, Answer]], answers: Sequence[Answer]) -> None:
        for one, answer in zip(part, answers, strict=True):
            if not one.future.done():
                one.future.set_result(answer)

    def _fail(self, part: list[_Asked[Ask, Answer]], error: Exception) -> None:
        """Give an ask that failed alone its own error; several that failed together are not told one another's."""
        self.counts.failed += len(part)
        if not isinstance(error, Problem):
            _log.error("batch failed", asks=len(part), error=type(error).__name__, exc_info=error)
        if isinstance(error, TimeoutError):
            _refuse(part, OutcomeUnknown)
        elif len(part) > 1 or getattr(error, "sqlstate", None) in BUSY:
            _refuse(part, Unavailable)
        elif not part[0].future.done():
            part[0].future.set_exception(error)

    def _expire(self) -> None:
        """Give up asks older than the time limit; one timer for all of them, late by a twentieth of the limit."""
        loop = asyncio.get_running_loop()
        now, waiting = loop.time(), self._waiting
        late: list[_Asked[Ask, Answer]] = []
        while waiting and waiting[0].deadline <= now:
            late.append(waiting.popleft())
        self.counts.expired += _refuse(late, Unavailable)
        # What is being done may be done nevertheless.
        self.counts.expired += _refuse([one for one in self._batch if one.deadline <= now], OutcomeUnknown)
        if self._task is None:
            self._sweep = None
        else:
            self._sweep = loop.call_later(self._time_limit / TICKS_PER_LIMIT, self._expire)


def _refuse(asks: Iterable[_Asked[Ask, Answer]], problem: type[Unavailable]) -> int:
    """Tell whoever still waits; return how many that were."""
    told = 0
    for one in asks:
        if not one.future.done():
            one.future.set_exception(problem(retry_after=1))
            told += 1
    return told
