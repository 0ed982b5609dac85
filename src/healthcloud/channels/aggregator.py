r"""
The aggregator over HTTP: signed JSON, in the shape the mainland's aggregators share.

`POST /v1/messages` with `X-App-Id`, `X-Timestamp`, `X-Nonce` and `X-Signature`, the hex HMAC-SHA-256 over
`METHOD\nPATH\nTIMESTAMP\nNONCE\nhex(SHA-256(body))\n`. 2xx: taken. 429 and 5xx: later. Any other: never.
"""

import hashlib
import hmac
import secrets
from typing import Self

import httpx
import msgspec

from healthcloud.channels.ports import TextRefused, TextUndelivered
from healthcloud.core.clock import REAL_CLOCK, Clock

PATH = "/v1/messages"
SIMULATOR = "X-Simulator"
_SLOW_DOWN, _BROKEN = 429, 500
_LONGEST_CODE = 60


class SmsAggregator:
    """`SmsSender` over HTTP; keeps its connections. Simulators are refused unless `allow_simulator`."""

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

    async def send(self, phone: str, text: str, reference: str) -> None:
        """Hand one text over; see SmsSender."""
        body = msgspec.json.encode({"phone": phone, "text": text, "reference": reference})
        try:
            answer = await self._client.post(PATH, content=body, headers=self._headers(body))
        except httpx.HTTPError as error:
            raise TextUndelivered(type(error).__name__) from None
        if SIMULATOR in answer.headers and not self._allow_simulator:
            raise TextUndelivered("a simulator answered")
        if answer.is_success:
            return
        if answer.status_code == _SLOW_DOWN or answer.status_code >= _BROKEN:
            raise TextUndelivered(str(answer.status_code))
        raise TextRefused(_code_of(answer))

    def _headers(self, body: bytes) -> dict[str, str]:
        timestamp, nonce = str(int(self._clock.now().timestamp())), secrets.token_hex(16)
        text = f"POST\n{PATH}\n{timestamp}\n{nonce}\n{hashlib.sha256(body).hexdigest()}\n"
        return {
            "Content-Type": "application/json",
            "X-App-Id": self._app_id,
            "X-Timestamp": timestamp,
            "X-Nonce": nonce,
            "X-Signature": hmac.digest(self._key, text.encode(), "sha256").hex(),
        }


class _Refusal(msgspec.Struct):
    code: str


def _code_of(answer: httpx.Response) -> str:
    """Return the partner's code for a refusal; its message may repeat the number and is left out."""
    try:
        code = msgspec.json.decode(answer.content, type=_Refusal).code
    except msgspec.MsgspecError:
        code = "unreadable"
    return f"{answer.status_code} {code[:_LONGEST_CODE]}"
