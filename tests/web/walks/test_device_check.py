"""A phone that is looked at: what will work is told in words, with a report that names nobody."""

import re

from fixtures.browser import Visit, settled
from playwright.async_api import expect


async def test_a_phone_is_checked_across_a_reload(visitor: Visit) -> None:
    page = await visitor(390)
    await page.goto("/device-check")
    await settled(page, "device-check")
    await page.get_by_role("button", name="开始检测").click()
    await expect(page.get_by_text("检测完毕")).to_be_visible(timeout=20_000)
    ways = page.locator("#ways li")
    await expect(ways).to_have_count(4)
    for way in ("有网络时出示健康卡", "没有网络时出示健康卡", "村卫生室、救护车的无网络读卡", "打印的健康卡"):
        await expect(ways.filter(has_text=f"✓ 可以 {way}")).to_be_visible()
    report = await page.locator("#report").inner_text()
    for line in ("secure: ok", "keys: ok", "kept: ok", "worker: ok", "code: ok"):
        assert line in report
    assert re.search(r"clock: ok \([+-]?\d s\)", report)
    assert "online=ok offline=ok device=ok printed=ok" in report
    await settled(page, "device-check-done")


async def test_a_phone_that_keeps_no_keys_is_told_what_is_left(visitor: Visit) -> None:
    page = await visitor(390, language="en")
    await page.add_init_script(
        """Object.defineProperty(window, "indexedDB", {
          value: { open() { throw new Error("no"); }, deleteDatabase() { return {}; } },
        });"""
    )
    await page.goto("/device-check")
    await page.get_by_role("button", name="Start").click()
    await expect(page.get_by_text("Checked.")).to_be_visible(timeout=20_000)
    ways = page.locator("#ways li")
    await expect(ways.filter(has_text="✓ Yes Showing the card with a network")).to_be_visible()
    await expect(ways.filter(has_text="✗ No Showing the card with no network")).to_be_visible()
    await expect(ways.filter(has_text="✓ Yes Printed card")).to_be_visible()
    await settled(page, "device-check-no-keys")
