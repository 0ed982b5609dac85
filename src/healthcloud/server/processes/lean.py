"""
uvicorn's HTTP protocol with two short cuts for hot endpoints; all the rest is uvicorn's.

An answer that is whole is written at once, and a quiet connection is watched by one timer that is set again when it
fires, not by one more for each request. Together 8 µs of a scan. Both lean on what uvicorn keeps to itself: its version
is pinned, and tests/server/test_lean.py meets each of its attributes named here.
"""

import asyncio
from functools import partial

from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from healthcloud.core.http import WHOLE


class LeanProtocol(HttpToolsProtocol):
    """One connection."""

    flow: FlowControl
    _quiet_since = 0.0
    _watch: asyncio.TimerHandle | None = None

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        cycle.scope["extensions"] = {WHOLE: {"write": partial(_write_whole, cycle)}}
        super()._start_asgi_task(cycle, app)

    def on_response_complete(self) -> None:
        """Go on with the next request, if it has come already; else be quiet."""
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())
            return
        self._quiet_since = self.loop.time()
        if self._watch is None:
            self._watch = self.loop.call_later(self.timeout_keep_alive, self._close_if_quiet)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the watch."""
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None
        super().connection_lost(exc)

    def _close_if_quiet(self) -> None:
        self._watch = None
        if self.transport.is_closing():
            return
        since = self._quiet_since if self.cycle.response_complete else self.loop.time()
        left = since + self.timeout_keep_alive - self.loop.time()
        if left <= 0:
            self.transport.close()
        else:
            self._watch = self.loop.call_later(left, self._close_if_quiet)


def _write_whole(cycle: RequestResponseCycle, status: int, head: bytes, body: bytes) -> bool:
    """Write an answer, if this connection stays and takes it now."""
    if cycle.response_started or cycle.disconnected or not cycle.keep_alive or cycle.flow.write_paused:
        return False
    lines = [b"%b: %b\r\n" % pair for pair in cycle.default_headers]
    cycle.transport.write(b"".join((STATUS_LINE[status], *lines, head, b"\r\n", body)))
    cycle.response_started = cycle.response_complete = True
    cycle.waiting_for_100_continue = False
    cycle.message_event.set()
    cycle.on_response()
    return True
