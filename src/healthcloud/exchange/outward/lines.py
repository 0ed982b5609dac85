"""Lines: of each institution its own connections, its places and its circuit, in this process."""

import random
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

import httpx

from healthcloud.core.clock import Clock
from healthcloud.core.crypto import Vault
from healthcloud.core.metrics import counter, histogram
from healthcloud.exchange.outward.breaker import CLOSED, Breaker
from healthcloud.exchange.outward.bulkheads import Bulkheads
from healthcloud.exchange.outward.endpoints.model import Endpoint, Terms, secret_row
from healthcloud.exchange.outward.purposes import SECRET
from healthcloud.exchange.outward.wire import Attempt, Outcome, Parcel, hand_over

ATTEMPTS = counter("healthcloud_outward_attempts", "Requests to institutions' systems, by outcome.", "kind", "outcome")
SECONDS = histogram("healthcloud_outward_seconds", "Time of a request to an institution's system.", "outcome")
LONGEST_SECONDS = 30.0  # of one read; each request has its own, shorter limit

# What is put around the connections to an institution, as a sandbox does to break them on purpose.
Around: TypeAlias = Callable[[UUID, httpx.AsyncBaseTransport], httpx.AsyncBaseTransport]


@dataclass(frozen=True, slots=True)
class Turned:
    """How an attempt ended, and whether the institution's circuit opened or closed by it."""

    attempt: Attempt
    breaker: Breaker
    has_turned: bool


class Lines:
    """What this process has towards each institution; nothing is shared between two of them."""

    def __init__(
        self,
        vault: Vault,
        clock: Clock,
        terms: Terms,
        bulkheads: Bulkheads | None = None,
        around: Around | None = None,
    ) -> None:
        self._vault = vault
        self._clock = clock
        self._terms = terms
        self._around = around
        self._bulkheads = bulkheads or Bulkheads()
        self._clients: dict[UUID, httpx.AsyncClient] = {}
        self._breakers: dict[UUID, Breaker] = {}
        self._trust: ssl.SSLContext | None = None

    async def close(self) -> None:
        """Close every connection."""
        for client in self._clients.values():
            await client.aclose()
        self._clients.clear()

    def breaker(self, institution_id: UUID) -> Breaker:
        """Return an institution's circuit."""
        return self._breakers.get(institution_id, CLOSED)

    def resting(self) -> list[UUID]:
        """Return the institutions to which nothing may go now."""
        now = self._clock.now()
        return [one for one, breaker in self._breakers.items() if breaker.places(now, 1) == 0]

    def know(self, institution_id: UUID, breaker: Breaker) -> None:
        """Take over what another process knew of an institution's circuit."""
        self._breakers[institution_id] = breaker

    def enter(self, endpoint: Endpoint) -> bool:
        """Take a place towards an institution, if its circuit and its bulkhead leave one."""
        most = self.breaker(endpoint.institution_id).places(self._clock.now(), endpoint.in_flight)
        return most > 0 and self._bulkheads.enter(endpoint.institution_id, most)

    def leave(self, endpoint: Endpoint) -> None:
        """Give the place back."""
        self._bulkheads.leave(endpoint.institution_id)

    async def send(self, endpoint: Endpoint, kind: str, message_id: str, body: bytes, *, seconds: float) -> Turned:
        """Send a body from the place that was taken, and judge the circuit by how that ended."""
        secret = self._vault.open(SECRET, secret_row(endpoint.institution_id, endpoint.key_id), endpoint.secret_sealed)
        parcel = Parcel(endpoint, secret, message_id, body)
        client, clock = self._client(endpoint), self._clock
        began = time.perf_counter()
        attempt = await hand_over(
            client, parcel, seconds=seconds, clock=clock, allow_simulator=not self._terms.production
        )
        SECONDS.labels(attempt.outcome).observe(time.perf_counter() - began)
        ATTEMPTS.labels(kind, attempt.outcome).inc()
        return self._judge(endpoint.institution_id, attempt)

    def _judge(self, institution_id: UUID, attempt: Attempt) -> Turned:
        before = self.breaker(institution_id)
        if attempt.outcome is Outcome.FAILED:
            # Jitter only spreads retries; nothing secret hangs on it.
            after = before.failed(self._clock.now(), random.random())  # noqa: S311
            self._breakers[institution_id] = after
        else:
            after = before.succeeded()
            self._breakers.pop(institution_id, None)
        return Turned(attempt, after, before.open_until != after.open_until)

    def _client(self, endpoint: Endpoint) -> httpx.AsyncClient:
        known = self._clients.get(endpoint.institution_id)
        if known is None:
            # Reading the world's authorities takes 20 ms: once, and not before something goes out.
            self._trust = self._trust or ssl.create_default_context()
            way: httpx.AsyncBaseTransport = httpx.AsyncHTTPTransport(verify=self._trust, trust_env=False)
            if self._around is not None:
                way = self._around(endpoint.institution_id, way)
            known = self._clients[endpoint.institution_id] = httpx.AsyncClient(
                transport=way, timeout=LONGEST_SECONDS, follow_redirects=False, trust_env=False
            )
        return known
