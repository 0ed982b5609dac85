"""Staff sign in and set their factors; and the pages of problems: each looked at."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

from fixtures.browser import DESK, settled
from playwright.async_api import Page

from healthcloud import access
from healthcloud.core.caller import SYSTEM

Visit = Callable[..., Awaitable[Page]]


async def test_signing_in_and_being_refused(visitor: Visit) -> None:
    page = await visitor(DESK)
    await page.goto("/staff/sign-in")
    await settled(page, "staff-sign-in")
    await page.get_by_label("登录名").fill("clerk1")
    await page.get_by_label("密码").fill("Some-Words-4711")
    await page.get_by_label("动态口令").fill("000000")
    await page.get_by_role("button", name="登录").click()
    await page.get_by_role("alert").wait_for()
    assert (await page.title()).startswith("错误：")
    assert await page.locator("[data-kit-summary]").evaluate("one => one === document.activeElement")
    assert await page.get_by_label("登录名").input_value() == "clerk1"
    await settled(page, "staff-sign-in-refused")


async def test_an_invited_clerk_scans_the_second_factor(visitor: Visit, clinic: Any) -> None:
    invitation = await clinic.city.database.transact(
        lambda tx: access.invite(tx, SYSTEM, clinic.city.policy, login="new.walker", name="新窗口", institution_id=None)
    )
    page = await visitor(DESK)
    await page.goto(f"/staff/enrol#{invitation.token}")
    assert await page.get_by_label("邀请码").input_value() == invitation.token
    assert "#" not in page.url
    await page.get_by_label("密码").fill("a-long-password-2190")
    await page.get_by_role("button", name="下一步").click()
    await page.get_by_role("img", name="身份验证器用的二维码").wait_for()
    secret = page.locator(".secret")
    assert re.fullmatch(r"[A-Z2-7]+", (await secret.inner_text()).strip())
    await settled(page, "staff-enrol-code")


async def test_problems_are_told_in_pages(visitor: Visit) -> None:
    page = await visitor()
    await page.goto("/nowhere-at-all")
    await settled(page, "problem-not-found")
    await page.goto("/problems/unavailable")
    await settled(page, "problem-explained")


async def test_what_is_not_ones_own_says_so(visitor: Visit, clinic: Any) -> None:
    system = await clinic.signed_in("system")
    page = await visitor(DESK, cookies=system.cookies)
    await page.goto("/scan")
    await settled(page, "not-yours")
