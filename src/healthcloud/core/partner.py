r"""
Another party's API over HTTP: signed JSON, in the shape the mainland's aggregators and bureaus share.

A request carries `X-App-Id`, `X-Timestamp`, `X-Nonce` and `X-Signature`, the hex HMAC-SHA-256 over
`METHOD\nPATH\nTIMESTAMP\nNONCE\nhex(SHA-256(body))\n`. A partner that signs too puts into the answer's `X-Signature`
the same over `STATUS\nNONCE\nhex(SHA-256(body))\n`, so that nobody between the two can turn a no into a yes.
"""

import hashlib
import hmac
import secrets
from typing import NamedTuple, Self

import httpx
import msgspec

from healthcloud.core.clock import REAL_CLOCK, Clock

SIMULATOR = "X-Simulator"


class PartnerAway(Exception):
    """No answer came, or a simulator's where none may answer; says which, without what was sent."""


class PartnerAnswer(NamedTuple):
    """What came back; `signed` when its signature is the partner's over this answer to this request."""

    status: int
    content: bytes
    signed: bool


class Partner:
    """A partner's client that keeps its connections; simulators are refused unless `allow_simulator`."""

    def __init__(
        self,
        url: str,
        *,
        app_id: str,
        key: str,
        timeout_seconds: float = 5,
        allow_simulator: bool = False,
        clock: Clock = REAL_CLOCK,
    ) -> None:
        self._app_id = app_id
        self._key = key.encode()
        self._allow_simulator = allow_simulator
        self._clock = clock
        self._client = httpx.AsyncClient(base_url=url, timeout=timeout_seconds, follow_redirects=False, trust_env=False)

    async def __aenter__(self) -> Self:
        """Use it within a block that closes it."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close its connections."""
        await self.close()

    async def close(self) -> None:
        """Close its connections."""
        await self._client.aclose()

    async def post(self, path: str, wish: object) -> PartnerAnswer:
        """Send one signed request and return its answer, whatever its status; raise PartnerAway."""
        body = msgspec.json.encode(wish)
        timestamp, nonce = str(int(self._clock.now().timestamp())), secrets.token_hex(16)
        headers = {
            "Content-Type": "application/json",
            "X-App-Id": self._app_id,
            "X-Timestamp": timestamp,
            "X-Nonce": nonce,
            "X-Signature": self._signature("POST", path, timestamp, nonce, _digest(body)),
        }
        try:
            answer = await self._client.post(path, content=body, headers=headers)
        except httpx.HTTPError as error:
            raise PartnerAway(type(error).__name__) from None
        if SIMULATOR in answer.headers and not self._allow_simulator:
            raise PartnerAway("a simulator answered")
        right = self._signature(str(answer.status_code), nonce, _digest(answer.content))
        signed = hmac.compare_digest(right.encode(), answer.headers.get("X-Signature", "").encode())
        return PartnerAnswer(answer.status_code, answer.content, signed)

    def _signature(self, *lines: str) -> str:
        return hmac.digest(self._key, "".join(f"{line}\n" for line in lines).encode(), "sha256").hex()


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
