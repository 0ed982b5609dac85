"""A phone whose network breaks when the answer is on its way: each step is done once, and the person gets on."""

from fixtures.network import answers_lost
from journeys.cast import Cast
from journeys.residents import Resident
from playwright.async_api import expect


async def test_a_card_is_opened_and_family_asked_once_though_the_answers_are_lost(cast: Cast) -> None:
    # Given somebody signed in, whose code arrived though the answer to asking for it did not
    name, number = await cast.stranger()
    resident = await Resident.with_phone(cast, "lost")
    page = resident.page
    await page.goto("/sign-in")
    await resident.field("sign-in.phone").fill(resident.phone)
    async with answers_lost(page) as statuses:
        await page.get_by_role("button", name=resident.words("sign-in.send"), exact=True).click()
        await page.wait_for_url("chrome-error://**")
    assert statuses == [200]
    await page.reload()
    await resident.looks("sign-in-again")
    await resident.field("sign-in.code").fill(await cast.sms_code(resident.phone))
    assert len(await cast.texts(resident.phone)) == 1
    await resident.press("sign-in.act")
    await page.goto("/real-name")
    await resident.prove(name, number)

    # When the answer to opening the card is lost, and the page is loaded again
    await page.goto("/card/open")
    await page.locator("[name=agree]").check()
    async with answers_lost(page) as statuses:
        await page.locator("form[action^='/card/open'] button, button[form]").last.click()
        await page.wait_for_url("chrome-error://**")
    assert statuses == [303]
    await page.reload()
    await page.wait_for_url("**/card/open/done**")
    await resident.looks("opened-again")

    # Then there is one card, opened once
    await page.goto("/looks")
    await expect(page.get_by_text("办理了您的电子健康卡")).to_have_count(1)

    # And a second tab that still shows the form opens no other
    code = await resident.show_code()
    second = await page.context.new_page()
    await second.goto("/card/open")
    await second.close()
    assert (await resident.show_code()).partition(":")[0] == code.partition(":")[0]


async def test_whose_sign_in_was_lost_is_told_what_to_do(cast: Cast) -> None:
    # Given a code that was entered, and the answer lost with the session in it
    resident = await Resident.with_phone(cast, "lost")
    page = resident.page
    await page.goto("/sign-in")
    await resident.field("sign-in.phone").fill(resident.phone)
    await resident.press("sign-in.send")
    await resident.field("sign-in.code").fill(await cast.sms_code(resident.phone))
    async with answers_lost(page) as statuses:
        await page.get_by_role("button", name=resident.words("sign-in.act"), exact=True).click()
        await page.wait_for_url("chrome-error://**")
    assert statuses == [303]

    # When the page is loaded again, the spent code is refused, and another is offered on the same page
    await page.reload()
    await resident.looks("spent-code")
    await expect(page.get_by_role("button", name=resident.words("sign-in.again"))).to_be_visible()
