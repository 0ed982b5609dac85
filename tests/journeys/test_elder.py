"""An elder without a phone has a printed card; her grown-up child acts for her: sees, shows, freezes."""

from fixtures.browser import settled
from journeys.cast import Cast
from journeys.counter import at_window, carry_out, scan
from journeys.residents import Resident
from playwright.async_api import Page, expect


async def test_an_elders_printed_card_and_her_child_who_acts(cast: Cast) -> None:
    # Given a son with an account, who uses large print himself
    known = cast.neighbour(lambda one: str(one.birth_date) < "1975")
    number = known.documents[0].number
    son = await Resident.with_phone(cast, "elder", elder=True, phone=known.phone)
    await son.page.goto("/")
    await son.looks("guest-home")
    await son.page.goto("/real-name")
    await son.sign_in()
    await son.prove(str(known.name), number)
    await son.page.goto("/")
    await son.looks("home")

    # When his mother gets a card at the counter, with him as the one who acts for her
    elder, hers = await cast.stranger()
    clerk = await at_window(cast, 1)
    await _register(clerk, elder, hers, number)

    # Then he can show her card
    page = son.page
    await page.goto("/card")
    await page.locator("a[href^='/card?person=']").first.click()
    await page.wait_for_url("**/card?person=*")
    hers_at = page.url
    dynamic = await son.show_code(hers_at)
    await son.looks("mothers-card")
    await scan(clerk, dynamic)
    await expect(clerk.get_by_role("heading", name="核验通过")).to_be_visible()

    # And has it printed, on paper that is good with a second fact
    await page.goto(hers_at.replace("/card?", "/card/label?"))
    await son.looks("label")
    async with page.expect_popup() as opened:
        await son.press("label.act")
    sheet = await opened.value
    await sheet.close()
    printed = f"{dynamic.partition(':')[0]}:1:::"
    await scan(clerk, printed)
    await settled(clerk, "journey-elder-second-fact")
    await clerk.locator("[name=fact][value=last-digits]").check()
    await clerk.locator("[name=value]").fill(hers[-4:])
    await clerk.locator("form:has([name=value]) button").first.click()
    await expect(clerk.get_by_role("heading", name="核验通过")).to_be_visible()
    await settled(clerk, "journey-elder-printed")

    # When the paper is lost, he freezes her card, and it is refused
    await page.goto(hers_at.replace("/card?", "/card/freeze?"))
    await page.locator("form[action^='/card/freeze'] button, button[form]").last.click()
    await page.wait_for_url("**/card/changed/freeze**")
    await son.looks("frozen")
    await scan(clerk, printed)
    await expect(clerk.get_by_role("heading", name="不能使用")).to_be_visible()

    # And what he did for her is on record
    await page.goto("/family/log")
    await son.looks("log")


async def _register(clerk: Page, name: str, number: str, keeper: str) -> None:
    """Register an elder and who acts for her, whose document's number is `keeper`."""
    await clerk.goto("/counter/register/elder")
    await clerk.get_by_label("证件号码").first.fill(number)
    await clerk.get_by_label("姓名").fill(name)
    await clerk.get_by_label("监护人或家人的证件号码").fill(keeper)
    await clerk.get_by_label("看了什么凭证").fill("户口簿；本人当面同意")
    await clerk.get_by_label("本人已听明白并同意").check()
    await clerk.get_by_label("证件原件与本人已核对").check()
    await settled(clerk, "journey-elder-form")
    await carry_out(clerk)
    await settled(clerk, "journey-elder-registered")
