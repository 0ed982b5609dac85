"""The runner: everything behind the requests, as one group of tasks in one process of as many machines as there are."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

import structlog

from healthcloud.core.background.follower import Follower
from healthcloud.core.background.model import sanitized
from healthcloud.core.background.relay import outbox_follower
from healthcloud.core.background.schedule import Scheduler
from healthcloud.core.background.wiring import SHORTEST_RECURRENCE, Sole, Wiring
from healthcloud.core.background.worker import InsideWorker, OutsideWorker
from healthcloud.core.db import Database
from healthcloud.core.ids import new_id
from healthcloud.core.leases import LASTS, Lease

_log = structlog.get_logger("healthcloud.runner")

SHORTEST_PAUSE, LONGEST_PAUSE_AFTER_ERRORS, LONGEST_REST = 0.05, 5.0, 5.0


@dataclass(slots=True)
class _Loop:
    """One thing done again and again: at once while there is work, then less and less often."""

    name: str
    step: Callable[[], Awaitable[int]]
    every: float | None = None  # None: as soon as there is work
    rests: float = 0.0
    woken: asyncio.Event = field(default_factory=asyncio.Event)


class Runner:
    """
    Relays, works, schedules and follows until told to stop.

    Run one per machine, or several: workers and followers share rows, and what must be done by one alone is leased.
    An idle loop looks again after `longest_pause` seconds; a machine that dies is followed after `lease_lasts`.
    """

    def __init__(
        self,
        database: Database,
        wiring: Wiring,
        *,
        holder: UUID | None = None,
        inside_workers: int = 2,
        outside_workers: int = 2,
        grace_seconds: float = 10.0,
        longest_pause: float = 0.2,
        lease_lasts: timedelta = LASTS,
    ) -> None:
        self._database = database
        self._holder = holder or new_id()
        self._grace_seconds = grace_seconds
        self._longest_pause = longest_pause
        self._lease_lasts = lease_lasts
        self._stopping = asyncio.Event()
        kinds = list(wiring.kinds().values())
        self._relay = _Loop("core.outbox", Follower(database, outbox_follower(wiring)).step)
        self._inside = [_Loop("core.jobs", InsideWorker(database, kinds).step) for _ in range(inside_workers)]
        self._outside = [_Loop("core.jobs", OutsideWorker(database, kinds).step) for _ in range(outside_workers)]
        self._followers = [_Loop(spec.name, Follower(database, spec).step) for spec in wiring.followers]
        self._scheduler = Sole("core.scheduler", SHORTEST_RECURRENCE, Scheduler(wiring.recurring).step)
        self._soles = [self._scheduler, *wiring.soles]

    async def run(self) -> None:
        """Run until `stop`; each loop then ends what it is doing, or is cancelled when its grace is over."""
        leases = [Lease(self._database, sole.name, self._holder, lasts=self._lease_lasts) for sole in self._soles]
        loops = [
            *(self._relay, *self._inside, *self._outside, *self._followers),
            *(_renewal(sole, lease) for sole, lease in zip(self._soles, leases, strict=True)),
            *(self._leased(sole, lease) for sole, lease in zip(self._soles, leases, strict=True)),
        ]
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._repeat(loop), name=loop.name) for loop in loops]
            await self._stopping.wait()
            for loop in loops:
                loop.woken.set()
            _, late = await asyncio.wait(tasks, timeout=self._grace_seconds)
            for task in late:
                task.cancel()
        for lease in leases:
            # A database that is gone cannot be told; the lease runs out by itself.
            with suppress(Exception):
                await lease.release()

    def stop(self) -> None:
        """Have `run` end: nothing new is begun."""
        self._stopping.set()

    def wake(self) -> None:
        """Look for work at once: this process has just announced or enqueued something."""
        for loop in (self._relay, *self._inside, *self._outside, *self._followers):
            loop.woken.set()

    async def settle(self) -> int:
        """Do everything that is due, one thing after the other, until nothing is; return how much that was."""
        total = 0
        while done := sum(
            [await loop.step() for loop in (self._relay, *self._followers, *self._inside, *self._outside)]
        ):
            total += done
        return total

    def _leased(self, sole: Sole, lease: Lease) -> _Loop:
        async def step() -> int:
            return await sole.step(self._database, lease) if lease.held else 0

        every = sole.every.total_seconds()
        return _Loop(sole.name, step, every, sole.rests)

    async def _repeat(self, loop: _Loop) -> None:
        shortest, longest = (loop.every, loop.every) if loop.every else (SHORTEST_PAUSE, self._longest_pause)
        pause, failures = shortest, 0
        while not self._stopping.is_set():
            began = time.monotonic()
            try:
                done = await loop.step()
            except Exception as error:  # noqa: BLE001 - a loop outlives what goes wrong in it
                failures += 1
                pause = min(shortest * 2.0 ** min(failures, 10), LONGEST_PAUSE_AFTER_ERRORS)
                _log.warning("background step failed", loop=loop.name, failures=failures, error=sanitized(error))
            else:
                failures = 0
                rest = min(loop.rests * (time.monotonic() - began), LONGEST_REST)
                pause = max(shortest, rest) if done else min(pause * 1.5, longest)
                if done and loop.every is None:
                    self._pass_on(loop)
                    continue
            await self._rest(loop, pause)

    def _pass_on(self, loop: _Loop) -> None:
        if loop is self._relay:
            for worker in (*self._inside, *self._outside):
                worker.woken.set()

    async def _rest(self, loop: _Loop, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await loop.woken.wait()
        if not self._stopping.is_set():
            loop.woken.clear()


def _renewal(sole: Sole, lease: Lease) -> _Loop:
    async def renew() -> int:
        return int(await lease.take())

    every = lease.renew_every.total_seconds()
    return _Loop(f"{sole.name} lease", renew, every)
