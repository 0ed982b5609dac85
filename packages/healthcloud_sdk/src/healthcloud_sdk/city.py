"""The two clients: one waits for each answer, one is awaited; what they do for a call is said once, in `trying`."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, Self, TypeVar

import httpx

from healthcloud_sdk.calls import Call
from healthcloud_sdk.keys import Signer, authorization
from healthcloud_sdk.problems import CityError, NoAnswer, refused
from healthcloud_sdk.trying import Outcome, Retry, Wait, carry_out

T = TypeVar("T")
TIMEOUT = 5.0
_AGENT = "healthcloud-sdk/0.1"
_PATIENT = Retry()


class City:
    """A city to ask, one call at a time on each thread; close it, or use it as a context."""

    def __init__(
        self,
        address: str,
        key: Signer | None = None,
        *,
        retry: Retry = _PATIENT,
        http: httpx.Client | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._address, self._key, self._retry, self._sleep = address.rstrip("/"), key, retry, sleep
        self._http = http or httpx.Client(timeout=TIMEOUT)

    def ask(self, call: Call[T]) -> T:
        """Carry out a call; raise CityError."""
        steps = carry_out(call, self._retry, random.random)
        given: Outcome = None
        try:
            while True:
                step = steps.send(given)
                if isinstance(step, Wait):
                    self._sleep(step.seconds)
                given = None if isinstance(step, Wait) else self._send(call)
        except StopIteration as done:
            answer: T = done.value
            return answer

    def _send(self, call: Call[Any]) -> Outcome:
        try:
            return outcome_of(self._http.send(_request(self._http, self._address, self._key, call)))
        except httpx.TransportError as error:
            return _lost(error)

    def close(self) -> None:
        """Close its connections."""
        self._http.close()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.close()


class AsyncCity:
    """A city to ask, as many calls at once as you await."""

    def __init__(
        self,
        address: str,
        key: Signer | None = None,
        *,
        retry: Retry = _PATIENT,
        http: httpx.AsyncClient | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._address, self._key, self._retry, self._sleep = address.rstrip("/"), key, retry, sleep
        self._http = http or httpx.AsyncClient(timeout=TIMEOUT)

    async def ask(self, call: Call[T]) -> T:
        """Carry out a call; raise CityError."""
        steps = carry_out(call, self._retry, random.random)
        given: Outcome = None
        while True:
            try:
                step = steps.send(given)
            except StopIteration as done:
                answer: T = done.value
                return answer
            if isinstance(step, Wait):
                await self._sleep(step.seconds)
            given = None if isinstance(step, Wait) else await self._send(call)

    async def _send(self, call: Call[Any]) -> Outcome:
        try:
            return outcome_of(await self._http.send(_request(self._http, self._address, self._key, call)))
        except httpx.TransportError as error:
            return _lost(error)

    async def close(self) -> None:
        """Close its connections."""
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        """Return itself."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close."""
        await self.close()


class NoKey(CityError):
    """This call is signed, and the client was given no key."""

    zh = "此请求须签名，而客户端没有密钥。"


def _request(
    http: httpx.Client | httpx.AsyncClient, address: str, key: Signer | None, call: Call[Any]
) -> httpx.Request:
    """Build one sending of a call: a new nonce, the same Idempotency-Key, signed over what goes out."""
    headers = {"Accept": "*/*", "User-Agent": _AGENT}
    headers |= {"Content-Type": call.media} if call.body else {}
    headers |= {"Idempotency-Key": call.once} if call.once else {}
    request = http.build_request(call.method, address + call.path, content=call.body or None, headers=headers)
    if call.signed:
        if key is None:
            raise NoKey
        target = request.url.raw_path.decode("ascii")
        request.headers["Authorization"] = authorization(key, call.method, target, call.body)
    return request


def outcome_of(answer: httpx.Response) -> bytes | CityError:
    """Return the body of a success, or what went wrong."""
    if answer.is_success:
        return answer.content
    return refused(answer.status_code, answer.content, answer.headers.get("Retry-After"), datetime.now(UTC))


def _lost(error: httpx.TransportError) -> NoAnswer:
    lost = NoAnswer(type(error).__name__)
    lost.__cause__ = error
    return lost
