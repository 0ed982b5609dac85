"""A hospital's file handed in by page, and what the page says became of it."""

from pathlib import Path

from playwright.async_api import Page, expect

SLOW_MS = 60_000


async def hand_in(page: Page, hospital: str, file: Path, patience_ms: int = SLOW_MS) -> None:
    """Upload a file, confirm its columns, see the trial, import, and wait until it is done."""
    await page.goto("/console/imports/new")
    await page.get_by_label("医疗机构").select_option(label=hospital)
    await page.get_by_label("文件", exact=True).set_input_files(file)
    await page.get_by_role("button", name="上传").click()
    await page.get_by_role("link", name="核对各列").click(timeout=patience_ms)
    await page.get_by_role("button", name="按此试算").click()
    await page.get_by_role("button", name="开始导入").click(timeout=patience_ms)
    await expect(page.locator(".now")).to_contain_text("已完成", timeout=patience_ms)


async def number(page: Page, name: str) -> int:
    """Return one of an import's numbers as shown."""
    shown = page.locator(".numbers-of li").filter(has_text=name).locator("b")
    return int((await shown.inner_text()).replace(",", ""))
