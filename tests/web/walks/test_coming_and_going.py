"""Signing in and out, for residents and staff: Back, an old tab, an answer that was lost."""

from typing import Any

from fixtures.browser import DESK, Visit, settled
from fixtures.network import answers_lost
from playwright.async_api import Page, expect
from web.households import code_to, settle

from healthcloud import access


async def _ask_for_a_code(page: Page, phone: str, path: str = "/sign-in?next=/me") -> None:
    await page.goto(path)
    await page.get_by_label("手机号").fill(phone)
    await page.get_by_role("button", name="获取验证码").click()
    await expect(page.get_by_label("短信验证码")).to_be_visible()


async def test_back_after_signing_in_leads_on_and_an_old_tab_too(visitor: Visit, clinic: Any) -> None:
    page, phone = await visitor(390), "16411111111"
    await _ask_for_a_code(page, phone)
    old = await page.context.new_page()
    await _ask_for_a_code(old, phone)  # too soon for another: the first is still to be entered
    code = await code_to(clinic, phone)
    for tab in (page, old):
        await tab.get_by_label("短信验证码").fill(code)
    await page.get_by_role("button", name="登录", exact=True).click()
    await page.wait_for_url("**/me")
    await page.go_back()
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert not page.url.startswith("chrome-error")
    await old.get_by_role("button", name="登录", exact=True).click()
    await old.wait_for_url("**/me")


async def test_back_to_the_code_page_asks_for_the_number_again(visitor: Visit) -> None:
    page = await visitor(390)
    await _ask_for_a_code(page, "16411112222")
    await page.goto("/help")
    await page.go_back()
    await expect(page.get_by_label("手机号")).to_be_visible()
    await settled(page, "sign-in-come-back-to")


async def test_after_signing_out_back_shows_nobodys_page(visitor: Visit, clinic: Any) -> None:
    one = await settle(clinic, 2301)
    page = await visitor(390, cookies=one.browser.cookies)
    for path in ("/me", "/family", "/me"):
        await page.goto(path)
    await page.get_by_role("button", name="退出登录").click()
    await page.wait_for_url("**/")
    await expect(page.get_by_role("link", name="登录").first).to_be_visible()
    for _ in range(3):
        await page.go_back()
        await expect(page.get_by_role("heading", name="手机号登录")).to_be_visible()
    await page.get_by_label("手机号").fill("16400000000")
    await settled(page, "sign-in-after-signing-out")


async def _fill_in(page: Page, clinic: Any, login: str, *, later: int = 0) -> None:
    member = next(one for one in clinic.loaded.staff if one.login == login)
    await page.get_by_label("登录名").fill(login)
    await page.get_by_label("密码").fill(member.password)
    code = member.code(clinic.city.database.clock.now().timestamp() + later)
    await page.get_by_label("动态口令").fill(code)


async def test_staff_whose_answer_was_lost_are_told_to_take_the_next_code(visitor: Visit, clinic: Any) -> None:
    page = await visitor(DESK)
    await page.goto("/staff/sign-in?next=/scan")
    await _fill_in(page, clinic, "clerk2")
    async with answers_lost(page) as statuses:
        await page.get_by_role("button", name="登录").click()
        await page.wait_for_url("chrome-error://**")
    assert statuses == [303]
    await page.reload()
    await expect(page.get_by_role("alert")).to_contain_text("换下一个口令再登录")
    await settled(page, "staff-sign-in-code-used")
    old = await page.context.new_page()
    await old.goto("/staff/sign-in")
    await _fill_in(old, clinic, "clerk2", later=30)
    await _fill_in(page, clinic, "clerk2", later=30)
    await page.get_by_role("button", name="登录").click()
    await page.wait_for_url("**/scan*")
    await old.get_by_role("button", name="登录").click()  # signed in already: the used code does not matter
    await expect(old).not_to_have_url("**/staff/sign-in")
    await page.go_back()
    assert not page.url.startswith("chrome-error")
    await expect(page.locator("h1").first).to_be_attached()
    assert access.sessions.SESSION_COOKIE in {one.get("name") for one in await page.context.cookies()}
