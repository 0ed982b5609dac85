"""Two hospitals hand in their files by page; what is uncertain is judged by keyboard; a merge by two, and undone."""

import re
from pathlib import Path

import pytest
from fixtures.browser import settled
from fixtures.patients import DOUBTFUL, two_hospitals
from journeys.cast import Cast
from journeys.patient_files import hand_in, number
from playwright.async_api import Page, expect


@pytest.fixture(scope="module")
def patients(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return two_hospitals(tmp_path_factory.mktemp("patients"))


async def press(page: Page, key: str) -> None:
    """Press a key once the page hears it."""
    await expect(page.locator("html[data-keys-ready]")).to_be_attached()
    await page.keyboard.press(key)


async def find_doubtful(page: Page, address: str) -> None:
    """Go through the queue by keyboard until the doubtful patient is shown."""
    await page.goto(address)
    await page.get_by_role("link", name="开始审核").click()
    while not await page.get_by_text(DOUBTFUL["name"]).count():
        here = page.url
        await press(page, "j")
        await expect(page).not_to_have_url(here)
        assert "/console/questions/" in page.url, "the queue ended"


async def test_two_hospitals_files_become_one_person_each(cast: Cast, patients: list[Path]) -> None:
    page = await cast.staff("operator")
    for hospital, file in zip((1, 2), patients, strict=True):
        await hand_in(page, cast.machine(hospital).machine.institution, file)
    assert await number(page, "归到已有的人") > 0
    assert await number(page, "待人判断") > 0
    await settled(page, "journey-index-imported")
    async with page.expect_download() as downloading:
        await page.get_by_role("link", name="下载逐行结果").click()
    assert (await downloading.value).suggested_filename == "hospital-2.answers.csv"
    reviewer = await cast.staff("reviewer1")
    await find_doubtful(reviewer, "/console/questions")
    await settled(reviewer, "journey-index-question")
    here = reviewer.url
    await press(reviewer, "r")
    await reviewer.keyboard.type(" 1 2 3 j k")
    await expect(reviewer).to_have_url(here)
    await press(reviewer, "Escape")
    await press(reviewer, "1")
    await expect(reviewer).to_have_url(re.compile("told=proposed"))
    await judge_the_rest(reviewer)
    await merged_by_two_and_undone(cast)


async def judge_the_rest(page: Page) -> None:
    """Judge what else waits, one after the other, without leaving the keyboard."""
    await page.goto("/console/questions?state=open")
    await page.get_by_role("link", name="开始审核").click()
    for _ in range(20):
        here = page.url
        is_open = await page.get_by_role("button", name="不是同一个人").count()  # or settled by what was judged before
        await press(page, "2" if is_open else "j")
        await expect(page).not_to_have_url(here)
        if "/console/questions?" in page.url:
            break
    await expect(page.get_by_text("没有符合条件的审核题。")).to_be_visible()


async def merged_by_two_and_undone(cast: Cast) -> None:
    """A colleague confirms the merge; it is undone, and everything is as it was."""
    page = await cast.staff("reviewer2")
    await find_doubtful(page, "/console/questions?state=proposed")
    await settled(page, "journey-index-confirm")
    await press(page, "c")
    await expect(page.get_by_text("已合并。")).to_be_visible()
    await page.get_by_role("link", name="判断记录").click()
    merged = page.get_by_role("row").filter(has_text="reviewer2")
    await merged.get_by_role("link", name="看这一题").click()
    await page.get_by_role("link", name="的全部来源").click()
    await expect(page.get_by_role("cell", name=DOUBTFUL["name"])).to_have_count(3)
    await settled(page, "journey-index-person")
    await page.get_by_role("row").filter(has_text="reviewer2").get_by_role("link", name="撤销").click()
    await page.get_by_label("原因").fill("电话核实，不是同一个人")
    await page.get_by_role("button", name="撤销").click()
    await expect(page.get_by_text("已撤销，恢复到判断之前。")).to_be_visible()
    await expect(page.get_by_role("link", name="的全部来源")).to_have_count(2)
    await settled(page, "journey-index-undone")
