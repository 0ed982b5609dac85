"""The short way of hot requests and one timer for a quiet connection, seen from the wire: nothing else is different."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import pytest
import uvicorn
from fixtures.http import Server

from healthcloud.core.caller import Credentials
from healthcloud.core.errors import NotFound, Unavailable
from healthcloud.core.http import HotDocument, HotEndpoint, HotLook, Looked
from healthcloud.core.settings import Settings
from healthcloud.server.processes.lean import LeanProtocol
from healthcloud.server.shedding import Gate, Lag, Limits, Signals

PATH = "/api/v1/scan"
LOOK = "/look"
QUIET_SECONDS = 1
LIMIT = 2_000


class Nothing(msgspec.Struct):
    """Nothing."""


DOCUMENT = HotDocument(PATH, "cards.verify", "Scan", "Scan.", Nothing, Nothing, (Unavailable,), "cards")


class Town:
    """A hot endpoint as the city has it; `told` is what was told in ASGI's own two messages."""

    def __init__(self) -> None:
        self.told = 0
        self.full = False
        settings = Settings(body_limit_bytes=LIMIT)
        self.hot = {PATH: HotEndpoint(DOCUMENT, self._answer, settings, lambda: self.full)}
        self.looks = {LOOK: HotLook(LOOK, self._look, settings)}
        self.gate = Gate(Signals(Limits(in_flight=100), Lag(), lambda: 0.0, lambda: 0.0), settings)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async def counted(message: Any) -> None:
            self.told += 1
            await send(message)

        if scope["path"] == LOOK:
            await counted({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"5")]})
            await counted({"type": "http.response.body", "body": b"usual"})
            return
        await self.hot[PATH](scope, receive, counted)

    async def _look(self, credentials: Credentials) -> Looked:
        if "wrong" in credentials.cookies:
            raise NotFound
        return Looked(203, b"content-type: text/plain\r\n", credentials.cookies.get("who", "-").encode())

    async def _answer(self, credentials: Credentials) -> bytes:
        if credentials.body == b"slow":
            await asyncio.sleep(1.5 * QUIET_SECONDS)
        if credentials.body == b"wrong":
            raise NotFound
        return b'{"heard": "%b"}' % credentials.body


@asynccontextmanager
async def serving(app: Any) -> AsyncIterator[int]:
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        app,
        http=LeanProtocol,
        ws="none",
        lifespan="off",
        log_config=None,
        proxy_headers=False,
        timeout_keep_alive=QUIET_SECONDS,
    )
    server = Server(config)
    running = asyncio.create_task(server._serve([listener]))
    while not server.started:  # noqa: ASYNC110 - uvicorn tells by a flag only
        await asyncio.sleep(0.005)
    try:
        yield listener.getsockname()[1]
    finally:
        server.ended.set()
        await running
        listener.close()


class Line:
    """A connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self._writer = writer

    async def ask(self, body: bytes = b"x", *headers: bytes, version: bytes = b"1.1") -> tuple[bytes, bytes]:
        await self.send(request(body, *headers, version=version))
        return await self.answer()

    async def send(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()

    async def answer(self) -> tuple[bytes, bytes]:
        head = await asyncio.wait_for(self.reader.readuntil(b"\r\n\r\n"), 5)
        length = [int(line[16:]) for line in head.split(b"\r\n") if line.startswith(b"content-length: ")]
        return head, await self.reader.readexactly(length[0]) if length else b""

    async def is_open(self) -> bool:
        try:
            return await asyncio.wait_for(self.reader.read(1), 0.01) != b""
        except TimeoutError:
            return True

    def close(self) -> None:
        self._writer.close()


def request(body: bytes = b"x", *headers: bytes, version: bytes = b"1.1") -> bytes:
    lines = [b"POST %b HTTP/%b" % (PATH.encode(), version), b"Host: here", b"Content-Length: %d" % len(body), *headers]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def names_in(head: bytes) -> set[bytes]:
    """Return the names of an answer's headers, and its status line."""
    return {line.partition(b": ")[0] for line in head.split(b"\r\n")}


@asynccontextmanager
async def calling(port: int) -> AsyncIterator[Line]:
    line = Line(*await asyncio.open_connection("127.0.0.1", port))
    try:
        yield line
    finally:
        line.close()


async def test_an_answer_is_written_in_one_piece_with_every_header() -> None:
    town = Town()
    async with serving(town) as port, calling(port) as line:
        for body in (b"a", b"b"):
            head, told = await line.ask(body)
            assert head.startswith(b"HTTP/1.1 200 OK\r\n")
            assert told == b'{"heard": "%b"}' % body
            for name in (b"date: ", b"server: ", b"content-type: application/json\r\n", b"cache-control: no-store\r\n"):
                assert b"\r\n" + name in head
            assert len(head.partition(b"x-request-id: ")[2].partition(b"\r\n")[0]) == 32
        head, told = await line.ask(b"wrong")
        assert head.startswith(b"HTTP/1.1 404 Not Found\r\n")
        assert msgspec.json.decode(told)["code"] == "not-found"
    assert town.told == 0


async def test_a_look_is_answered_by_its_cookie_without_scope_or_messages() -> None:
    town = Town()
    async with serving(town) as port, calling(port) as line:
        for cookie, status, shown in ((b"who=me", b"203", b"me"), (b"who=you", b"203", b"you")):
            await line.send(b"GET /look HTTP/1.1\r\nHost: town\r\nCookie: %b\r\n\r\n" % cookie)
            head, told = await line.answer()
            assert (head.split(b" ")[1], told) == (status, shown)
            assert b"\r\nx-request-id: " in head
        await line.send(b"GET /look HTTP/1.1\r\nHost: town\r\nCookie: wrong=x\r\n\r\n")
        head, told = await line.answer()
        assert (head.split(b" ")[1], msgspec.json.decode(told)["code"]) == (b"404", "not-found")
        assert (town.told, town.gate.signals.in_flight) == (0, 0)
        for line_sent in (b"GET /look?whose=x HTTP/1.1", b"HEAD /look HTTP/1.1", b"GET /look HTTP/1.0"):
            async with calling(port) as another:
                await another.send(line_sent + b"\r\nHost: town\r\n\r\n")
                assert (await another.reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200 OK")
        assert town.told == 6


@pytest.mark.parametrize("cut", [1, 40, -5])
async def test_what_comes_in_parts_is_answered_the_same(cut: int) -> None:
    """Given a request cut in its line, its headers or its body, then the answer is the one to the whole request."""
    town = Town()
    async with serving(town) as port, calling(port) as line:
        whole, shown = await line.ask(b"twelve bytes")
        sent = request(b"twelve bytes")
        await line.send(sent[:cut])
        await asyncio.sleep(0.02)
        await line.send(sent[cut:])
        head, told = await line.answer()
        assert (told, names_in(head)) == (shown, names_in(whole))
        assert (await line.ask(b"again"))[1] == b'{"heard": "again"}'
    assert town.told == (2 if cut < 0 else 0)


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        (b"POST", PATH.encode(), (b"X-Twice: 1", b"x-twice: 2"), 200),
        (b"POST", PATH.encode(), (b"Connection: keep-alive",), 200),
        (b"POST", PATH.encode() + b"?why", (), 200),
        (b"PUT", PATH.encode(), (), 405),
    ],
)
async def test_what_is_unusual_goes_the_usual_way(
    method: bytes, path: bytes, headers: tuple[bytes, ...], status: int
) -> None:
    town = Town()
    async with serving(town) as port, calling(port) as line:
        asked = request(b"x", *headers).replace(b"POST " + PATH.encode(), method + b" " + path)
        await line.send(asked)
        head, _ = await line.answer()
        assert head.startswith(b"HTTP/1.1 %d " % status)
    assert town.told == 2


async def test_a_body_over_the_limit_is_refused_on_either_way() -> None:
    town = Town()
    async with serving(town) as port:
        for cut in (None, -10):
            async with calling(port) as line:
                sent = request(b"x" * (LIMIT + 1))
                await line.send(sent[:cut])
                if cut is not None:
                    await asyncio.sleep(0.02)
                assert (await line.answer())[0].startswith(b"HTTP/1.1 413 ")


async def test_who_comes_while_it_is_full_is_turned_away_and_may_stay() -> None:
    town = Town()
    async with serving(town) as port, calling(port) as line:
        town.full = True
        head, told = await line.ask()
        assert head.startswith(b"HTTP/1.1 503 ")
        assert b"\r\nretry-after: " in head
        assert msgspec.json.decode(told)["code"] == "unavailable"
        town.full = False
        assert (await line.ask())[1] == b'{"heard": "x"}'
    assert town.told == 0


async def test_what_is_no_http_is_refused_and_the_connection_ends() -> None:
    async with serving(Town()) as port:
        broken = request()[:-1].replace(b"Host", b"Ho\0st") + b"x"
        for sent in (b"nonsense\r\n\r\n", broken, request(b"x", b"Transfer-Encoding: gvyf-wu=")):
            async with calling(port) as line:
                await line.send(sent)
                head, told = await line.answer()
                assert head.startswith(b"HTTP/1.1 400 ")
                assert {b"connection: close", b"content-type: application/problem+json"} < set(head.split(b"\r\n"))
                assert msgspec.json.decode(told)["code"] == "malformed"
                assert await line.reader.read() == b""


async def test_requests_sent_ahead_are_answered_in_their_order() -> None:
    async with serving(Town()) as port, calling(port) as line:
        await line.send(request(b"slow") + request(b"second") + request(b"third"))
        assert [(await line.answer())[1] for _ in range(3)] == [
            b'{"heard": "slow"}',
            b'{"heard": "second"}',
            b'{"heard": "third"}',
        ]


@pytest.mark.parametrize(("headers", "version"), [((b"Connection: close",), b"1.1"), ((), b"1.0")])
async def test_a_connection_that_is_to_end_ends_after_its_answer(headers: tuple[bytes, ...], version: bytes) -> None:
    town = Town()
    async with serving(town) as port, calling(port) as line:
        head, told = await line.ask(b"x", *headers, version=version)
        assert b"\r\nconnection: close\r\n" in head
        assert told == b'{"heard": "x"}'
        assert await line.reader.read() == b""
    assert town.told == 2


async def test_who_waits_to_be_asked_for_the_body_is_asked() -> None:
    async with serving(Town()) as port, calling(port) as line:
        whole = request(b"body", b"Expect: 100-continue")
        await line.send(whole[:-4])
        assert await line.answer() == (b"HTTP/1.1 100 Continue\r\n\r\n", b"")
        await line.send(whole[-4:])
        assert (await line.answer())[1] == b'{"heard": "body"}'


async def test_only_a_quiet_connection_is_closed() -> None:
    """Given one that goes on asking, one whose answer takes long and a quiet one, then only this one is closed."""
    async with serving(Town()) as port, calling(port) as busy, calling(port) as slow, calling(port) as quiet:
        await quiet.ask()
        await slow.send(request(b"slow"))
        for _ in range(8):
            await busy.ask()
            await asyncio.sleep(QUIET_SECONDS / 5)
        assert (await slow.answer())[1] == b'{"heard": "slow"}'
        assert [await line.is_open() for line in (busy, slow, quiet)] == [True, True, False]


async def test_who_leaves_before_the_answer_harms_nobody() -> None:
    async with serving(Town()) as port:
        async with calling(port) as leaving:
            await leaving.send(request(b"slow"))
            await asyncio.sleep(0.05)
        async with calling(port) as staying:
            await asyncio.sleep(1.6 * QUIET_SECONDS)
            assert (await staying.ask())[1] == b'{"heard": "x"}'


@pytest.mark.parametrize("cut", [None, -1])
async def test_who_had_only_connected_when_the_server_ends_is_answered_once(cut: int | None) -> None:
    """Given a connection that has asked nothing, when the server ends, then its first request is its last."""

    async def ask_late(line: Line) -> tuple[bytes, bytes, bytes]:
        await asyncio.sleep(0.3)
        await line.send(request()[:cut])
        if cut is not None:
            await asyncio.sleep(0.02)
            await line.send(request()[cut:])
        return *await line.answer(), await line.reader.read()

    async with serving(Town()) as port:
        line = Line(*await asyncio.open_connection("127.0.0.1", port))
        asking = asyncio.create_task(ask_late(line))
        await asyncio.sleep(0.05)
    head, told, more = await asking
    line.close()
    assert (told, more) == (b'{"heard": "x"}', b"")
    assert b"\r\nconnection: close\r\n" in head
