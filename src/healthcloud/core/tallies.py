"""
Tallies: what hot paths count, kept in plain numbers and written to the metrics twice a second.

A metric that several processes share costs 1 to 2 µs each time it is touched; a tally a tenth of that. They belong to
the process's one event loop, like the paths that use them.
"""

import asyncio
from bisect import bisect_left
from collections.abc import Callable

from prometheus_client import Counter, Histogram

from healthcloud.core.metrics import SECONDS

WRITE_SECONDS = 0.5


class _Writing:
    """The timer that writes every tally counted since it last did."""

    def __init__(self) -> None:
        self._counted: list[Callable[[], None]] = []
        self._loop: asyncio.AbstractEventLoop | None = None

    def soon(self, write: Callable[[], None]) -> None:
        """Have this called within half a second."""
        self._counted.append(write)
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            self._loop = loop
            loop.call_later(WRITE_SECONDS, self.now)

    def now(self) -> None:
        """Write all of them."""
        self._loop = None
        counted, self._counted = self._counted, []
        for write in counted:
            write()


_writing = _Writing()
write_tallies = _writing.now


class Tally:
    """Counts for one counter."""

    __slots__ = ("_count", "_counter")

    def __init__(self, counter: Counter) -> None:
        self._counter = counter
        self._count = 0

    def inc(self, by: int = 1) -> None:
        """Count."""
        if not self._count:
            _writing.soon(self._write)
        self._count += by

    def _write(self) -> None:
        count, self._count = self._count, 0
        self._counter.inc(count)


class TimeTally:
    """Counts for one histogram of seconds."""

    __slots__ = ("_buckets", "_histogram", "_seconds")

    def __init__(self, histogram: Histogram) -> None:
        self._histogram = histogram
        self._seconds = 0.0
        self._buckets = [0] * (len(SECONDS) + 1)

    def observe(self, seconds: float) -> None:
        """Count one that took so long."""
        if not self._seconds:
            _writing.soon(self._write)
        self._seconds += seconds
        self._buckets[bisect_left(SECONDS, seconds)] += 1

    def _write(self) -> None:
        seconds, buckets = self._seconds, self._buckets
        self._seconds, self._buckets = 0.0, [0] * len(buckets)
        # prometheus-client has no way to observe many at once; a test holds that this is what observe() does.
        self._histogram._sum.inc(seconds)  # noqa: SLF001 - see above
        for bucket, count in zip(self._histogram._buckets, buckets, strict=True):  # noqa: SLF001 - see above
            if count:
                bucket.inc(count)
