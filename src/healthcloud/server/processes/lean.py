"""
uvicorn's HTTP protocol with a gate before it and a short way for hot endpoints; all the rest is uvicorn's.

Whoever is refused because the process is too full hears it when the request's head has come, and a hot request that
came whole is not even parsed. Who asks again over the same connection before he was told to is heard when that time is
over: else those who do not wait would take the time of those who do. Trusted proxies are spared, which carry many.

A POST to a hot endpoint, or a GET of what most people look at, that comes whole, in one piece and with nothing unusual
about it, is answered without an ASGI scope, cycle and messages; whatever else comes goes uvicorn's way. One timer
watches a quiet connection. Together 30 µs of a scan. All lean on what uvicorn keeps to itself: its version is pinned,
and tests/server/test_lean.py meets each attribute named here.
"""

import asyncio
from typing import TYPE_CHECKING, Any, cast

from uvicorn.config import Config
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from healthcloud.core.http import Answer, Asked, HotLook, HotPath
from healthcloud.server.processes.sight import UNUSUAL, is_whole
from healthcloud.server.processes.turn import ShortWay, Turn, no_http
from healthcloud.server.shedding import work_of

if TYPE_CHECKING:
    from starlette.types import ASGIApp
    from uvicorn._types import ASGI3Application

FIRST_REQUEST_SECONDS = 1.0
# The least Retry-After there is.
COME_AGAIN_SECONDS = 1.0


class LeanProtocol(HttpToolsProtocol):
    """One connection."""

    flow: FlowControl
    _quiet_since = 0.0
    _watch: asyncio.TimerHandle | None = None
    _has_asked = False
    _is_last = False
    _is_between = True
    _is_shed = False
    _come_again = 0.0
    _held: bytes | None = None
    _holding: asyncio.TimerHandle | None = None

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        # The application itself: uvicorn must not have wrapped it, as it does where it is to read proxies' headers.
        application = cast("ShortWay", self.app)
        self._gate = application.gate
        self._hot = {path.encode(): endpoint for path, endpoint in application.hot.items()}
        self._url = b""
        self._lines: list[tuple[bytes, bytes]] = []
        self._looks = {path.encode(): look for path, look in application.looks.items()}
        self._short: HotPath | HotLook | None = None
        self._headers: dict[str, str] = {}
        self._body = b""

    def data_received(self, data: bytes) -> None:
        """Read what came; a hot request that came in part goes uvicorn's way from here."""
        if self._is_between and data.startswith(b"POST ") and self._is_turned_away_unread(data):
            return
        super().data_received(data)
        if self._short is not None:
            self._short = None
            if not self.transport.is_closing():
                self._go_usual_way()
                if self._body:
                    super().on_body(self._body)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's own words, in one language
        """Refuse what is no HTTP, and end the connection."""
        self._write(Turn(keep_alive=False), no_http())

    def on_message_begin(self) -> None:
        """Begin to read a request."""
        self._has_asked = True
        self._is_between = self._is_shed = False
        self._url = b""
        self._lines = []

    def on_url(self, url: bytes) -> None:
        """Take a part of the target."""
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header."""
        self._lines.append((name, value))

    def on_headers_complete(self) -> None:
        """Choose the way."""
        endpoint = self._hot.get(self._url)
        if endpoint is not None and self._is_plain():
            self._is_shed = self._is_shut(endpoint) and not self.flow.write_paused
            if self._is_shed:
                self._turn_away(endpoint)
            else:
                self._short, self._body = endpoint, b""
        elif self._is_free() and self._shed():
            return
        elif (look := self._looks.get(self._url)) is not None and self._is_plain(b"GET"):
            self._short, self._body = look, b""
        else:
            self._go_usual_way()

    def on_body(self, body: bytes) -> None:
        """Take a part of the body."""
        if self._is_shed:
            return
        if self._short is None:
            super().on_body(body)
        else:
            self._body += body

    def on_message_complete(self) -> None:
        """Answer a request that came whole."""
        endpoint, self._short = self._short, None
        self._is_between = True
        if endpoint is not None:
            asked = Asked(self._headers, self._url.decode("latin-1"), self._body, (self.client or (None,))[0])
            task = self.loop.create_task(self._answer(self._turn(), endpoint, asked))
            task.add_done_callback(self.tasks.discard)
            self.tasks.add(task)
        elif not self._is_shed:
            super().on_message_complete()

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

    def shutdown(self) -> None:
        """Close what is quiet; who has only just connected may still ask once, so that a renewal turns nobody away."""
        if self._held is not None:
            self._hear()
        if self._has_asked:
            super().shutdown()
        else:
            self._is_last = True
            self._watch = self.loop.call_later(FIRST_REQUEST_SECONDS, self._close_if_unasked)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the watch."""
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None
        super().connection_lost(exc)

    def _is_free(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _is_shut(self, endpoint: HotPath) -> bool:
        return endpoint.is_full() or self._gate.is_shut_to(work_of(endpoint.path))

    def _turn(self) -> Turn:
        turn = Turn(keep_alive=not self._is_last)
        self.cycle = cast("RequestResponseCycle", turn)
        return turn

    def _is_turned_away_unread(self, data: bytes) -> bool:
        """Turn a hot request away, or have it wait, if it came whole and alone and is refused; tell whether it was."""
        endpoint = self._hot.get(data[5 : data.find(b" ", 5)])
        if endpoint is None or not self._is_shut(endpoint) or not self._is_free():
            return False
        if self.flow.write_paused or not is_whole(data):
            return False
        self._has_asked = True
        now = self.loop.time()
        if now < self._come_again:
            self._held = data
            self.flow.pause_reading()
            self._holding = self.loop.call_later(self._come_again - now, self._hear)
            return True
        if not self._gate.is_proxy(self.client):
            self._come_again = now + COME_AGAIN_SECONDS
        self._turn_away(endpoint)
        return True

    def _turn_away(self, endpoint: HotPath) -> None:
        self._gate.count(work_of(endpoint.path))
        self._write(self._turn(), endpoint.turned_away())

    def _hear(self) -> None:
        """Hear whoever came again too soon."""
        data, self._held = self._held, None
        if self._holding is not None:
            self._holding.cancel()
        self._come_again = 0.0
        if data is not None and not self.transport.is_closing():
            self.flow.resume_reading()
            self.data_received(data)

    def _shed(self) -> bool:
        """Refuse a request by its head, if its class of work is refused; what comes of its body is dropped."""
        path = self._url.partition(b"?")[0].decode("latin-1")
        refusal = self._gate.refusal(path, self._lines)
        if refusal is None or self.flow.write_paused:
            return False
        self._is_shed = True
        turn = self._turn()
        turn.keep_alive = turn.keep_alive and self.parser.should_keep_alive()
        is_head = self.parser.get_method() == b"HEAD"
        self._write(turn, refusal._replace(body=b"") if is_head else refusal)
        return True

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: "ASGI3Application") -> None:
        counted = self._gate.counted(cast("ASGIApp", app), cycle.scope["path"])
        super()._start_asgi_task(cycle, cast("ASGI3Application", counted))

    def _is_plain(self, method: bytes = b"POST") -> bool:
        """Tell whether there is nothing about this request that only uvicorn knows to do; note its headers."""
        self._headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in self._lines}
        return (
            self._is_free()
            and len(self._headers) == len(self._lines)
            and self.parser.get_method() == method
            and self.parser.get_http_version() == "1.1"
            and not any(name in self._headers for name in UNUSUAL)
        )

    def _go_usual_way(self) -> None:
        """Tell uvicorn what has been read of this request so far."""
        super().on_message_begin()
        super().on_url(self._url)
        for line in self._lines:
            super().on_header(*line)
        super().on_headers_complete()
        if self._is_last:
            self.cycle.keep_alive = False

    async def _answer(self, turn: Turn, endpoint: HotPath | HotLook, asked: Asked) -> None:
        answering = endpoint.answer(asked)
        answer = await (self._gate.within(answering) if isinstance(endpoint, HotLook) else answering)
        if self.flow.write_paused and not turn.disconnected:
            await self.flow.drain()
        if not turn.disconnected:
            self._write(turn, answer)

    def _write(self, turn: Turn, answer: Answer) -> None:
        """Write an answer in one piece."""
        lines = [b"%b: %b\r\n" % pair for pair in self.server_state.default_headers]
        if not turn.keep_alive:
            lines.append(b"connection: close\r\n")
        self.transport.write(b"".join((STATUS_LINE[answer.status], *lines, answer.head, b"\r\n", answer.body)))
        turn.response_complete = True
        if not turn.keep_alive:
            self.transport.close()
        self.on_response_complete()

    def _close_if_unasked(self) -> None:
        self._watch = None
        if not self._has_asked:
            self.transport.close()

    def _close_if_quiet(self) -> None:
        self._watch = None
        if self.transport.is_closing():
            return
        is_quiet = self.cycle.response_complete and self._held is None
        since = self._quiet_since if is_quiet else self.loop.time()
        left = since + self.timeout_keep_alive - self.loop.time()
        if left <= 0:
            self.transport.close()
        else:
            self._watch = self.loop.call_later(left, self._close_if_quiet)
