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

# Sound, and undecided at axe's first look: text wider than its box by a 64th of a pixel, over a gradient, under a bar
# that sticks.
UNDECIDED = """<p lang="zh-CN" style="width:144px;white-space:nowrap;background:#fff">古丽娜尔·艾合买提</p>
<p style="color:#fff;background:linear-gradient(#0b6e5f,#087a68)">legible</p><p style="height:480px"></p>
<p>under the bar</p><div style="position:sticky;bottom:0;height:90px;background:#fff"></div>
<p style="height:480px"></p>"""

FAULTS = {
    "wider than the screen": '<p style="width:500px;background:#fff">wide</p>',
    "not 44": '<button style="height:20px;width:200px">small</button>',
    "axe label": '<input style="height:60px">',
    "axe color-contrast": '<p style="color:#999;background:#fff">pale</p>',
    "axe color-contrast:": '<p style="color:#fff;background:linear-gradient(#0b6e5f,#7fbdb3)">pale at one end</p>',
    "axe cannot tell": '<p style="background-image:url(data:image/png;base64,AAAA)">on a picture</p>',
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_fault_is_found(visitor: Visit, fault: str) -> None:
    page = await visitor()
    await page.set_content(SOUND.format(FAULTS[fault]))
    with pytest.raises(AssertionError, match=fault):
        await settled(page, "looking-fault")


async def test_a_sound_screen_is_found_sound(visitor: Visit) -> None:
    page = await visitor()
    await page.set_content(SOUND.format(UNDECIDED + '<button style="height:60px;width:200px">Go on</button>'))
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
