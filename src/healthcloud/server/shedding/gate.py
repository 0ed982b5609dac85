"""The gate of a process: whom it lets in, and what the others are told, before anything else is done for them."""

from collections.abc import Awaitable, Iterable, Iterator
from functools import cache
from ipaddress import ip_address
from itertools import cycle

from starlette.types import ASGIApp, Receive, Scope, Send

from healthcloud.core.errors import Unavailable
from healthcloud.core.http import Answer
from healthcloud.core.metrics import PROBLEMS, counter
from healthcloud.core.settings import Settings
from healthcloud.core.tallies import Tally
from healthcloud.server.shedding.answers import Told
from healthcloud.server.shedding.order import ORDER, Work, work_of
from healthcloud.server.shedding.signals import Signals

SHED = counter("healthcloud_shed", "Requests refused unheard because the process was too full.", "work")


class Gate:
    """
    Lets requests in by class of work; with `shedding` off everybody, for the control of a drill.

    It belongs to the process's one event loop.
    """

    def __init__(self, signals: Signals, settings: Settings) -> None:
        self.signals = signals
        self._closes = settings.shedding
        self._proxies = tuple(settings.trusted_proxies)
        self._told: dict[str, Iterator[Told]] = {}
        self._counts = {work.name: Tally(SHED.labels(work.name)) for work in ORDER}
        self._problems = Tally(PROBLEMS.labels(Unavailable.code))

    def open(self) -> None:
        """Begin to measure, with every refusal made beforehand."""
        for work in ORDER:
            _told_after(work.retry_after)
        self.signals.lag.start()

    def close(self) -> None:
        """Measure no more."""
        self.signals.lag.stop()

    def is_shut_to(self, work: Work) -> bool:
        """Tell whether this class is refused just now."""
        return self._closes and work.share is not None and self.signals.pressure() >= work.share

    def refusal(self, path: str, headers: Iterable[tuple[bytes, bytes]]) -> Answer | None:
        """Return the answer to a request that is refused, and count it; None for one that is let in."""
        work = work_of(path)
        if not self.is_shut_to(work):
            return None
        self.count(work)
        self._problems.inc()
        if work.name not in self._told:
            self._told[work.name] = cycle(_told_after(work.retry_after))
        return next(self._told[work.name]).answer(path, headers)

    def count(self, work: Work) -> None:
        """Count one that was refused."""
        self._counts[work.name].inc()

    def is_proxy(self, peer: tuple[str, int] | None) -> bool:
        """Tell whether this peer carries requests of many: a trusted proxy, or one on a socket file."""
        return peer is None or any(ip_address(peer[0]) in network for network in self._proxies)

    async def within(self, answering: Awaitable[Answer]) -> Answer:
        """Count what is being answered as in flight."""
        self.signals.in_flight += 1
        try:
            return await answering
        finally:
            self.signals.in_flight -= 1

    def counted(self, app: ASGIApp, path: str) -> ASGIApp:
        """Count a request as in flight from now until it is answered; return what answers it."""
        if not work_of(path).counts:
            return app
        self.signals.in_flight += 1

        async def answering(scope: Scope, receive: Receive, send: Send) -> None:
            try:
                await app(scope, receive, send)
            finally:
                self.signals.in_flight -= 1

        return answering


@cache
def _told_after(seconds: range) -> tuple[Told, ...]:
    return tuple(Told(each) for each in seconds)
