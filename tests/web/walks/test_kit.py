"""The kit's own page: every part, as large, as small, as dark and in every language in which people meet it."""

from collections.abc import Awaitable, Callable

import pytest
from fixtures.browser import Shape, forgive, settled
from playwright.async_api import Page

Visit = Callable[..., Awaitable[Page]]

PHONE = (Shape("390", 390),)
ELDER = (Shape("390", 390, elder=True, target=60), Shape("320", 320, 568, elder=True, target=60))
NARROW = (Shape("280", 280, 653),)
VARIANTS = {
    "normal": ("zh-CN", "normal.light", (*PHONE, *NARROW)),
    "dark": ("zh-CN", "normal.dark", PHONE),
    "english": ("en", "normal.light", (*PHONE, *NARROW)),
    "elder": ("zh-CN", "elder.light", ELDER),
    "huge": ("zh-CN", "huge.dark", NARROW),
}


@pytest.mark.parametrize("variant", VARIANTS)
async def test_every_part_holds(visitor: Visit, site: str, variant: str) -> None:
    language, display, shapes = VARIANTS[variant]
    page = await visitor(language=language)
    await page.context.add_cookies([{"name": "hc_display", "value": display, "url": site}])
    await page.goto("/kit")
    await settled(page, f"kit-{variant}", shapes=shapes)


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_every_part_holds_at_a_desk(visitor: Visit, site: str, theme: str) -> None:
    page = await visitor(1366)
    await page.context.add_cookies([{"name": "hc_display", "value": f"normal.{theme}", "url": site}])
    await page.goto("/kit/desk")
    await settled(page, f"kit-desk-{theme}")


async def test_the_summary_takes_the_focus_and_leads_to_its_field(visitor: Visit) -> None:
    page = await visitor()
    await page.goto("/kit")
    summary = page.locator("[data-kit-summary]")
    assert await summary.evaluate("one => one === document.activeElement")
    await summary.get_by_role("link").first.click()
    assert await page.locator("#phone").evaluate("one => one === document.activeElement")


async def test_a_dialog_opens_keeps_the_focus_and_gives_it_back(visitor: Visit) -> None:
    page = await visitor()
    await page.goto("/kit")
    opener = page.get_by_role("button", name="选择就诊人…")
    await opener.click()
    dialog = page.get_by_role("dialog", name="选择就诊人")
    assert await dialog.is_visible()
    await settled(page, "kit-dialog", shapes=PHONE)
    await page.keyboard.press("Escape")
    assert await dialog.is_hidden()
    assert await opener.evaluate("one => one === document.activeElement")


async def test_a_second_tap_sends_nothing(visitor: Visit) -> None:
    page = await visitor()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    await page.goto("/kit")
    taps = """async (form) => {
      for (const tap of [1, 2, 3]) form.requestSubmit();
      return form.dataset.sent;
    }"""
    async with page.expect_response("**/kit"):
        assert await page.locator("form[action='/display']").first.evaluate(taps) == ""
    assert len(sent) == 1


async def test_without_a_network_a_form_stays_as_it_was_typed(visitor: Visit) -> None:
    page = await visitor()
    await page.goto("/staff/sign-in")
    forgive(page, "ERR_INTERNET_DISCONNECTED")
    await page.context.set_offline(True)
    await page.get_by_label("登录名").fill("clerk1")
    await page.get_by_label("密码").fill("Some-Words-4711")
    await page.get_by_label("动态口令").fill("123456")
    await page.get_by_role("button", name="登录").click()
    assert await page.get_by_text("网络不通").is_visible()
    assert await page.get_by_label("登录名").input_value() == "clerk1"
    await page.context.set_offline(False)
    assert await page.get_by_text("网络不通").is_hidden()


async def test_text_theme_and_language_are_chosen_without_an_account(visitor: Visit) -> None:
    page = await visitor()
    await page.goto("/display?back=/staff/sign-in")
    await settled(page, "display")
    await page.get_by_text("特大").click()
    await page.get_by_text("深色").click()
    await page.get_by_text("English").last.click()
    await page.get_by_role("button", name="保存设置").click()
    await page.wait_for_url("**/staff/sign-in")
    assert await page.locator("html").get_attribute("data-display") == "huge"
    assert await page.locator("html").get_attribute("data-theme") == "dark"
    assert await page.locator("html").get_attribute("lang") == "en"
    assert await page.locator("html").evaluate("one => getComputedStyle(one).fontSize") == "30px"
