"""A counter on a bad day: the platform goes away amid scans and comes back, and each patient counts once."""

import asyncio
import itertools
import socket
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any
from uuid import UUID

import pytest
from fixtures.browser import forgive, settled
from playwright.async_api import Page, expect

PEOPLE = itertools.count(120)
CUT = ("ERR_", "Failed to fetch", "NetworkError", "status of 503")


class Line:
    """The way to the platform, which can be cut: a port of its own, so that the browser sees what a clerk would."""

    def __init__(self, url: str) -> None:
        self._to = int(url.rpartition(":")[2])
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    async def mend(self) -> None:
        """Let everything through."""
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", self.port)

    async def cut(self) -> None:
        """Refuse every connection, those under way included."""
        if self._server is not None:
            self._server.close()
        for writer in list(self._open):
            writer.transport.abort()
        self._server = None

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there_reader, there = await asyncio.open_connection("127.0.0.1", self._to)
        self._open |= {writer, there}
        await asyncio.gather(_pump(reader, there), _pump(there_reader, writer))
        self._open -= {writer, there}


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError, asyncio.CancelledError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


@pytest.fixture
async def line(clinic: Any) -> AsyncIterator[Line]:
    line = Line(clinic.url)
    await line.mend()
    yield line
    await line.cut()


@pytest.fixture
def site(line: Line) -> str:
    return f"http://127.0.0.1:{line.port}"


@pytest.fixture
async def desk(clinic: Any, visitor: Any) -> Page:
    browser = await clinic.at_desk("clerk1", 1)
    page: Page = await visitor(1366, cookies=browser.cookies)
    forgive(page, *CUT)
    await page.goto("/scan")
    await page.evaluate("() => navigator.serviceWorker.ready")
    return page


async def a_code(clinic: Any) -> tuple[UUID, str]:
    holder = await clinic.card_of(next(PEOPLE))
    return holder.person_id, await clinic.code_of(holder)


async def scans(desk: Page, code: str) -> None:
    await desk.get_by_label("扫码框").fill(code)
    await desk.keyboard.press("Enter")


async def test_scans_go_on_without_the_platform_and_are_kept_sealed(clinic: Any, desk: Page, line: Line) -> None:
    _, code = await a_code(clinic)
    await line.cut()
    await scans(desk, code)
    await expect(desk.get_by_role("heading", name="未核验 · 先接诊")).to_be_visible()
    await expect(desk.get_by_role("heading", name="断网接诊")).to_be_visible()
    await expect(desk.locator("#held b")).to_have_text("1")
    await settled(desk, "counter-outage")
    await scans(desk, f"{code[:64]}:1:::")
    await expect(desk.get_by_role("heading", name="纸质码现在不能核验")).to_be_visible()
    await scans(desk, code)
    await expect(desk.get_by_role("heading", name="已记录过")).to_be_visible()
    await expect(desk.locator("#held b")).to_have_text("1")
    kept = await desk.evaluate(
        """async () => {
          const opened = indexedDB.open("hc-counter");
          await new Promise((done) => { opened.onsuccess = done; });
          const read = (name, what) => new Promise((done) => {
            const asked = opened.result.transaction(name).objectStore(name)[what]();
            asked.onsuccess = () => done(asked.result);
          });
          const rows = await read("scans", "getAll");
          const [key] = (await read("place", "getAll")).filter((one) => one instanceof CryptoKey);
          const text = rows.map((row) => new TextDecoder().decode(row.sealed)).join();
          return { fields: Object.keys(rows[0]).sort(), text, extractable: key.extractable };
        }"""
    )
    assert kept["fields"] == ["id", "nonce", "sealed"]
    assert kept["extractable"] is False
    assert code[:32] not in kept["text"]
    await desk.reload()
    await expect(desk.get_by_text("此页存在本机，可以继续扫码")).to_be_visible()
    await expect(desk.locator("#held b")).to_have_text("1")
    await scans(desk, (await a_code(clinic))[1])
    await expect(desk.locator("#held b")).to_have_text("2")
    await settled(desk, "counter-outage-reloaded")
