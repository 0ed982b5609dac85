"""The scan page in a real browser: a scanner types like a keyboard, the line keeps the focus, the policy is kept."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from fixtures.browser import PICTURES
from journeys.processes import RunningCity
from journeys.scans import Scanner
from playwright.async_api import Browser, ConsoleMessage, Page, expect

from healthcloud_reader import step_at


class Watched:
    """A page and whatever its console complains of; an answer that says no is no complaint."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        self.hosts: set[str] = set()
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self.hosts.add(request.url.split("/")[2]))

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and "status of 4" not in message.text:
            self.complaints.append(message.text)


@pytest.fixture(scope="module")
async def desk(browser: Browser, running_city: RunningCity) -> AsyncIterator[Watched]:
    """A clerk's browser, signed in and bound to the first window of the first hospital."""
    context = await browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
    watched = Watched(await context.new_page())
    page, member = watched.page, running_city.member("clerk1")
    await page.goto(f"{running_city.url}/")
    await page.get_by_role("link", name="窗口扫码").click()
    await page.get_by_label("登录名").fill("clerk1")
    await page.get_by_label("密码").fill(member.password)
    await page.get_by_label("动态口令").fill(member.code(time.time()))
    await page.get_by_role("button", name="登录").click()
    await expect(page.get_by_role("heading", name="绑定终端")).to_be_visible()
    code = (await asyncio.to_thread(running_city.json, "demo", "desk", "1"))["code"]
    await page.get_by_label("绑定码").fill(code)
    await page.get_by_role("button", name="绑定此浏览器").click()
    await expect(page.get_by_label("扫码框")).to_be_focused()
    yield watched
    assert watched.complaints == []
    assert watched.hosts == {running_city.url.removeprefix("http://")}
    await context.close()


@pytest.fixture(scope="module")
async def codes(running_city: RunningCity) -> list[str]:
    """Codes of some residents, good for this minute and the next."""
    url = (await asyncio.to_thread(running_city.command, "db", "url", "--role", "owner")).stdout.strip()
    scanner = Scanner(running_city, url)
    cards = await scanner.card_ids()
    return [scanner.code_of(card, step_at(datetime.now(UTC))) for card in cards[:5]]


async def _scanned(page: Page, text: str) -> None:
    """Scan into the line, which has the focus."""
    await page.keyboard.insert_text(text)
    await page.keyboard.press("Enter")


# A scanner's keys come a few milliseconds apart, faster than a busy machine hands them over one by one.
KEYS = """text => {
  for (const key of [...text, "Enter"]) {
    document.activeElement.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true}));
  }
}"""


async def test_a_code_is_scanned_and_a_masked_person_stands_there(desk: Watched, codes: list[str]) -> None:
    page = desk.page
    await page.keyboard.type(codes[0])
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="核验通过")).to_be_visible()
    await expect(page.locator(".who")).to_contain_text("*")
    await expect(page.get_by_label("扫码框")).to_be_focused()
    await expect(page.get_by_label("扫码框")).to_have_value("")
    PICTURES.mkdir(parents=True, exist_ok=True)
    await page.screenshot(path=PICTURES / "scan-valid.png")


async def test_a_scan_is_heard_wherever_the_focus_is_and_presses_no_button(desk: Watched, codes: list[str]) -> None:
    page = desk.page
    await page.get_by_role("button", name="退出登录").focus()
    await page.evaluate(KEYS, codes[1])
    await expect(page.get_by_role("heading", name="核验通过")).to_be_visible()
    await expect(page.get_by_label("扫码框")).to_be_focused()


async def test_what_is_no_code_is_refused_in_words(desk: Watched) -> None:
    page = desk.page
    await _scanned(page, "370402190001010015")
    await expect(page.get_by_role("heading", name="不能使用")).to_be_visible()
    await expect(page.get_by_role("alert")).to_contain_text("居民身份证")
    await expect(page).to_have_title("错误：扫码 · 健康云")
    await page.screenshot(path=PICTURES / "scan-refused.png")


async def test_a_scanner_behind_a_chinese_input_method_is_told_so(desk: Watched, codes: list[str]) -> None:
    page = desk.page
    await page.get_by_label("扫码框").fill("码" + codes[2])
    await page.keyboard.press("Enter")
    await expect(page.locator("#hint")).to_contain_text("中文输入法")
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in codes[2])
    await page.get_by_label("扫码框").fill(wide)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="核验通过")).to_be_visible()


async def test_the_same_code_at_once_again_asks_nobody(desk: Watched, codes: list[str]) -> None:
    page = desk.page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.method == "POST" else None)
    await _scanned(page, codes[3])
    # Answered, and not only the scan before it: the line is empty again.
    await expect(page.get_by_label("扫码框")).to_have_value("")
    await expect(page.get_by_role("heading", name="核验通过")).to_be_visible()
    await _scanned(page, codes[3])
    await expect(page.get_by_label("扫码框")).to_have_value("")
    assert len(asked) == 1


async def test_the_page_is_english_when_asked_to_be(desk: Watched, codes: list[str]) -> None:
    page = desk.page
    await page.get_by_role("button", name="English").click()
    await expect(page.get_by_label("Scan line")).to_be_focused()
    await _scanned(page, codes[4])
    await expect(page.get_by_role("heading", name="Verified")).to_be_visible()
    await page.screenshot(path=PICTURES / "scan-english.png")
    await page.get_by_role("button", name="中文").click()
    await expect(page.get_by_label("扫码框")).to_be_visible()


async def test_the_line_and_its_button_are_large_enough_to_hit(desk: Watched) -> None:
    for locator in (desk.page.get_by_label("扫码框"), desk.page.get_by_role("button", name="核验")):
        box = await locator.bounding_box()
        assert box is not None
        assert box["height"] >= 44
