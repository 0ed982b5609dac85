r"""
One signed request to an institution's system, and its signed answer.

    POST <address>   Authorization: HC1-HMAC-SM3 … as institutions sign theirs   X-Message-Id: <uuid>
    {"id", "kind", "at", "sequence", "number", "body"}

The answer's `X-Signature` is the hex HMAC-SM3, under the same key, over `STATUS\nNONCE\nhex(SM3(body))\n`, NONCE the
request's. Nobody between the two can turn a no into a yes, nor lose a message by a no of their own: only a signed 2xx
counts as taken and only a signed 4xx as refused; all else is no answer.
"""

import asyncio
import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

import httpx

from healthcloud import access
from healthcloud.core.clock import Clock
from healthcloud.core.crypto import hmac_sm3, same, sm3
from healthcloud.core.partner import SIMULATOR
from healthcloud.exchange.outward.endpoints.model import Endpoint

LONGEST_ANSWER = 256 * 1024
LATER = frozenset({408, 425, 429})
_LONGEST_WISH = 3600


class Outcome(StrEnum):
    """What became of one attempt."""

    TAKEN = "taken"
    REFUSED = "refused"  # by the institution, for good
    FAILED = "failed"  # no answer, or none we may believe: again later


@dataclass(frozen=True, slots=True)
class Attempt:
    """How an attempt ended; `told` says why in words without what was sent or answered."""

    outcome: Outcome
    told: str
    content: bytes = field(default=b"", repr=False)
    retry_after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Parcel:
    """A body as it goes to an address, with the secret that signs it."""

    endpoint: Endpoint
    secret: bytes = field(repr=False)
    message_id: str
    body: bytes = field(repr=False)


async def hand_over(
    client: httpx.AsyncClient, parcel: Parcel, *, seconds: float, clock: Clock, allow_simulator: bool
) -> Attempt:
    """Send a parcel once, within so many seconds from first to last byte; never raises for what the other side does."""
    nonce = secrets.token_hex(16)
    try:
        async with asyncio.timeout(seconds):
            status, headers, content = await _post(client, parcel, nonce, clock)
    except TimeoutError:
        return Attempt(Outcome.FAILED, f"no answer within {seconds:g} s")
    except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL) as error:
        return Attempt(Outcome.FAILED, type(error).__name__)
    if content is None:
        return Attempt(Outcome.FAILED, f"{status}, an answer over {LONGEST_ANSWER} bytes")
    if SIMULATOR in headers and not allow_simulator:
        return Attempt(Outcome.FAILED, "a simulator answered")
    right = answer_signature(parcel.secret, status, nonce, content)
    if not same(right.encode(), headers.get("X-Signature", "").encode()):
        return Attempt(Outcome.FAILED, f"{status}, not signed by the institution")
    return judged(status, content, headers.get("Retry-After"))


def judged(status: int, content: bytes, retry_after: str | None) -> Attempt:
    """Return what a signed answer means."""
    if httpx.codes.is_success(status):
        return Attempt(Outcome.TAKEN, str(status), content)
    if httpx.codes.is_client_error(status) and status not in LATER:
        return Attempt(Outcome.REFUSED, f"{status}, refused by the institution", content)
    digits = retry_after if retry_after and retry_after.isascii() and retry_after.isdigit() else ""
    wished = timedelta(seconds=min(int(digits[:9]), _LONGEST_WISH)) if digits else None
    return Attempt(Outcome.FAILED, str(status), retry_after=wished)


def answer_signature(secret: bytes, status: int, nonce: str, content: bytes) -> str:
    """Return what an institution puts into its answer's X-Signature."""
    return hmac_sm3(secret, f"{status}\n{nonce}\n{sm3(content).hex()}\n".encode()).hex()


async def _post(
    client: httpx.AsyncClient, parcel: Parcel, nonce: str, clock: Clock
) -> tuple[int, httpx.Headers, bytes | None]:
    endpoint = parcel.endpoint
    signed = access.sign_request(
        endpoint.key_id,
        parcel.secret,
        "POST",
        endpoint.target,
        parcel.body,
        timestamp=int(clock.now().timestamp()),
        nonce=nonce,
    )
    headers = {
        "Authorization": signed,
        "Content-Type": "application/json",
        "Accept-Encoding": "identity",
        "X-Message-Id": parcel.message_id,
    }
    async with client.stream("POST", endpoint.url, content=parcel.body, headers=headers) as answer:
        content = bytearray()
        async for chunk in answer.aiter_raw():
            content += chunk
            if len(content) > LONGEST_ANSWER:
                return answer.status_code, answer.headers, None
        return answer.status_code, answer.headers, bytes(content)
