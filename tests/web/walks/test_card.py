"""The card before a real browser: from a number to a card, its code renewed, enlarged, frozen, and without a net."""

import re
from typing import Any

import pytest
from fixtures.browser import Visit, forgive, settled
from fixtures.scanner import read_code
from playwright.async_api import Page, expect
from web.households import Resident, bear, code_to, settle

from healthcloud.core.ids import new_id
from healthcloud.server.demonstration import resident
from healthcloud.server.demonstration.residents import may_be_mother

A_CODE = re.compile(r"[0-9A-F]{64}:0:[0-9A-F]{32}::")


@pytest.fixture(scope="module")
async def mother(clinic: Any) -> Resident:
    """A mother with a card used once, a phone of its own, and a newborn whose card is open."""
    n = next(n for n in range(820, 1400) if may_be_mother(resident(n)) and resident(n).phone)
    one = await settle(clinic, n)
    child = await bear(clinic, one)
    await one.post("/family/newborn", child=str(child))
    await one.post(f"/card/open?person={child}", agree="yes")
    await one.browser.post(
        "/api/v1/cards/phones", json={"label": "妈妈的手机"}, headers={"Idempotency-Key": new_id().hex}
    )
    return one


async def shown(page: Page) -> str:
    return await read_code(page.locator(".plate-code svg:not(.blank)"))


async def test_from_a_number_to_a_card(visitor: Visit, clinic: Any) -> None:
    page, phone, form = await visitor(390), "16277777777", resident(819)
    await page.goto("/card")
    await expect(page).to_have_url(re.compile(r"/sign-in\?next=/card"))
    await settled(page, "sign-in")
    await page.get_by_label("手机号").fill(phone)
    await page.get_by_role("button", name="获取验证码").click()
    await expect(page.get_by_role("button", name="重新获取验证码")).to_be_disabled()
    await settled(page, "sign-in-code")
    await page.get_by_label("短信验证码").fill(await code_to(clinic, phone))
    await page.get_by_role("button", name="登录", exact=True).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("实名认证")
    await settled(page, "real-name")
    await page.get_by_role("link", name="证件不在身边").click()
    await settled(page, "real-name-later")
    await page.get_by_role("link", name="证件拿到了").click()
    await page.get_by_label("姓名").fill(form.name or "")
    await page.get_by_label("证件号码", exact=True).fill(form.documents[0].number)
    await page.get_by_label("我单独同意").check()
    await page.get_by_role("button", name="下一步").click()
    await settled(page, "real-name-review")
    await page.get_by_role("button", name="信息无误").click()
    await settled(page, "real-name-done")
    await page.goto("/card")
    await settled(page, "card-none")
    await page.get_by_role("link", name="办理健康卡").click()
    await settled(page, "card-open")


async def test_the_card_renews_its_code(visitor: Visit, mother: Resident) -> None:
    page = await visitor(390, cookies=mother.browser.cookies)
    await page.goto("/card")
    before = await shown(page)
    assert A_CODE.fullmatch(before)
    box = await page.locator(".plate-code").bounding_box()
    assert box is not None
    assert box["width"] >= 240
    await expect(page.locator(".tells")).to_contain_text(re.compile(r"\d+ 秒后更新"))
    await settled(page, "card")
    async with page.expect_response("**/card/now*") as answer:
        await page.get_by_role("link", name="刷新二维码").click()
    assert (await answer.value).ok
    await expect(page.get_by_text("二维码已更新")).to_be_attached()
    assert A_CODE.fullmatch(await shown(page))
    await page.get_by_role("link", name=re.compile("之|小|\\*")).first.click()
    await expect(page.locator(".card-kind")).to_have_text("新生儿卡")
    await settled(page, "card-newborn")


async def test_without_a_network_the_card_says_so_and_goes_on(visitor: Visit, mother: Resident) -> None:
    page = await visitor(390, cookies=mother.browser.cookies)
    await page.goto("/card")
    assert A_CODE.fullmatch(await shown(page))
    forgive(page, "ERR_INTERNET_DISCONNECTED")
    await page.context.set_offline(True)
    await page.get_by_role("link", name="刷新二维码").click()
    await expect(page.locator(".trouble")).to_contain_text("网络不通")
    assert A_CODE.fullmatch(await shown(page))
    await settled(page, "card-offline")
    await page.context.set_offline(False)
    await expect(page.locator(".trouble")).to_be_hidden()
    await page.get_by_role("link", name="刷新二维码").click()
    await expect(page.locator(".trouble")).to_be_hidden()


async def test_a_code_that_could_not_be_renewed_is_covered(visitor: Visit, mother: Resident) -> None:
    page = await visitor(390, cookies=mother.browser.cookies)
    forgive(page, "ERR_FAILED")
    await page.clock.install()
    await page.goto("/card")
    assert A_CODE.fullmatch(await shown(page))
    await page.route("**/card/now*", lambda route: route.abort())
    await page.clock.run_for(200_000)
    await expect(page.locator(".over")).to_be_visible()
    await expect(page.locator(".trouble")).to_contain_text("暂时取不到")
    await settled(page, "card-over")
    await page.unroute("**/card/now*")
    await page.get_by_role("link", name="刷新二维码").click()
    await expect(page.locator(".trouble")).to_be_hidden()


async def test_the_card_in_other_looks(visitor: Visit, site: str, mother: Resident) -> None:
    for name, language, display in (
        ("card-dark", "zh-CN", "normal.dark"),
        ("card-english", "en", "normal.light"),
        ("card-huge", "zh-CN", "huge.light"),
    ):
        page = await visitor(390, language=language, cookies=mother.browser.cookies)
        await page.context.add_cookies([{"name": "hc_display", "value": display, "url": site}])
        await page.goto("/card")
        assert A_CODE.fullmatch(await shown(page))
        await settled(page, name)
    page = await visitor(390, elder=True, cookies=mother.browser.cookies)
    await page.goto("/card")
    await settled(page, "card-elder")


async def test_the_card_is_enlarged_printed_and_frozen(visitor: Visit, mother: Resident) -> None:
    page = await visitor(390, cookies=mother.browser.cookies)
    await page.goto("/card")
    await page.get_by_role("link", name="放大二维码").click()
    assert A_CODE.fullmatch(await shown(page))
    await settled(page, "card-enlarged")
    await page.goto("/card/label")
    await settled(page, "card-label")
    await page.goto("/card/detail")
    await settled(page, "card-detail")
    await page.goto("/card/open")
    await settled(page, "card-have")
    await page.goto("/card/freeze")
    await settled(page, "card-freeze")
    await page.get_by_role("button", name="确认挂失").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("健康卡已挂失")
    await settled(page, "card-frozen-done")
    await page.get_by_role("link", name="返回健康卡").click()
    await settled(page, "card-frozen")
    await page.get_by_role("link", name="解除挂失").click()
    await page.get_by_role("button", name="确认解除挂失").click()
    await expect(page.get_by_role("link", name="重新核验身份")).to_be_visible()
    await settled(page, "card-unfreeze-refused")
