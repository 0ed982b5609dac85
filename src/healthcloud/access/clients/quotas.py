"""How many requests a second a client may sign: a bucket for each client of this process (decision 0011)."""

import math
from collections.abc import Callable
from uuid import UUID
from weakref import WeakValueDictionary

from healthcloud.access.clients.errors import QuotaExceeded


class Bucket:
    """One client's requests: it holds one second's quota, and this process's share of the quota flows in evenly."""

    __slots__ = ("__weakref__", "_filled_at", "_left", "_quota", "_share")

    def __init__(self, quota: int, workers: int, now: float) -> None:
        """Start full; `now` is in seconds of a clock that never goes back."""
        self._quota = self._left = float(quota)
        self._share = quota / workers
        self._filled_at = now

    def take(self, now: float) -> None:
        """Take one request out; raise QuotaExceeded when there is none, which itself costs nothing."""
        left = min(self._left + (now - self._filled_at) * self._share, self._quota)
        self._filled_at = now
        if left < 1.0:
            self._left = left
            wait = math.ceil((1.0 - left) / self._share)
            raise QuotaExceeded(retry_after=wait, quota_per_second=int(self._quota))
        self._left = left - 1.0

    def change(self, quota: int, workers: int) -> None:
        """Hold to another quota from now on."""
        self._quota, self._share = float(quota), quota / workers


class Buckets:
    """The buckets of one process; one is kept as long as a key of its client is."""

    def __init__(self, workers: int, monotonic: Callable[[], float]) -> None:
        self._workers = workers
        self._monotonic = monotonic
        self._of_client: WeakValueDictionary[UUID, Bucket] = WeakValueDictionary()

    def bucket(self, client_id: UUID, quota: int) -> Bucket:
        """Return a client's bucket, holding to the quota it has now."""
        found = self._of_client.get(client_id)
        if found is None:
            found = self._of_client[client_id] = Bucket(quota, self._workers, self._monotonic())
        else:
            found.change(quota, self._workers)
        return found
