"""Looking at a screen finds what is wrong with it."""

from collections.abc import Awaitable, Callable

import pytest
from fixtures.browser import settled
from fixtures.scanner import read_code
from playwright.async_api import Page

from healthcloud.web.qr import qr_svg

Visit = Callable[..., Awaitable[Page]]

SOUND = """<!doctype html><html lang="en"><head><title>A sound page</title></head><body>
<main><h1>Sound</h1><form><label>Name <input style="height:60px"></label>{}</form></main></body></html>"""

FAULTS = {
    "wider than the screen": '<p style="width:500px;background:#fff">wide</p>',
    "not 44": '<button style="height:20px;width:200px">small</button>',
    "axe label": '<input style="height:60px">',
    "axe color-contrast": '<p style="color:#999;background:#fff">pale</p>',
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_fault_is_found(visitor: Visit, fault: str) -> None:
    page = await visitor()
    await page.set_content(SOUND.format(FAULTS[fault]))
    with pytest.raises(AssertionError, match=fault):
        await settled(page, "looking-fault")


async def test_a_sound_screen_is_found_sound(visitor: Visit) -> None:
    page = await visitor()
    await page.set_content(SOUND.format('<button style="height:60px;width:200px">Go on</button>'))
    await settled(page, "looking-sound")


async def test_a_complaint_is_heard(visitor: Visit) -> None:
    page = await visitor()
    await page.set_content(SOUND.format(""))
    await page.evaluate("() => console.error('it hurts')")
    with pytest.raises(AssertionError, match="it hurts"):
        await settled(page, "looking-complaint")


async def test_a_code_is_read_from_its_pixels(visitor: Visit) -> None:
    page = await visitor()
    await page.set_content(SOUND.format(qr_svg("EHC1:A CODE")))
    assert await read_code(page.locator("svg")) == "EHC1:A CODE"
