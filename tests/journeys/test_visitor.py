"""A visitor with a passport reads English: guides before signing in, a card from the counter, its code on the phone."""

import secrets

from fixtures.browser import settled
from journeys.cast import Cast
from journeys.counter import at_window, carry_out, scan
from journeys.residents import Resident
from playwright.async_api import expect


async def test_a_visitor_gets_and_shows_a_card_in_english(cast: Cast) -> None:
    # Given somebody who reads English and looks around first
    visitor = await Resident.with_phone(cast, "visitor", language="en")
    page = visitor.page
    for address, screen in (("/", "home"), ("/hospitals", "hospitals"), ("/guides", "guides"), ("/help", "help")):
        await page.goto(address)
        await expect(page.locator("html")).to_have_attribute("lang", "en")
        await visitor.looks(screen)

    # When a clerk opens a card from the passport
    passport = f"Z{secrets.randbelow(10**8):08}"
    clerk = await at_window(cast, 1)
    await clerk.goto("/counter/register/foreign")
    await clerk.get_by_label("签发国家或地区").select_option(label="美国")
    await clerk.get_by_label("护照号码").fill(passport)
    await clerk.get_by_label("姓名").fill("ANNA EXAMPLE")
    await clerk.get_by_label("女", exact=True).check()
    await clerk.get_by_label("出生日期").fill("1985-05-17")
    await clerk.get_by_label("手机").fill(visitor.phone)
    await clerk.get_by_label("本人已听明白并同意").check()
    await clerk.get_by_label("证件原件与本人已核对").check()
    await settled(clerk, "journey-visitor-form")
    await carry_out(clerk)

    # Then the visitor signs in with the phone the clerk wrote down, says who they are, and shows the card
    await page.goto("/real-name")
    await visitor.sign_in()
    await page.locator("[name=kind]").select_option("03")
    await visitor.field("real-name.name").fill("ANNA EXAMPLE")
    await visitor.field("real-name.number").fill(passport)
    await page.get_by_text(visitor.words("real-name.other-documents")).click()
    await page.locator("[name=issuer]").select_option("USA")
    await page.locator("[name=birth_date]").fill("1985-05-17")
    await page.locator("[name=sex]").select_option("2")
    await visitor.field("real-name.sensitive").check()
    await visitor.looks("passport")
    await visitor.press("real-name.to-review")
    await visitor.press("real-name.act")
    await page.wait_for_url("**/real-name/done**")
    await visitor.looks("verified")
    code = await visitor.show_code()
    await visitor.looks("card")
    await scan(clerk, code)
    await expect(clerk.get_by_role("heading", name="核验通过")).to_be_visible()
    await settled(clerk, "journey-visitor-scanned")
    await page.goto("/me")
    await visitor.looks("me")
