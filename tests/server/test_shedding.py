"""When more is asked than can be done: refused in the stated order, before anything is read, in words, and counted."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import pytest
from fastapi.routing import iter_route_contexts
from server.test_lean import PATH, Line, calling, request, serving

from healthcloud.core.errors import Unavailable
from healthcloud.core.http import HotDocument, HotEndpoint
from healthcloud.core.settings import Settings, production_faults
from healthcloud.server.composition import City
from healthcloud.server.processes.worker import application_of
from healthcloud.server.shedding import ORDER, Gate, Lag, Limits, Signals, work_of
from healthcloud.server.shedding.gate import SHED

STATED = ("figures", "streams", "everyday", "cards", "batches", "scans", "shells")
ASKED = {
    "kept": "/healthz",
    "shells": "/card",
    "scans": "/api/v1/cards/verify",
    "batches": "/api/v1/cards/verify-batch",
    "cards": "/api/v1/cards/code",
    "everyday": "/hospitals",
    "figures": "/console/figures",
    "streams": "/console/figures/live",
}


class Nothing(msgspec.Struct):
    """Nothing."""


class Town:
    """An application that answers everything with what it was asked, and one hot endpoint."""

    def __init__(self, **settings: Any) -> None:
        made = Settings(**settings)
        document = HotDocument(PATH, "cards.verify", "Scan", "Scan.", Nothing, Nothing, (Unavailable,), "cards")
        self.full = False
        self.heard: list[str] = []
        self.going = asyncio.Event()
        self.going.set()
        self.hot = {PATH: HotEndpoint(document, self._scan, made, lambda: self.full)}
        self.looks: dict[str, Any] = {}
        self.signals = Signals(Limits(in_flight=100), Lag(), lambda: 0.0, lambda: 0.0)
        self.gate = Gate(self.signals, made)

    async def _scan(self, _: Any) -> bytes:
        return b"{}"

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.heard.append(scope["path"])
        if scope["path"] in self.hot:
            await self.hot[PATH](scope, receive, send)
            return
        message = await receive()
        await self.going.wait()
        body = message.get("body", b"")
        headers = [(b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})


@asynccontextmanager
async def asking(town: Town) -> AsyncIterator[Line]:
    async with serving(town) as port, calling(port) as line:
        yield line


def get(path: str, *headers: bytes, method: bytes = b"GET") -> bytes:
    return b"\r\n".join((b"%b %b HTTP/1.1" % (method, path.encode()), b"Host: here", *headers)) + b"\r\n\r\n"


async def test_work_is_refused_in_the_stated_order() -> None:
    """Given a process that fills, then each class is refused before the next, and what is kept is never refused."""
    town = Town()
    refused: list[str] = []
    for in_flight in range(101):
        town.signals.in_flight = in_flight
        shut = [work.name for work in ORDER if town.gate.is_shut_to(work)]
        assert set(refused) <= set(shut), "whoever is refused at less is refused at more"
        refused += sorted(set(shut) - set(refused))
    assert tuple(refused) == STATED
    assert {work.name for work in ORDER} - set(STATED) == {"kept"}


@pytest.mark.parametrize("signal", ["in_flight", "lag", "wait", "scans"])
async def test_each_signal_alone_fills_the_process(signal: str) -> None:
    lag = Lag()
    waits, scans = (0.5 if signal == "wait" else 0.0), (1.0 if signal == "scans" else 0.0)
    signals = Signals(Limits(in_flight=10), lag, lambda: waits, lambda: scans)
    assert signals.pressure() == (1.0 if signal in ("wait", "scans") else 0.0)
    if signal == "in_flight":
        signals.in_flight = 10
    if signal == "lag":
        lag._late.extend([0.25, 9.0])
        assert signals.pressure() == 0, "a pause passes"
        lag._late.append(0.3)
    assert signals.pressure() >= 1


async def test_each_class_is_known_by_its_paths_and_each_path_leads_somewhere(city: City) -> None:
    for name, path in ASKED.items():
        assert work_of(path).name == name
    assert work_of("/card/now").name == work_of("/card/detail").name == "cards"
    assert work_of("/api/v1/cards/uses/late").name == "everyday"
    assert work_of("/cardinal").name == work_of("/").name == work_of("*").name == "everyday"
    application = application_of(city)
    routes = {one.path or "" for one in iter_route_contexts(application.api.routes)} | application.hot.keys()
    nowhere = [
        begin
        for work in ORDER
        for begin in (*work.begins, *work.exactly)
        if begin != "/static" and not any(route == begin or route.startswith(f"{begin}/") for route in routes)
    ]
    assert nowhere == []


async def test_who_is_refused_hears_it_before_anything_reads_the_request() -> None:
    """Given a process half full, then everyday work is refused at its head, and a card's is done."""
    town = Town()
    before = SHED.labels("everyday")._value.get()
    async with asking(town) as line:
        town.signals.in_flight = 60
        for path, status in ((ASKED["everyday"], b"503"), (ASKED["cards"], b"200"), (ASKED["kept"], b"200")):
            await line.send(get(path))
            head, _ = await line.answer()
            assert head.startswith(b"HTTP/1.1 " + status)
        await line.send(get("/me", b"Content-Length: 9", method=b"POST"))
        head, told = await line.answer()
        assert head.startswith(b"HTTP/1.1 503 ")
        problem = msgspec.json.decode(told)
        assert problem["code"] == "unavailable"
        assert problem["request_id"].encode() in head
        assert int(head.partition(b"retry-after: ")[2].partition(b"\r\n")[0]) in work_of("/me").retry_after
        await line.send(b"nine byte" + get(ASKED["cards"]))
        assert (await line.answer())[0].startswith(b"HTTP/1.1 200 "), "its body is dropped, the connection lives"
    assert town.heard == [ASKED["cards"], ASKED["kept"], ASKED["cards"]]
    town.gate._counts["everyday"]._write()
    assert SHED.labels("everyday")._value.get() == before + 2
    assert town.signals.in_flight == 60


async def test_those_refused_are_told_to_come_back_spread_over_seconds() -> None:
    town = Town()
    town.signals.in_flight = 100
    for work in ORDER:
        told = set()
        for _ in range(2 * len(work.retry_after)):
            answer = town.gate.refusal(ASKED[work.name], [])
            if answer is not None:
                told.add(int(answer.head.partition(b"retry-after: ")[2].partition(b"\r\n")[0]))
        assert told == (set() if work.share is None else set(work.retry_after))


@pytest.mark.parametrize(
    ("cookie", "words"), [(b"hc_language=en", b"try again shortly"), (b"hc_display=large.auto", "请稍后再试".encode())]
)
async def test_a_browser_is_told_on_a_page_in_its_language(cookie: bytes, words: bytes) -> None:
    town = Town()
    town.signals.in_flight = 100
    async with asking(town) as line:
        await line.send(get("/card/detail?of=1", b"Accept: text/html,*/*", b"Cookie: " + cookie))
        head, told = await line.answer()
        assert words in told
        assert b'href="/card/detail"' in told, "the way to ask again"
        assert b"content-security-policy: default-src 'none'" in head
        await line.send(get("/card/<b>", b"Accept: text/html"))
        assert b"<b>" not in (await line.answer())[1]
        await line.send(get("/card", method=b"HEAD"))
        assert (await line.reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 503 ")
        town.signals.in_flight = 0
        await line.send(get("/card"))
        assert (await line.answer())[0].startswith(b"HTTP/1.1 200 "), "nothing was sent after the head"


async def test_a_request_is_in_flight_from_its_head_until_its_answer_and_a_stream_never() -> None:
    town = Town()
    town.going.clear()
    async with serving(town) as port, calling(port) as one, calling(port) as other, calling(port) as stream:
        await one.send(get("/me"))
        await other.send(get("/me"))
        await stream.send(get(ASKED["streams"]))
        async with asyncio.timeout(10):
            while len(town.heard) < 3:  # noqa: ASYNC110 - nothing tells of it
                await asyncio.sleep(0.005)
        assert town.signals.in_flight == 2
        other.close()
        town.going.set()
        await one.answer()
        await stream.answer()
        await asyncio.sleep(0.01)
        assert town.signals.in_flight == 0


async def test_who_does_not_wait_as_told_is_heard_when_it_is_time() -> None:
    """Given a scan refused at once, when another comes over the same connection, then it is answered a second later."""
    town = Town()
    town.full = True
    loop = asyncio.get_running_loop()
    async with asking(town) as line:
        began = loop.time()
        assert (await line.ask())[0].startswith(b"HTTP/1.1 503 ")
        at_once = loop.time() - began
        assert (await line.ask())[0].startswith(b"HTTP/1.1 503 ")
        assert loop.time() - began >= 0.95 > at_once
        town.full = False
        assert (await line.ask())[0].startswith(b"HTTP/1.1 200 "), "and at once when there is room"
    trusting = Town(trusted_proxies=["127.0.0.0/8"])
    trusting.full = True
    async with asking(trusting) as line:
        began = loop.time()
        for _ in range(3):
            assert (await line.ask())[0].startswith(b"HTTP/1.1 503 ")
        assert loop.time() - began < 0.95, "a proxy's connection carries many who did wait"


async def test_who_waits_to_be_heard_is_answered_when_the_server_ends() -> None:
    town = Town()
    town.full = True
    async with serving(town) as port:
        line = Line(*await asyncio.open_connection("127.0.0.1", port))
        await line.ask()
        await line.send(request())
        await asyncio.sleep(0.05)
    assert (await line.answer())[0].startswith(b"HTTP/1.1 503 ")
    line.close()


@pytest.mark.parametrize("cut", [-1, 20])
async def test_a_scan_that_comes_in_parts_is_refused_too(cut: int) -> None:
    town = Town()
    async with asking(town) as line:
        town.full = True
        await line.send(request()[:cut])
        await asyncio.sleep(0.02)
        await line.send(request()[cut:])
        assert (await line.answer())[0].startswith(b"HTTP/1.1 503 ")


async def test_the_lag_that_stands_is_measured() -> None:
    lag = Lag()
    lag.start()
    await asyncio.sleep(0.02)
    assert lag.seconds == 0
    lag._due -= 1
    lag._tick()
    lag._tick()
    assert lag.seconds < 0.5, "one late tick is no queue"
    lag.stop()


async def test_shedding_may_be_off_for_a_drill_and_never_in_production() -> None:
    town = Town(shedding=False)
    town.signals.in_flight = 10_000
    assert not any(town.gate.is_shut_to(work) for work in ORDER)
    named = [fault for fault in production_faults(Settings(production=True, shedding=False)) if "SHEDDING" in fault]
    assert len(named) == 1
    assert not [fault for fault in production_faults(Settings(production=True)) if "SHEDDING" in fault]
