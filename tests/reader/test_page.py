"""The reader's page in a real browser: one scan line, one large answer, the list's age always on the screen."""

import json
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from fixtures.browser import Shape, Visit, settled
from playwright.async_api import Page, expect
from reader.phones import NOW, code_of, phone
from reader.town import DAY, Hands, Town, entry, ready

from healthcloud_reader import ALL_VOID
from healthcloud_reader.offline import Aside, Reader
from healthcloud_reader.terminal.serving import PageServer

SHAPES = (
    Shape("390", 390),
    Shape("320", 320, 568),
    Shape("elder", 390, elder=True, target=60),
    Shape("1366", 1366, 768, target=24, other_target=24),
)
JSON = {"Content-Type": "application/json"}


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def town() -> Town:
    return Town()


@pytest.fixture
def reader(tmp_path: Path, town: Town, hands: Hands) -> Iterator[Reader]:
    with ready(tmp_path, town, hands) as reader:
        yield reader


@pytest.fixture
def server(reader: Reader) -> Iterator[PageServer]:
    with PageServer(reader, 0) as server:
        serving = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        serving.start()
        yield server
        server.shutdown()
        serving.join()


@pytest.fixture
def site(server: PageServer) -> str:
    return server.address.rstrip("/")


def asked(
    server: PageServer, method: str, path: str, body: object = None, **headers: str
) -> tuple[int, dict[str, str]]:
    """Ask by hand, as no browser would."""
    connection = HTTPConnection("127.0.0.1", server.server_port, timeout=5)
    connection.request(method, path, None if body is None else json.dumps(body), headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status, dict(answer.getheaders())


async def scan(page: Page, text: str, word: str) -> None:
    await page.keyboard.insert_text(text)
    await page.keyboard.press("Enter")
    await expect(page.locator("#word")).to_contain_text(word)


@pytest.mark.city
async def test_a_scan_is_answered_large_in_words_and_colour(visitor: Visit, town: Town, reader: Reader) -> None:
    page = await visitor(390)
    await page.goto("/")
    await expect(page.locator("#line")).to_be_focused()
    await expect(page.locator("#age")).to_have_text("1 分钟前")
    await settled(page, "reader-ready", shapes=SHAPES)
    code = code_of(town.keys[0], phone()).text
    await scan(page, code, "通过")
    await expect(page.locator("#who")).to_have_text("张*兰 · 女 · 1900 年生 · 人脸比对")
    await expect(page.locator("#waiting")).to_have_text("1")
    await expect(page.locator("#line")).to_have_value("")
    await settled(page, "reader-accepted", shapes=SHAPES)
    await page.wait_for_timeout(3100)
    await scan(page, code, "已读过")
    assert len(reader.waiting(9)) == 1


@pytest.mark.city
async def test_a_refusal_says_why_and_what_to_do(visitor: Visit, town: Town, reader: Reader) -> None:
    reader.take_revocations(None, [town.delta(2, entry(ALL_VOID))])
    page = await visitor(390)
    await page.goto("/")
    await scan(page, code_of(town.keys[0], phone()).text, "不予通过")
    await expect(page.locator("#why")).to_contain_text("停用")
    await settled(page, "reader-refused", shapes=SHAPES)
    await scan(page, code_of(town.keys[0], phone(), NOW - 7).text, "不予通过")
    await expect(page.locator("#why")).to_contain_text("相差 7 分钟")
    await scan(page, "EHC1:ＡＢ＿", "不予通过")
    await expect(page.locator("#cautions")).to_contain_text("输入法")


@pytest.mark.city
async def test_an_old_list_is_always_said_and_an_emergency_goes_on(visitor: Visit, town: Town, hands: Hands) -> None:
    hands.forward(4 * DAY)
    step = NOW + 4 * 1440
    page = await visitor(1366, language="en")
    await page.goto("/")
    await expect(page.locator("#refuses")).to_contain_text("too old")
    await expect(page.locator("#age")).to_have_text("4 days old")
    await scan(page, code_of(town.keys[0], phone(), step).text, "Refused")
    await page.get_by_label("Emergency").check()
    await scan(page, code_of(town.keys[0], phone(), step + 1).text, "Accepted")
    await expect(page.locator("#result")).to_have_attribute("data-outcome", "cautioned")
    await settled(page, "reader-emergency", shapes=SHAPES)
    await page.get_by_role("button", name="中文").click()
    await expect(page.locator("#word")).to_contain_text("通过")
    await expect(page.locator("html")).to_have_attribute("lang", "zh-CN")


@pytest.mark.city
async def test_what_must_be_seen_to_is_on_the_page(visitor: Visit, reader: Reader) -> None:
    reader.scan("AB" * 32 + ":0:" + "CD" * 16 + "::")
    [use] = reader.waiting(9)
    reader.settle([], [Aside(use, "code-forged", "Nobody made this code.", "此码系伪造。")])
    page = await visitor(390)
    await page.goto("/")
    await expect(page.locator("#aside")).to_contain_text("此码系伪造。")
    await page.get_by_role("button", name="联网更新并上传").click()
    await expect(page.locator("#linked")).to_contain_text("未能联网")
    await expect(page.locator("#line")).to_be_focused()
    await settled(page, "reader-aside", shapes=SHAPES)


@pytest.mark.city
async def test_whatever_has_the_focus_a_scan_goes_to_the_line(visitor: Visit, town: Town) -> None:
    page = await visitor(1366)
    await page.goto("/")
    await page.get_by_role("button", name="联网更新并上传").focus()
    await page.keyboard.type(code_of(town.keys[0], phone()).text)
    await page.keyboard.press("Enter")
    await expect(page.locator("#word")).to_contain_text("通过")


@pytest.mark.parametrize(
    "changed",
    [
        {"Host": "reader.example"},
        {"Origin": "http://evil.example"},
        {"Origin": ""},
        {"X-Reader-Token": "guess"},
        {"X-Reader-Token": ""},
        {"Content-Type": "text/plain"},
    ],
    ids=str,
)
def test_no_other_page_can_make_it_scan(
    server: PageServer, reader: Reader, town: Town, changed: dict[str, str]
) -> None:
    host = f"127.0.0.1:{server.server_port}"
    headers = {"Host": host, "Origin": f"http://{host}", "X-Reader-Token": server.token, **JSON}
    body = {"text": code_of(town.keys[0], phone()).text, "scene": None}
    assert asked(server, "POST", "/scan", body, **(headers | changed))[0] == 403
    assert reader.waiting(9) == []
    assert asked(server, "POST", "/scan", body, **headers)[0] == 200
    assert len(reader.waiting(9)) == 1


def test_no_other_name_leads_here_and_nothing_else_is_served(server: PageServer) -> None:
    assert asked(server, "GET", "/status", Host="rebound.example")[0] == 403
    assert asked(server, "GET", "/../command.py")[0] == 404
    status, headers = asked(server, "GET", "/")
    assert status == 200
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'")
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(("path", "body"), [("/scan", []), ("/scan", {"text": 7}), ("/nothing", {}), ("/scan", None)])
def test_a_request_that_makes_no_sense_is_refused(server: PageServer, path: str, body: Any) -> None:
    host = f"127.0.0.1:{server.server_port}"
    headers = {"Host": host, "Origin": f"http://{host}", "X-Reader-Token": server.token, **JSON}
    assert asked(server, "POST", path, body, **headers)[0] in {400, 403}
