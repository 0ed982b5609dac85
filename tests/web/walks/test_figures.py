"""An operator reads the figures at a desk and on a phone, sees them change, and opens what stands behind one."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from fixtures.browser import DESKS, Shape, settled
from playwright.async_api import Page, expect
from web.using import Past

Visit = Callable[..., Awaitable[Page]]
SHAPES = (*DESKS, Shape("390", 390, target=24, other_target=24))


async def test_an_operator_sees_numbers_change_and_what_they_mean(clinic: Any, visitor: Visit, tmp_path: Path) -> None:
    past = Past(clinic, tmp_path)
    await past.live()
    operator = await clinic.signed_in("operator")
    page = await visitor(1366, cookies=operator.cookies)
    await page.goto("/console/figures")
    uses = page.locator("a[href='/console/figures/uses-today'] b")
    await expect(page.locator("#live-state")).not_to_be_empty()
    before = int((await uses.inner_text()).replace(",", ""))
    await past.use(1)
    await expect(uses).to_have_text(f"{before + 1:,}")
    await settled(page, "figures-overview", shapes=SHAPES)

    await page.locator("a[href='/console/figures/uses-today']").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("今日用卡")
    await settled(page, "figures-one", shapes=SHAPES)
    await page.get_by_role("link", name="查看明细").click()
    await settled(page, "figures-uses", shapes=SHAPES)

    await page.goto("/console/figures/card-changes-today/rows")
    await page.get_by_role("link", name="显示脱敏姓名").click()
    await settled(page, "figures-rows", shapes=SHAPES)


async def test_in_english_and_without_script_the_numbers_stand(clinic: Any, visitor: Visit, tmp_path: Path) -> None:
    await Past(clinic, tmp_path).live()
    manager = await clinic.signed_in("manager1")
    page = await visitor(1366, cookies=manager.cookies, language="en", java_script_enabled=False)
    await page.goto("/console/figures")
    await expect(page.locator("a[href='/console/figures/uses-today'] b")).not_to_be_empty()
    await page.screenshot(path="var/screenshots/figures-english.png", full_page=True)
