"""The pages for who connects a system: each looked at, on a phone, large, and at a desk, in both languages."""

import re
from collections.abc import Awaitable, Callable

import pytest
from fixtures.browser import DESK, settled
from playwright.async_api import Page

Visit = Callable[..., Awaitable[Page]]
LISTS = (
    *("", "/reference", "/reference/cards.verify", "/errors", "/errors?who=resident"),
    *("/scopes", "/changelog", "/status"),
)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("path", [*LISTS, *(f"/guide/{name}" for name in ("start", "signing", "own", "hl7"))])
async def test_a_page_is_looked_at(visitor: Visit, path: str, language: str) -> None:
    page = await visitor(language=language)
    await page.goto(f"/developers{path}")
    await settled(page, f"developers{re.sub(r'[^a-z0-9]+', '-', path)}-{language}")


async def test_a_listing_is_copied_and_the_desk_has_room(visitor: Visit) -> None:
    page = await visitor(DESK, permissions=["clipboard-read", "clipboard-write"])
    await page.goto("/developers/guide/signing")
    await page.locator("[data-kit-copy=signing-curl]").click()
    copied = await page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("#!/usr/bin/env bash")
    await settled(page, "developers-signing-desk")
