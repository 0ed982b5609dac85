"""The reader's time: the machine's, put right by the server's, and never earlier than what is known to have passed."""

import time
from collections.abc import Callable

Read = Callable[[], float]
SLACK = 120
NOTICED = 30


def _ticks() -> float:
    """Seconds that no setting of the clock moves, counted through sleep where the system can."""
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boot is None else time.clock_gettime(boot)


class Clock:
    """
    Tells the time in Unix seconds.

    `offset` is how far the machine's clock was behind the server's when it was last asked; from then on, while this
    process lives, setting the machine's clock changes nothing. `floor` is the latest instant known to have passed.
    """

    def __init__(self, offset: float = 0, *, wall: Read = time.time, ticks: Read = _ticks) -> None:
        self._wall, self._ticks = wall, ticks
        self.offset = offset
        self._began: tuple[float, float] | None = None

    def now(self) -> float:
        """Return the instant."""
        if self._began is None:
            return self._wall() + self.offset
        told, ticks = self._began
        return told + self._ticks() - ticks

    def learn(self, server: float) -> bool:
        """Take the server's time; tell whether the machine's clock is off by more than half a minute."""
        self._began = server, self._ticks()
        off = server - self._wall()
        self.offset = off if abs(off) > NOTICED else 0
        return self.offset != 0

    def is_believable(self, floor: float) -> bool:
        """Tell whether the time is not earlier than what is known to have passed, less two minutes."""
        return self.now() >= floor - SLACK
