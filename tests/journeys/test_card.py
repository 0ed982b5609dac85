"""Sign-up to card to two hospitals to the city's count; a replay is refused; the card is frozen."""

from fixtures.browser import settled
from journeys.cast import Cast
from journeys.counter import at_window, scan
from journeys.residents import Resident
from playwright.async_api import expect


async def test_from_nothing_to_a_card_used_at_two_hospitals_and_frozen(cast: Cast) -> None:
    # Given the city's figures, open on somebody's desk
    figures = await cast.staff("operator")
    await figures.goto("/console/figures")
    uses = figures.locator("a[href='/console/figures/uses-today'] b")
    before = int((await uses.inner_text()).replace(",", ""))

    # And somebody the registry knows and no hospital yet
    name, number = await cast.stranger()
    resident = await Resident.with_phone(cast, "card")
    page = resident.page
    await page.goto("/")
    await resident.looks("guest-home")
    await page.goto("/card")
    assert "/sign-in?next=" in page.url

    # When they sign in, prove who they are and open a card
    await resident.sign_in()
    await resident.prove(name, number)
    await resident.open_card()
    code = await resident.show_code()
    await resident.looks("shown")
    await expect(page.get_by_text(name)).to_have_count(0)

    # Then the first hospital's window reads it from the screen, and the second's refuses the same code
    clerk = await at_window(cast, 1)
    await scan(clerk, code)
    await expect(clerk.get_by_role("heading", name="核验通过")).to_be_visible()
    await settled(clerk, "journey-card-scanned")
    other = await at_window(cast, 2)
    await scan(other, code)
    await expect(other.get_by_role("heading", name="不能使用")).to_be_visible()
    await settled(other, "journey-card-replayed")

    # And with the next code, which the open page makes by itself, the second hospital may, once
    code = await resident.show_next_code(code)
    await scan(other, code)
    await expect(other.get_by_role("heading", name="核验通过")).to_be_visible()

    # And the resident sees both uses and the refusal, the city's count has grown by two, by itself
    hospitals = [cast.machine(n).machine.institution for n in (1, 2)]
    await page.goto("/uses")
    for hospital in hospitals:
        await expect(page.get_by_text(hospital).first).to_be_visible()
    await resident.looks("uses")
    await page.goto("/looks")
    await expect(page.get_by_role("main")).to_contain_text(hospitals[1])
    await resident.looks("looks")
    await expect(uses).to_have_text(f"{before + 2:,}", timeout=60_000)
    await settled(figures, "journey-card-counted")

    # When they freeze it, no hospital may use it, and the page says so
    await page.goto("/card/freeze")
    await resident.looks("freeze")
    await page.locator("form[action^='/card/freeze'] button, button[form]").last.click()
    await page.wait_for_url("**/card/changed/freeze**")
    await resident.looks("frozen")
    await scan(other, code)
    await expect(other.get_by_role("heading", name="不能使用")).to_be_visible()
    await expect(other.get_by_role("main")).to_contain_text("挂失")
    await page.goto("/card")
    await expect(page.locator(".plate-code")).to_have_count(0)
    await resident.looks("frozen-card")
