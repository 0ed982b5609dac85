"""Swagger UI in a real browser, under the strict policy, with no other host to ask."""

import pytest
from fixtures.callers import city_of
from fixtures.http import served
from playwright.async_api import async_playwright

from healthcloud.core.db import Database


@pytest.mark.city
async def test_swagger_ui_draws_every_route_under_the_policy(database: Database) -> None:
    complaints: list[str] = []
    asked: list[str] = []
    async with served(city_of(database)) as url, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = await browser.new_page()
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        await page.goto(f"{url}/docs")
        await page.locator(".opblock-summary-path", has_text="/readyz").wait_for()
        await page.locator(".opblock-summary-path", has_text="/readyz").click()
        await page.locator(".opblock-body", has_text="not-ready").wait_for()
        await browser.close()
    assert complaints == []
    assert all(one.startswith((url, "data:")) for one in asked)
