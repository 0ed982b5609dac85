"""The counter in a real browser: the scanner's rules, each screen, the camera, the cover of a desk left alone."""

import itertools
from datetime import timedelta
from typing import Any

import pytest
from fixtures.browser import settled
from people.makers import next_number
from playwright.async_api import Page, expect

from healthcloud.core.clock import REAL_CLOCK, Clock
from healthcloud.web.qr import qr_svg

PEOPLE = itertools.count(20)
WEDGE = "async () => { const wedge = await import('/static/clinic/wedge.js');"
# A scanner's keys come a few milliseconds apart, faster than a busy machine hands them over one by one.
KEYS = """text => {
  for (const key of [...text, "Enter"]) {
    const at = document.activeElement;
    if (at.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true})) && key.length === 1
        && at instanceof HTMLInputElement) at.value += key;
  }
}"""


@pytest.fixture
async def desk(clinic: Any, visitor: Any) -> Page:
    browser = await clinic.at_desk("clerk1", 1)
    page: Page = await visitor(1366, cookies=browser.cookies)
    await page.goto("/scan")
    await expect(page.get_by_label("扫码框")).to_be_focused()
    return page


@pytest.fixture
async def code(clinic: Any) -> str:
    text: str = await clinic.code_of(await clinic.card_of(next(PEOPLE)))
    return text


async def test_keys_are_a_scan_by_their_times_and_number_alone(desk: Page) -> None:
    found = await desk.evaluate(
        WEDGE
        + """
          const typed = (text, gap, end = "Enter") => {
            const burst = new wedge.Burst(); let at = 0, whole = null;
            for (const key of [...text, end]) { at += gap; whole = burst.take(key, at); }
            return whole;
          };
          const code = "A".repeat(20);
          return {
            quick: typed(code, 35), tab: typed(code, 5, "Tab"), slow: typed(code, 36), short: typed("A".repeat(19), 5),
            ime: wedge.codeIn(typed(code, 5) && "码" + code), wide: wedge.codeIn("ＡＢ１２：－／．＿"),
            prefix: wedge.codeIn("]Q3ABC", "]Q3"), sign: wedge.codeIn("ABC+DEF"),
          };
        }"""
    )
    whole = "A" * 20
    assert found["quick"] == found["tab"] == whole
    assert found["slow"] is None
    assert found["short"] is None
    assert (found["ime"], found["sign"]) == (None, None)
    assert (found["wide"], found["prefix"]) == ("AB12:-/._", "ABC")


async def test_the_same_code_is_the_same_scan_for_three_seconds(desk: Page) -> None:
    said = await desk.evaluate(
        WEDGE
        + """
          const repeats = new wedge.Repeats();
          return [["A", 0], ["A", 2999], ["B", 3000], ["A", 3001], ["A", 6001]].map(([c, at]) => repeats.again(c, at));
        }"""
    )
    assert said == [False, True, False, False, False]


async def test_a_scanned_person_stands_large_and_everything_is_reached_by_keys(desk: Page, code: str) -> None:
    await settled(desk, "counter-waiting")
    await desk.keyboard.type(code, delay=2)
    await desk.keyboard.press("Enter")
    await expect(desk.get_by_text("核验通过")).to_be_visible()
    await expect(desk.get_by_label("扫码框")).to_be_focused()
    await settled(desk, "counter-scanned")
    await desk.keyboard.press("Escape")
    await expect(desk.get_by_text("核验通过")).to_be_hidden()
    await desk.get_by_role("link", name="挂失").focus()
    await desk.keyboard.press("F2")
    await expect(desk.get_by_label("扫码框")).to_be_focused()
    await desk.keyboard.press("/")
    await expect(desk.get_by_role("heading", name="按证件查找")).to_be_visible()
    await settled(desk, "counter-find")


async def test_a_burst_into_another_field_presses_nothing_and_leaves_nothing_there(
    clinic: Any, desk: Page, code: str
) -> None:
    await desk.get_by_role("button", name="锁屏").focus()
    await desk.evaluate(KEYS, code)
    await expect(desk.get_by_text("核验通过")).to_be_visible()
    await expect(desk.get_by_role("heading", name="已锁屏")).to_be_hidden()
    await expect(desk.get_by_label("扫码框")).to_have_value("")
    await desk.keyboard.press("Escape")
    await desk.keyboard.type("typed by hand")
    await desk.wait_for_timeout(50)
    await desk.evaluate(KEYS, await clinic.code_of(await clinic.card_of(next(PEOPLE))))
    await expect(desk.get_by_text("核验通过")).to_be_visible()


async def test_a_refusal_says_what_to_do_and_where_to_go_on(desk: Page) -> None:
    await desk.get_by_label("扫码框").fill("370402190001010015")
    await desk.keyboard.press("Enter")
    await expect(desk.get_by_role("alert").first).to_contain_text("居民身份证")
    await settled(desk, "counter-refused")
    await desk.get_by_role("link", name="按证件查找").last.click()
    await expect(desk.get_by_role("heading", name="按证件查找")).to_be_visible()


async def test_a_printed_code_asks_for_a_second_fact_and_takes_it(desk: Page, code: str) -> None:
    await desk.get_by_label("扫码框").fill(f"{code[:64]}:1:::")
    await desk.keyboard.press("Enter")
    await expect(desk.get_by_label("核对内容")).to_be_focused()
    await settled(desk, "counter-fact")
    await desk.get_by_label("已当面核对本人相貌").check()
    await desk.get_by_role("button", name="核对并核验").click()
    await expect(desk.get_by_text("核验通过")).to_be_visible()
    await expect(desk.get_by_label("扫码框")).to_be_focused()


async def test_the_camera_reads_a_code_with_its_own_webassembly(desk: Page, code: str) -> None:
    read = await desk.evaluate(
        """async (svg) => {
          const { reader } = await import(document.querySelector("script[src*='clinic/camera']").src);
          const picture = new Image();
          picture.src = "data:image/svg+xml;base64," + btoa(svg);
          await picture.decode();
          const canvas = document.createElement("canvas");
          canvas.width = canvas.height = 500;
          const pen = canvas.getContext("2d");
          pen.fillStyle = "#fff"; pen.fillRect(0, 0, 500, 500); pen.drawImage(picture, 50, 50, 400, 400);
          return (await reader())(canvas);
        }""",
        str(qr_svg(code)).replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="400"', 1),
    )
    assert read == code


async def test_a_card_is_opened_by_what_a_card_reader_types(desk: Page) -> None:
    number = next_number(male=False)
    await desk.get_by_role("link", name="登记办卡").click()
    await settled(desk, "counter-register")
    await desk.get_by_role("link", name="本人，有身份证").click()
    await desk.get_by_label("姓名").focus()
    await desk.evaluate(KEYS, number)
    await expect(desk.get_by_label("证件号码")).to_have_value(number)
    await desk.get_by_label("姓名").fill("张晓兰")
    await desk.get_by_label("本院患者号").fill(f"W{number[-6:]}")
    await settled(desk, "counter-form")
    await desk.get_by_label("他们已听明白并同意").or_(desk.get_by_label("本人已听明白并同意")).check()
    await desk.get_by_label("证件原件与本人已核对").check()
    await desk.get_by_role("button", name="下一步：核对").click()
    await expect(desk.get_by_role("heading", name="核对信息")).to_be_visible()
    await settled(desk, "counter-review")
    await desk.get_by_role("button", name="确认办理").click()
    await expect(desk.get_by_role("heading", name="健康卡已开出")).to_be_visible()
    await settled(desk, "counter-opened")


async def test_every_other_screen_of_the_counter_holds(clinic: Any, desk: Page) -> None:
    holder = await clinic.card_of(next(PEOPLE))
    for variant in ("elder", "child", "foreign", "unknown"):
        await desk.goto(f"/counter/register/{variant}")
        await settled(desk, f"counter-{variant}")
    await desk.get_by_label("估计年龄").fill("70")
    await desk.get_by_label("体貌和发现经过").fill("火车站，灰色外套，不能说话")
    await desk.get_by_label("男", exact=True).check()
    await desk.get_by_role("button", name="下一步：核对").click()
    await expect(desk.get_by_text("有效期至")).to_be_visible()
    await settled(desk, "counter-unknown-review")
    for path, name in (("", "sheet"), ("/take-back", "take-back"), ("/document", "document")):
        await desk.goto(f"/counter/people/{holder.person_id}{path}")
        await settled(desk, f"counter-{name}")
    for path in ("label/" + str(holder.person_id), "freeze", "desk"):
        await desk.goto(f"/counter/{path}")
        await settled(desk, f"counter-{path.split('/')[0]}")
    await desk.goto("/counter/register/adult")
    await desk.evaluate("document.querySelector('#register').noValidate = true")
    await desk.get_by_role("button", name="下一步：核对").click()
    await expect(desk.get_by_role("alert").first).to_be_focused()
    await settled(desk, "counter-form-refused")


async def test_a_desk_left_alone_is_covered_and_nothing_typed_is_lost(clinic: Any, desk: Page) -> None:
    await desk.clock.install()
    await desk.goto("/counter/register/adult")
    await desk.get_by_label("姓名").fill("张晓兰")
    await desk.clock.fast_forward("11:00")
    await expect(desk.get_by_role("heading", name="已锁屏")).to_be_visible()
    await expect(desk.get_by_label("姓名")).to_be_hidden()
    for _ in range(3):
        await desk.keyboard.press("Escape")
    await expect(desk.get_by_role("heading", name="已锁屏")).to_be_visible()
    await settled(desk, "counter-locked")
    await desk.get_by_label("PIN 或动态口令").fill("12345678")
    await desk.get_by_role("button", name="解锁").click()
    await expect(desk.get_by_text("PIN 或口令不对")).to_be_visible()
    await desk.reload()
    await expect(desk.get_by_role("heading", name="已锁屏")).to_be_visible()
    clinic.signed.pop("clerk1")


async def test_the_counter_is_usable_on_a_phone(clinic: Any, visitor: Any) -> None:
    browser = await clinic.at_desk("clerk2", 2)
    page = await visitor(390, cookies=browser.cookies, language="en")
    await page.goto("/scan")
    await settled(page, "counter-phone")
    await page.goto("/counter/register/newborn")
    await settled(page, "counter-phone-newborn")
    await page.goto("/counter/desk")
    await settled(page, "counter-phone-desk")


async def test_a_desk_goes_on_where_it_was_after_the_pin(clinic: Any, visitor: Any) -> None:
    browser = await clinic.at_desk("clerk2", 2)
    database, member = clinic.city.database, next(one for one in clinic.loaded.staff if one.login == "clerk2")
    database.clock = Clock(timedelta(minutes=1))  # a code of the second factor is good once
    page = await visitor(1366, cookies=browser.cookies)
    await page.goto("/counter/desk")
    await page.get_by_label("新 PIN").fill("418205")
    await page.get_by_label("动态口令", exact=True).fill(member.code(database.clock.now().timestamp()))
    await page.get_by_role("button", name="保存").last.click()
    await expect(page.get_by_text("PIN 已保存")).to_be_visible()
    await page.goto("/counter/register/foreign")
    await page.get_by_label("姓名").fill("María Gutiérrez")
    await page.get_by_role("button", name="锁屏").click()
    await page.get_by_label("PIN 或动态口令").fill("418205")
    await page.get_by_role("button", name="解锁").click()
    await expect(page.get_by_label("姓名")).to_have_value("María Gutiérrez")
    await expect(page.get_by_role("heading", name="已锁屏")).to_be_hidden()
    await page.goto("/counter/find")
    await expect(page.get_by_role("heading", name="按证件查找")).to_be_visible()
    database.clock = REAL_CLOCK
