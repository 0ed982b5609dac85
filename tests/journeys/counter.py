"""What a clerk does at the window, by the pages: binds the desk, registers somebody, scans."""

import asyncio

from journeys.cast import Cast
from playwright.async_api import Page, expect


async def at_window(cast: Cast, hospital: int) -> Page:
    """Bring a clerk of the first or second hospital before their window's browser, bound to its terminal."""
    page = await cast.staff(f"clerk{hospital}")
    await page.goto("/scan")
    if await page.get_by_label("绑定码").count():
        code = (await asyncio.to_thread(cast.city.json, "demo", "desk", str(hospital)))["code"]
        await page.get_by_label("绑定码").fill(code)
        await page.get_by_role("button", name="绑定此浏览器").click()
        await expect(page.get_by_label("扫码框")).to_be_focused()
        cast.states[f"clerk{hospital}"] = await page.context.storage_state()
    return page


async def scan(page: Page, text: str) -> None:
    """Scan into the line, which has the focus."""
    await page.goto("/scan")
    await expect(page.get_by_label("扫码框")).to_be_focused()
    await page.keyboard.insert_text(text)
    await page.keyboard.press("Enter")


async def carry_out(page: Page) -> None:
    """Look at what was filled in, and carry it out; the sheet of whom it is about is shown then."""
    await page.get_by_role("button", name="下一步").click()
    await expect(page.get_by_role("heading", name="核对信息")).to_be_visible()
    await page.get_by_role("button", name="确认办理").click()
    await page.wait_for_url("**/counter/people/**")
