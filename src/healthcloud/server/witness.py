"""Evidence: what the edge has seen of our own interface, and what faces hand in, kept by exchange."""

from datetime import datetime

from healthcloud import exchange, fhir, gateway
from healthcloud.core.clock import Clock
from healthcloud.core.http import Seen

# Those that prove something, or without which a body has another meaning.
KEPT_HEADERS = ("authorization", "content-type", "idempotency-key", "if-match")
TARGET = ":target"


class EvidenceWitness:
    """Implements core's Witness; `scans` tells whether scans of our own interface are kept too."""

    def __init__(self, evidence: exchange.Evidence, clock: Clock, *, scans: bool) -> None:
        self._evidence = evidence
        self._clock = clock
        self._scans = scans

    def now(self) -> datetime:
        """Return the time of the city's clock."""
        return self._clock.now()

    async def keep(self, seen: Seen) -> None:
        """Keep a request and its answer; return when they are durable."""
        if seen.is_hot and not self._scans:
            return
        headers = {name: seen.headers[name] for name in KEPT_HEADERS if name in seen.headers}
        headers[TARGET] = seen.target
        await self._evidence.keep(
            exchange.Message(
                face=_face(seen),
                method=f"{seen.method} {seen.path}",
                caller=seen.caller,
                request_id=seen.request_id,
                at=seen.at,
                request=seen.request,
                answer=seen.answer,
                outcome=seen.outcome,
                headers=headers,
            )
        )


def _face(seen: Seen) -> str:
    if seen.is_hot:
        return "scan"
    return "fhir" if seen.path.startswith(fhir.PREFIX) else "api"


class FaceEvidence:
    """Implements gateway's Evidence: what faces keep of their own requests."""

    def __init__(self, evidence: exchange.Evidence) -> None:
        self._evidence = evidence

    async def keep(self, exchanged: gateway.Exchanged) -> None:
        """Keep a request and its answer; return when they are durable."""
        await self._evidence.keep(
            exchange.Message(
                face=exchanged.face,
                method=exchanged.method,
                caller=exchanged.caller,
                request_id=exchanged.request_id,
                at=exchanged.at,
                request=exchanged.request,
                answer=exchanged.answer,
                outcome=exchanged.outcome,
            )
        )
