r"""
A population registry over HTTP: JSON signed both ways.

`POST /v1/check {"name", "kind", "number"}` with `X-App-Id`, `X-Timestamp`, `X-Nonce` and `X-Signature`, the hex
HMAC-SHA-256 over `METHOD\nPATH\nTIMESTAMP\nNONCE\nhex(SHA-256(body))\n`. The answer `{"verdict"}` carries
`X-Signature` over `STATUS\nNONCE\nhex(SHA-256(body))\n`, so that nobody between the two can turn a no into a yes.
"""

import hashlib
import hmac
import secrets
from time import monotonic
from typing import Self

import httpx
import msgspec

from healthcloud.core.clock import REAL_CLOCK, Clock
from healthcloud.people.errors import RegistryUnavailable
from healthcloud.people.registry.ports import Claim, Verdict

PATH = "/v1/check"
SIMULATOR = "X-Simulator"
FAILURES_TO_PAUSE, PAUSE_SECONDS = 3, 10.0


class _Answer(msgspec.Struct, frozen=True):
    verdict: Verdict


class HttpRegistry:
    """
    `PopulationRegistry` over HTTP; keeps its connections. Simulators are refused unless `allow_simulator`.

    After three failures in a row nobody is made to wait for it for ten seconds: a counter must go on working.
    """

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
        self._failures = 0
        self._paused_until = 0.0
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

    async def check(self, claim: Claim) -> Verdict:
        """Ask; see PopulationRegistry."""
        if monotonic() < self._paused_until:
            raise RegistryUnavailable("paused after failures")
        try:
            verdict = await self._ask(claim)
        except RegistryUnavailable:
            self._failures += 1
            if self._failures >= FAILURES_TO_PAUSE:
                self._paused_until = monotonic() + PAUSE_SECONDS
            raise
        self._failures = 0
        return verdict

    async def _ask(self, claim: Claim) -> Verdict:
        body = msgspec.json.encode({"name": claim.name, "kind": claim.kind, "number": claim.number})
        timestamp, nonce = str(int(self._clock.now().timestamp())), secrets.token_hex(16)
        text = f"POST\n{PATH}\n{timestamp}\n{nonce}\n{hashlib.sha256(body).hexdigest()}\n"
        headers = {
            "Content-Type": "application/json",
            "X-App-Id": self._app_id,
            "X-Timestamp": timestamp,
            "X-Nonce": nonce,
            "X-Signature": self._signature(text),
        }
        try:
            answer = await self._client.post(PATH, content=body, headers=headers)
        except httpx.HTTPError as error:
            raise RegistryUnavailable(type(error).__name__) from None
        if SIMULATOR in answer.headers and not self._allow_simulator:
            raise RegistryUnavailable("a simulator answered")
        if answer.status_code != httpx.codes.OK:
            raise RegistryUnavailable(f"status {answer.status_code}")
        return self._read(answer, nonce)

    def _read(self, answer: httpx.Response, nonce: str) -> Verdict:
        text = f"{answer.status_code}\n{nonce}\n{hashlib.sha256(answer.content).hexdigest()}\n"
        given = answer.headers.get("X-Signature", "")
        if not hmac.compare_digest(self._signature(text).encode(), given.encode()):
            raise RegistryUnavailable("the answer's signature does not fit")
        try:
            return msgspec.json.decode(answer.content, type=_Answer).verdict
        except msgspec.MsgspecError:
            raise RegistryUnavailable("the answer cannot be read") from None

    def _signature(self, text: str) -> str:
        return hmac.digest(self._key, text.encode(), "sha256").hex()
