"""
The network fails at the worst moment, somebody taps twice, goes back, has a second tab: nothing doubled, nothing lost.

An answer that is lost has done its work; the person sees the browser's error and loads the page again, which sends the
same form with the same key.
"""

from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
import pytest
from fixtures.browser import settled
from fixtures.databases import Copy
from fixtures.network import answers_lost, offline
from playwright.async_api import Page, expect

from healthcloud.server.demonstration import resident

Visit = Callable[..., Awaitable[Page]]
Counts = Callable[[], Awaitable[tuple[int, ...]]]
# Grown-up residents with an identity card and a phone.
ADULTS = [n for n in range(10, 60) if resident(n).phone and resident(n).documents[0].kind == "01"]


@pytest.fixture
def counts(module_copy: Copy) -> Counts:
    """Count what must not be doubled: persons, cards, grants, sessions that live."""

    async def count() -> tuple[int, ...]:
        connection = await asyncpg.connect(module_copy.owner_url)
        try:
            tables = ("people.persons", "cards.cards", "people.grants")
            return tuple([await connection.fetchval(f"SELECT count(*) FROM {table}") for table in tables])
        finally:
            await connection.close()

    return count


async def _fill_in(page: Page, n: int) -> None:
    """Fill in the registration of the n-th resident at the counter, up to the page that is looked at together."""
    one = resident(n)
    await page.goto("/counter/register/adult")
    await page.get_by_label("证件号码").fill(one.documents[0].number)
    await page.get_by_label("姓名").fill(one.name or "")
    await page.get_by_label("本人已听明白并同意").check()
    await page.get_by_label("证件原件与本人已核对").check()


@pytest.fixture
async def clerk(visitor: Visit, clinic: Any) -> Page:
    """A clerk's browser at the first hospital's window."""
    browser = await clinic.at_desk("clerk1", 1)
    return await visitor(1366, cookies=browser.cookies)


async def test_a_registration_whose_answer_is_lost_is_done_once(clerk: Page, counts: Counts) -> None:
    await _fill_in(clerk, ADULTS[0])
    await clerk.get_by_role("button", name="下一步").click()
    await expect(clerk.get_by_role("heading", name="核对信息")).to_be_visible()
    before = await counts()
    async with answers_lost(clerk) as statuses:
        await clerk.get_by_role("button", name="确认办理").click()
        await clerk.wait_for_url("chrome-error://**")
    assert statuses == [303]
    await clerk.reload()
    await clerk.wait_for_url("**/counter/people/**")
    await settled(clerk, "counter-after-a-lost-answer")
    persons, cards, _ = await counts()
    assert (persons - before[0], cards - before[1]) == (1, 1)


async def test_without_a_network_what_was_filled_in_stays(clerk: Page) -> None:
    await _fill_in(clerk, ADULTS[1])
    async with offline(clerk):
        await clerk.get_by_role("button", name="下一步").click()
        await expect(clerk.get_by_text("网络不通")).to_be_visible()
        await expect(clerk.get_by_label("姓名")).to_have_value(resident(ADULTS[1]).name or "")
    await clerk.get_by_role("button", name="下一步").click()
    await expect(clerk.get_by_role("heading", name="核对信息")).to_be_visible()


async def test_going_back_and_sending_again_opens_no_second_card(clerk: Page, counts: Counts) -> None:
    await _fill_in(clerk, ADULTS[2])
    await clerk.get_by_role("button", name="下一步").click()
    before = await counts()
    await clerk.get_by_role("button", name="确认办理").dblclick()
    await clerk.wait_for_url("**/counter/people/**")
    sheet = clerk.url
    # Back to the page that was looked at together: confirmed once more, it is the same act.
    await clerk.go_back()
    await clerk.get_by_role("button", name="确认办理").click()
    await clerk.wait_for_url("**/counter/people/**")
    assert clerk.url == sheet
    # Further back stands the form as it was filled in.
    await clerk.evaluate("() => history.go(-2)")
    await expect(clerk.get_by_label("姓名")).to_have_value(resident(ADULTS[2]).name or "")
    for asked in ("本人已听明白并同意", "证件原件与本人已核对"):
        await clerk.get_by_label(asked).check()  # what is agreed to is never ticked for anybody
    await clerk.get_by_role("button", name="下一步").click()
    await expect(clerk.get_by_text("已有")).not_to_have_count(0)
    await clerk.get_by_role("button", name="确认办理").click()
    await clerk.wait_for_url("**/counter/people/**")
    assert clerk.url.partition("?")[0] == sheet.partition("?")[0]
    persons, cards, _ = await counts()
    assert (persons - before[0], cards - before[1]) == (1, 1)
