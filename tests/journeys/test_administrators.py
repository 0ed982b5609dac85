"""Three administrators, an institution's and the city's clerk: each sees what is theirs, and is told so of the rest."""

import pytest
from fixtures.browser import settled
from journeys.cast import Cast
from playwright.async_api import expect

SUBJECTS = {
    "figures": "/console/figures",
    "institutions": "/console/institutions",
    "onboarding": "/console/onboarding",
    "clients": "/console/clients",
    "staff": "/console/staff",
    "roles": "/console/roles",
    "cards": "/console/cards",
    "audit": "/console/audit",
    "jobs": "/console/jobs",
    "outward": "/console/outward",
    "system": "/console/system",
    "requests": "/console/requests",
    "imports": "/console/imports",
    "questions": "/console/questions",
    "persons": "/console/persons",
    "quality": "/console/quality",
}
THEIRS = {
    "system": ["institutions", "onboarding", "quality", "jobs", "outward", "system"],
    "security": ["clients", "staff", "roles"],
    "audit": ["audit"],
    "operator": ["figures", "onboarding", "cards", "requests", "imports", "quality"],
    "reviewer1": ["questions", "persons", "quality"],
    "manager1": ["figures", "institutions", "onboarding", "staff", "roles", "imports", "quality"],
}


@pytest.mark.parametrize("login", THEIRS)
async def test_each_sees_only_theirs(cast: Cast, login: str) -> None:
    page = await cast.staff(login)
    await page.goto("/console")
    side = page.locator("nav.side a")
    shown = [await link.get_attribute("href") for link in await side.all()]
    assert shown == [SUBJECTS[name] for name in THEIRS[login]]
    for name, address in SUBJECTS.items():
        answer = await page.goto(address)
        assert answer is not None
        if name in THEIRS[login]:
            assert answer.status == 200, address
            await expect(page.locator("nav.side [aria-current=page]")).to_have_attribute("href", address)
            await settled(page, f"journey-console-{login}-{name}")
        else:
            assert answer.status == 403, address
    await settled(page, "journey-console-not-yours")


async def test_an_institutions_administrator_sees_no_other_institution(cast: Cast) -> None:
    page = await cast.staff("manager1")
    own, other = (cast.machine(number).machine for number in (1, 2))
    await page.goto("/console/institutions")
    await expect(page.get_by_text(other.institution)).to_have_count(0)
    await page.goto(f"/console/institutions/{own.institution_id}")
    await expect(page.get_by_text(own.institution).first).to_be_visible()
    answer = await page.goto(f"/console/institutions/{other.institution_id}")
    assert answer is not None
    assert answer.status in (403, 404)
    await page.goto("/console/staff")
    await expect(page.get_by_text("clerk1")).not_to_have_count(0)
    await expect(page.get_by_text("clerk2")).to_have_count(0)


async def test_each_leaves_traces_the_auditor_finds(cast: Cast) -> None:
    page = await cast.staff("audit")
    await page.goto("/console/audit")
    await expect(page.get_by_role("main")).to_contain_text("登录")
