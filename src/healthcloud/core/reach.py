"""
Whether the database can be reached: a breaker, so that nobody queues before a server that is not there.

Whoever could not connect says so; for a moment everybody else is then told at once, and one at a time tries again.
Nothing runs in the background: who tries is a request, a scan's gatherer or a load balancer that asks /readyz.
"""

import time

PAUSE_SECONDS = 0.25


class Reach:
    """What this process knows of the way to its database."""

    def __init__(self) -> None:
        self._away_since: float | None = None
        self._next_try = 0.0
        self._waiting: dict[object, float] = {}

    def may_try(self) -> bool:
        """Tell whether to try to connect: always while nothing is wrong, else one at a time and seldom."""
        if self._away_since is None:
            return True
        now = time.monotonic()
        if now < self._next_try:
            return False
        self._next_try = now + PAUSE_SECONDS
        return True

    def failed(self) -> None:
        """Note that there was no connecting."""
        now = time.monotonic()
        if self._away_since is None:
            self._away_since = now
        self._next_try = now + PAUSE_SECONDS

    def answered(self) -> None:
        """Note that the server is there."""
        self._away_since = None

    @property
    def away_seconds(self) -> float:
        """For how long the server has been away; 0 while it is there."""
        return 0.0 if self._away_since is None else time.monotonic() - self._away_since

    def waits(self) -> object:
        """Note that somebody waits for a connection; give what this returns to `waited`."""
        token = object()
        self._waiting[token] = time.monotonic()
        return token

    def waited(self, token: object) -> None:
        """Note that this one waits no longer."""
        del self._waiting[token]

    @property
    def longest_wait(self) -> float:
        """Since when, in seconds, the first of those who wait for a connection has waited; 0 where nobody does."""
        first = next(iter(self._waiting.values()), None)
        return 0.0 if first is None else time.monotonic() - first
