"""The everyday pages before a real browser: guests, a resident, an elder, a visitor in English, in the dark."""

from typing import Any

import pytest
from fixtures.browser import Visit, settled
from playwright.async_api import expect
from web.households import Resident, bear, holder_of, settle

from healthcloud import people
from healthcloud.core.caller import SYSTEM
from healthcloud.server.demonstration.residents import may_be_mother, resident


@pytest.fixture(scope="module")
async def mother(clinic: Any) -> Resident:
    """A mother with a newborn, whose husband asked to act for her, and whose data was opened once."""
    n = next(n for n in range(20, 500) if may_be_mother(resident(n)) and resident(n).phone)
    one, other = await settle(clinic, n), await settle(clinic, 9)
    await bear(clinic, one)
    assert one.form.name is not None
    asked = {"name": one.form.name, "kind": one.document.kind, "number": one.document.number, "relation": "spouse"}
    await other.post("/family/add/other", **asked, **{"scope-card": "yes", "scope-identity": "yes"}, confirmed="yes")
    database = clinic.city.database
    await database.transact(lambda tx: people.open_person(tx, SYSTEM, one.person_id, "抽查登记质量"))
    desk = await clinic.at_desk("clerk1", 1)
    await desk.post("/scan", data={"code": await clinic.code_of(holder_of(one))})
    return one


async def test_a_guest_reads_what_is_here(visitor: Visit) -> None:
    page = await visitor(390)
    for path, name in (
        ("/", "guest-home"),
        ("/hospitals", "hospitals"),
        ("/guides/booking", "guide"),
        ("/help", "help"),
    ):
        await page.goto(path)
        await settled(page, name)
    await page.goto("/hospitals")
    await page.locator(".list a").first.click()
    await settled(page, "hospital")
    await page.goto("/help?q=关爱版")
    await page.get_by_role("button", name="换成长辈版").click()
    await expect(page.locator(".rows a")).to_have_count(6)


async def test_an_elder_has_six_rows(visitor: Visit, mother: Resident) -> None:
    guest = await visitor(390, elder=True)
    await guest.goto("/")
    await settled(guest, "elder-home-guest")
    page = await visitor(390, elder=True, cookies=mother.browser.cookies)
    await page.goto("/")
    await settled(page, "elder-home")
    await page.get_by_role("link", name="找医生挂号").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("现在怎样挂号")


async def test_a_resident_walks_home_family_and_records(visitor: Visit, mother: Resident) -> None:
    page = await visitor(390, cookies=mother.browser.cookies)
    for path, name in (
        *(("/", "home"), ("/family", "family"), ("/family/add", "family-ways"), ("/family/add/elder", "family-ask")),
        *(("/uses", "uses"), ("/looks", "looks"), ("/messages", "messages"), ("/me", "me"), ("/me/devices", "devices")),
        *(("/me/privacy", "privacy"), ("/me/closing", "closing"), ("/me/consents", "consents")),
        *(("/me/corrections/new", "correction"), ("/family/log", "family-log"), ("/me/phone", "contact-phone")),
    ):
        await page.goto(path)
        await settled(page, name)
    await page.goto("/family")
    await page.locator(".list a").first.click()
    await settled(page, "family-asked")
    await page.get_by_role("button", name="同意由其代办").click()
    await expect(page.get_by_role("heading", name="代办已生效")).to_be_visible()
    await settled(page, "family-done")
    await page.goto("/me/corrections/new")
    await page.get_by_label("证件号码").check()
    await page.get_by_label("说明").fill("号码末位录错")
    await page.get_by_role("button", name="下一步：核对信息").click()
    await settled(page, "correction-review")
    await page.get_by_role("button", name="提交申请").click()
    await expect(page.get_by_role("heading", name="已收到")).to_be_visible()
    await settled(page, "correction-sent")


async def test_english_and_the_dark(visitor: Visit, mother: Resident) -> None:
    english = await visitor(390, language="en", cookies=mother.browser.cookies)
    for path, name in (("/", "home-en"), ("/family", "family-en"), ("/looks", "looks-en")):
        await english.goto(path)
        await settled(english, name)
    dark = await visitor(390, color_scheme="dark", cookies=mother.browser.cookies)
    for path, name in (("/", "home-dark"), ("/me", "me-dark"), ("/looks", "looks-dark")):
        await dark.goto(path)
        await settled(dark, name)
    narrow = await visitor(280, cookies=mother.browser.cookies)
    await narrow.goto("/")
    assert await narrow.evaluate("document.documentElement.scrollWidth") <= 280
