"""Between the city and hospitals' own systems in a sandbox: the switches of `outward`, and what goes out is noted."""

import asyncio
import time
from uuid import UUID

import httpx

from healthcloud.sandbox.current import Current
from healthcloud.sandbox.keeping import LONGEST_KEPT, Told, Way
from healthcloud.sandbox.model import Heard, Switches
from healthcloud.sandbox.overtaking import Overtaking
from healthcloud.sandbox.spoiling import spoiled_header
from healthcloud.sandbox.strings import explain_own

FACE = "outward"
_LONGEST_READ = 1 << 20


class Outgoing:
    """Puts itself around each institution's connections."""

    def __init__(self, current: Current) -> None:
        self._current = current
        self._overtaking = Overtaking()

    def __call__(self, institution_id: UUID, transport: httpx.AsyncBaseTransport) -> httpx.AsyncBaseTransport:
        """Return an institution's connections with the switches around them."""
        return _Switched(self._current, self._overtaking, institution_id, transport)


class _Switched(httpx.AsyncBaseTransport):
    def __init__(
        self, current: Current, overtaking: Overtaking, institution_id: UUID, transport: httpx.AsyncBaseTransport
    ) -> None:
        self._current = current
        self._overtaking = overtaking
        self._institution_id = institution_id
        self._transport = transport

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request as the switches want it, and note it with its answer, or with none."""
        on, began = self._current.switches(FACE, self._institution_id), time.perf_counter()
        told = Told(0, [], b"")
        if on.wrong_signature:
            request.headers["Authorization"] = spoiled_header(request.headers.get("Authorization", ""))
        heard = _heard(request)
        # What the caller waits no longer for is noted by a task of its own, for this one is cancelled.
        try:
            told = await self._sent(request, on)
        finally:
            took = round((time.perf_counter() - began) * 1000)
            self._current.later(self._note(heard, on, told, took))
        return httpx.Response(told.status, headers=told.headers, stream=httpx.ByteStream(told.body))

    async def aclose(self) -> None:
        """Close the connections."""
        await self._transport.aclose()

    async def _sent(self, request: httpx.Request, on: Switches) -> Told:
        if on.slow_ms:
            await asyncio.sleep(on.slow_ms / 1000)
        if on.down:
            raise httpx.ConnectError("switched off in the sandbox", request=request)
        if on.out_of_order:
            await self._overtaking.wait(on)
        told = await self._once(request)
        return await self._once(request) if on.duplicate else told

    async def _once(self, request: httpx.Request) -> Told:
        answer = await self._transport.handle_async_request(request)
        try:
            body = bytearray()
            async for part in answer.aiter_raw():
                body += part
                if len(body) > _LONGEST_READ:  # more than the city takes, which it is left to say
                    break
        finally:
            await answer.aclose()
        return Told(answer.status_code, answer.headers.raw, bytes(body))

    async def _note(self, heard: Heard, on: Switches, told: Told, took: int) -> None:
        signed = await explain_own(heard)
        way = Way(FACE, self._institution_id, on)
        await self._current.keeper.note(way, heard, signed, told._replace(body=told.body[:LONGEST_KEPT]), took)


def _heard(request: httpx.Request) -> Heard:
    return Heard(request.method, request.url.raw_path.decode("latin-1"), dict(request.headers), request.content)
