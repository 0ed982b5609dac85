"""A parent with a newborn: registered at the counter without a name, kept by the mother, shown at a window."""

import re

from fixtures.browser import settled
from journeys.cast import Cast
from journeys.counter import at_window, carry_out, scan
from journeys.residents import Resident
from playwright.async_api import expect

from healthcloud.server.demonstration.residents import may_be_mother


async def test_a_mother_shows_her_newborns_card(cast: Cast) -> None:
    # Given a mother, known to the city, who signs in for the first time
    known = cast.neighbour(may_be_mother)
    number = known.documents[0].number
    mother = await Resident.with_phone(cast, "newborn", phone=known.phone)
    await mother.page.goto("/real-name")
    await mother.sign_in()
    await mother.prove(str(known.name), number)

    # When her child is registered at the counter by her document, without a name
    clerk = await at_window(cast, 1)
    await clerk.goto("/counter/register/newborn")
    await clerk.get_by_label("母亲证件号码").fill(number)
    await clerk.get_by_label("出生时间").fill(cast.hours_ago(6))
    await clerk.get_by_label("女", exact=True).check()
    await clerk.get_by_label("监护人已听明白并同意").check()
    await clerk.get_by_label("母亲证件和出生记录已核对").check()
    await settled(clerk, "journey-newborn-form")
    await carry_out(clerk)
    await settled(clerk, "journey-newborn-registered")

    # Then the child is in her care without another step
    page = mother.page
    await page.goto("/family")
    await expect(page.get_by_role("link", name=re.compile(r"\*+ ?有效"))).to_be_visible()
    await mother.looks("family")

    # And she shows the child's card, which the window knows as a newborn's
    await page.goto("/card")
    await page.locator("a[href^='/card?person=']").first.click()
    await page.wait_for_url("**/card?person=*")
    code = await mother.show_code(page.url)
    await mother.looks("card")
    await scan(clerk, code)
    await expect(clerk.get_by_role("heading", name="核验通过")).to_be_visible()
    await settled(clerk, "journey-newborn-scanned")
