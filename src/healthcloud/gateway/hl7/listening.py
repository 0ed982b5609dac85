"""
Connections: frames to messages, ACKs in the order of the messages, and an end to whatever would never end.

A sender that closes its half first still hears its ACK. One that is told to end (a renewal) has every message it sent
whole answered, then the connection closed; what came in part is not acknowledged, so its sender sends it again.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from ssl import SSLContext, SSLObject
from typing import Any, TypeAlias, cast
from uuid import UUID

from healthcloud.core import metrics
from healthcloud.core.errors import Problem
from healthcloud.gateway.hl7.errors import MessageTooLarge, MessageUnfinished
from healthcloud.gateway.hl7.framing import MOST_BYTES, Framer, TooLarge, framed
from healthcloud.gateway.hl7.senders import Connection

UNENDED_SECONDS = 3.0  # of silence, after which what ends as a segment ends is whole though no 0x1C came
UNFINISHED_SECONDS = 60.0  # of a message that does not become whole
MOST_IN_FLIGHT = 64  # messages of one connection that came before their ACKs
MOST_CONNECTIONS = 2_000
CLOSING_SECONDS = 10.0

CONNECTIONS = metrics.gauge("healthcloud_hl7_connections", "Open HL7 connections.")

Answer: TypeAlias = Callable[[bytes, Connection], Coroutine[Any, Any, bytes]]
Refuse: TypeAlias = Callable[[bytes, Problem], bytes]


class MllpConnection(asyncio.Protocol):
    """One connection."""

    def __init__(self, listener: "Listener") -> None:
        self._listener = listener
        self._framer = Framer(listener.most_bytes)
        self._transport: asyncio.Transport | None = None
        self._who = Connection(None)
        self._answers: deque[asyncio.Task[bytes]] = deque()
        self._timer: asyncio.TimerHandle | None = None
        self._partial_since: float | None = None
        self._is_last = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Note who connects."""
        self._transport = cast("asyncio.Transport", transport)
        peer = transport.get_extra_info("peername")
        self._who = Connection(str(peer[0]) if peer else None, certified(transport.get_extra_info("ssl_object")))
        if not self._listener.admit(self):
            self._transport.close()

    def data_received(self, data: bytes) -> None:
        """Answer every message that has become whole."""
        if self._is_last or self._transport is None:
            return
        try:
            messages = self._framer.feed(data)
        except TooLarge as large:
            self._refuse(large.head, MessageTooLarge())
            return
        for message in messages:
            self._ask(message)
        self._watch()

    def eof_received(self) -> bool:
        """Answer what has come, also without its end, then close; True keeps our half open until then."""
        self._take_rest()
        self._end()
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it; what was begun is carried out nevertheless."""
        del exc
        self._transport = None
        if self._timer is not None:
            self._timer.cancel()
        self._listener.forget(self)

    def pause_writing(self) -> None:
        """Read no more from who does not read his ACKs."""
        if self._transport is not None:
            self._transport.pause_reading()

    def resume_writing(self) -> None:
        """Go on."""
        self._pace()

    def end(self) -> None:
        """Take no more; close once what came is answered."""
        self._end()

    def abort(self) -> None:
        """Close now."""
        if self._transport is not None:
            self._transport.abort()

    def _ask(self, message: bytes) -> None:
        task = asyncio.get_running_loop().create_task(self._listener.answered(message, self._who))
        self._answers.append(task)
        task.add_done_callback(self._write)
        self._pace()

    def _write(self, _: object = None) -> None:
        """Write the ACKs that are ready, in the order of their messages."""
        while self._answers and self._answers[0].done():
            task = self._answers.popleft()
            if self._transport is not None and not task.cancelled():
                self._transport.write(framed(task.result()))
        self._pace()
        if self._is_last and not self._answers and self._transport is not None:
            self._transport.close()

    def _pace(self) -> None:
        if self._transport is None or self._is_last:
            return
        if len(self._answers) >= MOST_IN_FLIGHT:
            self._transport.pause_reading()
        elif not self._transport.is_closing():
            self._transport.resume_reading()

    def _refuse(self, head: bytes, problem: Problem) -> None:
        """Answer what cannot be waited for, after what came before it, and close."""
        loop = asyncio.get_running_loop()
        task = loop.create_task(_at_once(self._listener.refused(head, problem)))
        self._answers.append(task)
        task.add_done_callback(self._write)
        self._end()

    def _end(self) -> None:
        self._is_last = True
        if self._timer is not None:
            self._timer.cancel()
        self._write()

    def _take_rest(self) -> None:
        if self._is_last:
            return
        partial = self._framer.is_partial
        messages = self._framer.rest()
        for message in messages or ([b""] if partial else []):
            self._ask(message)

    def _watch(self) -> None:
        """Look at a message that has begun after a while."""
        loop = asyncio.get_running_loop()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if not self._framer.is_partial:
            self._partial_since = None
            return
        if self._partial_since is None:
            self._partial_since = loop.time()
        self._timer = loop.call_later(self._listener.unended_seconds, self._silent)

    def _silent(self) -> None:
        self._timer = None
        since = self._partial_since or 0.0
        loop = asyncio.get_running_loop()
        if self._framer.may_be_whole:
            self._partial_since = None
            self._take_rest()
        elif loop.time() - since >= self._listener.unfinished_seconds:
            self._refuse(b"".join(self._framer.rest()), MessageUnfinished())
        else:
            self._timer = loop.call_later(self._listener.unended_seconds, self._silent)


class Listener:
    """The connections of one process."""

    def __init__(
        self,
        answer: Answer,
        refuse: Refuse,
        *,
        most_bytes: int = MOST_BYTES,
        unended_seconds: float = UNENDED_SECONDS,
        unfinished_seconds: float = UNFINISHED_SECONDS,
    ) -> None:
        self.answered = answer
        self.refused = refuse
        self.most_bytes = most_bytes
        self.unended_seconds = unended_seconds
        self.unfinished_seconds = unfinished_seconds
        self._connections: set[MllpConnection] = set()
        self._server: asyncio.Server | None = None
        self._idle = asyncio.Event()

    async def open(self, host: str, port: int, tls: SSLContext | None = None) -> int:
        """Listen beside other workers; return the port."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: MllpConnection(self), host, port, reuse_port=True, ssl=tls, backlog=512
        )
        return int(self._server.sockets[0].getsockname()[1])

    async def close(self) -> None:
        """Accept nobody, answer what has come whole, close."""
        if self._server is not None:
            self._server.close()
        for one in tuple(self._connections):
            one.end()
        self._idle.clear()
        if self._connections:
            try:
                await asyncio.wait_for(self._idle.wait(), CLOSING_SECONDS)
            except TimeoutError:
                for one in tuple(self._connections):
                    one.abort()

    def admit(self, connection: MllpConnection) -> bool:
        """Count a connection; False when there are too many."""
        if len(self._connections) >= MOST_CONNECTIONS:
            return False
        self._connections.add(connection)
        CONNECTIONS.inc()
        return True

    def forget(self, connection: MllpConnection) -> None:
        """Count it no more."""
        if connection in self._connections:
            self._connections.remove(connection)
            CONNECTIONS.dec()
        if not self._connections:
            self._idle.set()


def certified(tls: SSLObject | None) -> UUID | None:
    """Return the client a verified certificate names: its subject's common name, or a URI `urn:uuid:…` beside it."""
    found = tls.getpeercert() if tls is not None else None
    if not found:
        return None
    subject = cast("tuple[tuple[tuple[str, str], ...], ...]", found.get("subject", ()))
    beside = cast("tuple[tuple[str, str], ...]", found.get("subjectAltName", ()))
    names = [value for kind, value in beside if kind == "URI"]
    names += [value for part in subject for kind, value in part if kind == "commonName"]
    for name in names:
        try:
            return UUID(name)
        except ValueError:
            continue
    return None


async def _at_once(answer: bytes) -> bytes:
    return answer
