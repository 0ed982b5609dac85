"""A counter on a bad day: the platform goes away amid scans and comes back, and each patient counts once."""

import asyncio
import itertools
import json
import socket
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from fixtures.browser import forgive, installed, settled
from playwright.async_api import Page, Route, expect

from healthcloud import cards
from healthcloud.core.caller import Caller, CallerKind
from healthcloud.core.ids import new_id

PEOPLE = itertools.count(120)
VECTORS = json.loads((Path(__file__).parents[2] / "reader" / "vectors" / "codes.json").read_text())
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
    await installed(page)
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


async def test_each_scan_of_the_outage_counts_once_when_the_platform_is_back(
    clinic: Any, desk: Page, line: Line
) -> None:
    people = [await a_code(clinic) for _ in range(3)]
    await line.cut()
    for n, (_, code) in enumerate(people, 1):
        await scans(desk, code)
        await expect(desk.locator("#held b")).to_have_text(str(n))
        await expect(desk.get_by_label("扫码框")).to_have_value("")
    await desk.get_by_label("患者自称姓名").fill("张三丰")
    await desk.keyboard.press("Tab")
    await expect(desk.get_by_label("扫码框")).to_be_focused()
    assert await uses_of(clinic, people) == [0, 0, 0]
    await line.mend()
    await expect(desk.get_by_role("heading", name="补核结果")).to_be_visible(timeout=20_000)
    await expect(desk.locator("#held")).to_be_hidden()
    await expect(desk.get_by_text("已补核，计为一次使用")).to_have_count(3)
    await expect(desk.get_by_text("当时自称：张三丰")).to_be_visible()
    await settled(desk, "counter-outage-over")
    assert await uses_of(clinic, people) == [1, 1, 1]
    await scans(desk, people[0][1])
    await expect(desk.get_by_text("同一个码已在本终端核验过")).to_be_visible()
    await desk.reload()
    assert await uses_of(clinic, people) == [1, 1, 1]


async def uses_of(clinic: Any, people: list[tuple[UUID, str]]) -> list[int]:
    """Return how many uses of each person's card there are."""
    counts = []
    for person_id, _ in people:
        async with clinic.city.database.read() as read:
            counts.append(len(await cards.my_uses(read, holder_of(person_id))))
    return counts


def holder_of(person_id: UUID) -> Caller:
    return Caller(CallerKind.RESIDENT, new_id(), frozenset({"resident"}), person_id=person_id)


async def test_an_answer_that_is_lost_on_its_way_makes_no_second_use(clinic: Any, desk: Page, line: Line) -> None:
    person = await a_code(clinic)
    await line.cut()
    await scans(desk, person[1])
    await expect(desk.locator("#held b")).to_have_text("1")
    lost = 0

    async def lose(route: Route) -> None:
        nonlocal lost
        lost += 1
        if lost == 1:
            await route.fetch()
            await route.abort()
        else:
            await route.continue_()

    await desk.context.route("**/scan/late", lose)
    await line.mend()
    await expect(desk.get_by_role("heading", name="补核结果")).to_be_visible(timeout=20_000)
    assert lost == 2
    await expect(desk.get_by_text("早已核验过，不另计")).to_be_visible()
    assert await uses_of(clinic, [person]) == [1]


async def test_a_session_that_ended_meanwhile_keeps_the_queue_for_whoever_signs_in(
    clinic: Any, visitor: Any, line: Line
) -> None:
    browser = await clinic.at_desk("clerk2", 2)
    page: Page = await visitor(1366, cookies=browser.cookies)
    forgive(page, *CUT)
    await page.goto("/scan")
    await installed(page)
    person = await a_code(clinic)
    await line.cut()
    await scans(page, person[1])
    await expect(page.locator("#held b")).to_have_text("1")
    session = next(one for one in await page.context.cookies() if one["name"] == "hc_session")
    await page.context.clear_cookies(name="hc_session")
    await line.mend()
    await expect(page.get_by_text("登录或解锁后，待补核的自动送出")).to_be_visible(timeout=20_000)
    await expect(page.locator("#held b")).to_have_text("1")
    await settled(page, "counter-outage-signed-out")
    await page.context.add_cookies([{"name": "hc_session", "value": session["value"], "url": page.url}])
    async with page.expect_response(lambda answer: answer.request.method == "POST" and answer.ok):
        await page.goto("/counter/find")
    await expect(page.locator("#held")).to_be_hidden(timeout=10_000)
    assert await uses_of(clinic, [person]) == [1]


async def test_a_browser_that_is_no_terminal_any_more_forgets_and_says_what_is_lost(
    clinic: Any, desk: Page, line: Line
) -> None:
    _, code = await a_code(clinic)
    await line.cut()
    await scans(desk, code)
    await expect(desk.locator("#held b")).to_have_text("1")
    await desk.context.clear_cookies(name="hc_terminal")
    await line.mend()
    await expect(desk.get_by_role("heading", name="绑定")).to_be_visible(timeout=20_000)
    await expect(desk.get_by_text("1 笔待补核扫码已清除")).to_be_visible()
    await settled(desk, "counter-outage-forgotten")


async def test_a_refused_scan_says_what_to_do_and_is_not_sent_again(clinic: Any, desk: Page, line: Line) -> None:
    _, code = await a_code(clinic)
    forged = code[:67] + ("A" if code[67] != "A" else "B") + code[68:]
    await line.cut()
    await scans(desk, forged)
    await expect(desk.locator("#held b")).to_have_text("1")
    await line.mend()
    await expect(desk.get_by_text("请按证件查找此人，补做登记")).to_be_visible(timeout=20_000)
    await expect(desk.locator("#held")).to_be_hidden()
    await desk.get_by_role("button", name="看过了，清空").click()
    await expect(desk.get_by_role("heading", name="补核结果")).to_be_hidden()


async def test_a_covered_desk_goes_on_scanning_and_shows_nobody(clinic: Any, desk: Page, line: Line) -> None:
    seen = await a_code(clinic)
    await scans(desk, seen[1])
    await expect(desk.get_by_text("核验通过")).to_be_visible()
    await line.cut()
    await scans(desk, (await a_code(clinic))[1])
    await expect(desk.locator("#held b")).to_have_text("1")
    await desk.evaluate("() => document.getElementById('lock-now').requestSubmit()")
    await expect(desk.get_by_role("heading", name="已锁屏")).to_be_visible()
    await settled(desk, "counter-outage-covered")
    await desk.get_by_role("button", name="只扫码").click()
    await expect(desk.locator("#last li")).to_have_count(0)
    await scans(desk, (await a_code(clinic))[1])
    await expect(desk.locator("#held b")).to_have_text("2")
    await line.mend()
    await expect(desk.get_by_role("heading", name="已锁屏")).to_be_visible(timeout=20_000)
    clinic.signed.pop("clerk1")


async def test_what_a_device_signed_code_says_is_shown_unverified(clinic: Any, visitor: Any, line: Line) -> None:
    browser = await clinic.at_desk("doctor1", 1)
    page: Page = await visitor(390, cookies=browser.cookies)
    forgive(page, *CUT)
    await page.goto("/scan")
    for one in VECTORS["codes"]:
        found = await page.evaluate(
            "async (text) => (await import('/static/clinic/shown_code.js')).holderIn(text)", one["text"]
        )
        if "unreadable" not in one:
            fields = one["fields"]
            assert found == {"name": fields["name"], "sex": fields["sex"], "birthYear": fields["birth_year"]}
    await line.cut()
    code, fields = VECTORS["codes"][0]["text"], VECTORS["codes"][0]["fields"]
    await scans(page, code)
    shown = page.locator("[data-holder]")
    await expect(shown).to_contain_text(fields["name"])
    await expect(shown).to_contain_text("码内所写，未核验")
    await settled(page, "counter-outage-phone")
    await line.mend()
    await expect(page.get_by_text("请按证件查找此人，补做登记")).to_be_visible(timeout=20_000)
    await settled(page, "counter-outage-phone-over")


async def test_a_scan_read_while_another_is_asked_about_is_not_lost(clinic: Any, desk: Page, line: Line) -> None:
    first, second, third = [await a_code(clinic) for _ in range(3)]
    held = asyncio.Event()

    async def slow(route: Route) -> None:
        await held.wait()
        await route.continue_()

    await desk.context.route("**/scan", slow)
    await scans(desk, first[1])
    await scans(desk, second[1])
    held.set()
    async with asyncio.timeout(10):
        while await uses_of(clinic, [first, second]) != [1, 1]:
            await desk.wait_for_timeout(50)
    await expect(desk.get_by_text("核验通过")).to_be_visible()
    await expect(desk.locator("body.asking")).to_have_count(0)
    held.clear()
    await scans(desk, third[1])
    await scans(desk, (await a_code(clinic))[1])
    await line.cut()
    held.set()
    await expect(desk.locator("#held b")).to_have_text("2")


async def test_two_tabs_of_a_desk_share_one_queue_and_one_key(clinic: Any, desk: Page, line: Line) -> None:
    other = await desk.context.new_page()
    forgive(other, *CUT)
    await other.goto("/scan")
    people = [await a_code(clinic) for _ in range(2)]
    await line.cut()
    await scans(desk, people[0][1])
    await expect(other.locator("#held b")).to_have_text("1")
    await scans(other, people[1][1])
    await expect(desk.locator("#held b")).to_have_text("2")
    await line.mend()
    await expect(desk.locator("#held")).to_be_hidden(timeout=20_000)
    await expect(other.locator("#held")).to_be_hidden(timeout=20_000)
    assert await uses_of(clinic, people) == [1, 1]
