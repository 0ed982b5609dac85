"""The person index's pages in a real browser: a file on its way in, the queue, a resident's sources, the quality."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from fixtures.browser import DESKS, SMALL_PHONE, Shape, settled
from fixtures.patients import DOUBTFUL, two_hospitals
from playwright.async_api import Page, expect

from healthcloud import index, people
from healthcloud.index.imports.jobs import run_stretch

NARROW = (
    Shape("390", 390, target=24, other_target=24),
    Shape("320", SMALL_PHONE, 568, target=24, other_target=24),
    *DESKS,
)


async def look(page: Page, name: str) -> None:
    await settled(page, f"index-{name}", shapes=NARROW)


@pytest.fixture
def comes(clinic: Any, visitor: Any) -> Any:
    async def sign_in(login: str) -> Page:
        page: Page = await visitor(1366, cookies=(await clinic.signed_in(login)).cookies)
        return page

    return sign_in


async def work(clinic: Any, import_id: UUID, step: str) -> None:
    """Do what the runner would."""
    database = clinic.city.database
    if step == "read":
        await index.imports.read_file(database, import_id)
    elif step == "try":
        await index.imports.try_import(database, import_id)
    else:
        while await run_stretch(database, {"import": str(import_id)}, people.Policy.of(clinic.city.settings)):
            pass


async def press(page: Page, key: str) -> None:
    """Press a key once the page hears it."""
    await expect(page.locator("html[data-keys-ready]")).to_be_attached()
    await page.keyboard.press(key)


async def hand_in(clinic: Any, page: Page, hospital: int, file: Path, *, looking: bool) -> None:
    await page.goto("/console/imports/new")
    await page.get_by_label("医疗机构").select_option(index=hospital)
    await page.get_by_label("文件", exact=True).set_input_files(file)
    if looking:
        await look(page, "upload")
    await page.get_by_role("button", name="上传").click()
    await expect(page.get_by_text("文件已收到。")).to_be_visible()
    import_id = UUID(page.url.rpartition("/")[2].partition("?")[0])
    await work(clinic, import_id, "read")
    await page.get_by_role("link", name="核对各列").click()
    if looking:
        await look(page, "columns")
    await page.get_by_role("button", name="按此试算").click()
    await work(clinic, import_id, "try")
    start = page.get_by_role("button", name="开始导入")
    await expect(start).to_be_visible()
    if looking:
        await look(page, "trial")
    await start.click()
    await expect(page.get_by_text("已开始导入")).to_be_visible()
    if looking:
        await look(page, "running")
    await work(clinic, import_id, "run")
    await expect(page.locator(".now")).to_contain_text("已完成")
    if looking:
        await look(page, "done")


async def test_files_and_questions(clinic: Any, comes: Any, tmp_path: Path) -> None:
    paths = two_hospitals(tmp_path)
    page = await comes("operator")
    await page.goto("/console/imports")
    await look(page, "none")
    await hand_in(clinic, page, 1, paths[0], looking=True)
    await hand_in(clinic, page, 2, paths[1], looking=False)
    await page.goto("/console/imports")
    await look(page, "imports")
    await clinic.city.database.transact(lambda tx: index.quality.count(tx, 65536))
    await page.goto("/console/quality")
    await look(page, "quality")
    page = await comes("reviewer1")
    await page.goto("/console/questions")
    await look(page, "queue")
    await page.get_by_role("link", name="开始审核").click()
    await look(page, "question")
    await page.goto("/console/questions/sample")
    await look(page, "sample")
    await page.goto("/console/questions")
    await page.get_by_role("link", name="开始审核").click()
    while not await page.get_by_text(DOUBTFUL["name"]).count():
        before = page.url
        await press(page, "j")
        await expect(page).not_to_have_url(before)
    await look(page, "question-two")
    await press(page, "1")
    await expect(page.get_by_role("status").filter(has_text="已提交")).to_be_visible()
    await look(page, "after-answer")
    page = await comes("reviewer2")
    await page.goto("/console/questions?state=proposed")
    await page.get_by_role("link", name="开始审核").click()
    await look(page, "confirm")
    await press(page, "c")
    await expect(page.get_by_text("已合并。")).to_be_visible()
    await page.get_by_role("link", name="判断记录").click()
    await look(page, "history")
    await page.get_by_role("link", name="看这一题").first.click()
    await look(page, "closed")
    await page.get_by_role("link", name="的全部来源").first.click()
    await look(page, "person")
    await page.get_by_role("link", name="撤销").first.click()
    await look(page, "undo")
    await page.get_by_label("原因").fill("两院电话核实，不是同一人")
    await page.get_by_role("button", name="撤销").click()
    await expect(page.get_by_text("已撤销，恢复到判断之前。")).to_be_visible()
    await look(page, "undone")
