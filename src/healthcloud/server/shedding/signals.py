"""
How full this process is: one number, 1 where it can bear no more.

It is the largest of four shares: requests in flight, the standing lag of the event loop, scans that wait for a batch,
and how long somebody has waited for a connection of the pool.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

TICK_SECONDS = 0.05
# A pause of the collector or one big batch passes; what has stood for so many ticks is a queue.
STANDING_TICKS = 3


@dataclass(frozen=True, slots=True)
class Limits:
    """What one process can bear."""

    in_flight: int
    lag_seconds: float = 0.2
    wait_seconds: float = 0.5


class Lag:
    """How late the event loop is: the least of the last few measurements, so that only what stands is seen."""

    def __init__(self) -> None:
        self._late: deque[float] = deque([0.0] * STANDING_TICKS, maxlen=STANDING_TICKS)
        self._timer: asyncio.TimerHandle | None = None
        self._due = 0.0

    def start(self) -> None:
        """Measure from now on, on the running loop."""
        loop = asyncio.get_running_loop()
        self._due = time.monotonic() + TICK_SECONDS
        self._timer = loop.call_later(TICK_SECONDS, self._tick)

    def stop(self) -> None:
        """Measure no more."""
        if self._timer is not None:
            self._timer.cancel()

    @property
    def seconds(self) -> float:
        """The standing lag."""
        return min(self._late)

    def _tick(self) -> None:
        self._late.append(max(time.monotonic() - self._due, 0.0))
        self.start()


@dataclass(slots=True)
class Signals:
    """Where the four numbers come from."""

    limits: Limits
    lag: Lag
    longest_wait: Callable[[], float]
    scans_waiting: Callable[[], float]  # 0 to 1, of the places there are
    in_flight: int = 0

    def pressure(self) -> float:
        """Return how full this process is."""
        limits = self.limits
        return max(
            self.in_flight / limits.in_flight,
            self.lag.seconds / limits.lag_seconds,
            self.longest_wait() / limits.wait_seconds,
            self.scans_waiting(),
        )
