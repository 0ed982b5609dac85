"""Screens of what a counter keeps: a photograph, a whole identity card, the tone; and of batches at the console."""

import itertools
from typing import Any

import pytest
from fixtures.browser import PHONES, settled
from people.makers import next_number
from people.pictures import picture
from playwright.async_api import FilePayload, Page, expect
from web.households import settle

from healthcloud import people
from healthcloud.core.caller import Caller, CallerKind
from healthcloud.core.ids import new_id

PEOPLE = itertools.count(260)
ADDRESS = "山东省枣庄市薛城区光明路街道一号楼2单元301室"


@pytest.fixture
async def desk(clinic: Any, visitor: Any) -> Page:
    browser = await clinic.at_desk("clerk1", 1)
    page: Page = await visitor(1366, cookies=browser.cookies)
    return page


async def test_a_photograph_is_imported_looked_at_and_compared(clinic: Any, desk: Page) -> None:
    holder = await clinic.card_of(next(PEOPLE))
    code = await clinic.code_of(holder)
    await desk.goto(f"/counter/people/{holder.person_id}")
    await desk.get_by_role("link", name="照片").click()
    await desk.get_by_role("button", name="保存照片").click()
    await desk.get_by_label("本人（或监护人）已听明白并同意留存照片").check()
    await desk.get_by_role("button", name="保存照片").click()
    await expect(desk.get_by_text("请先拍照或导入照片")).to_be_visible()
    file = FilePayload(name="face.jpg", mimeType="image/jpeg", buffer=picture(900, height=700))
    await desk.get_by_label("或导入照片文件").set_input_files(files=[file])
    await expect(desk.get_by_alt_text("将留存的照片")).to_be_visible()
    await settled(desk, "counter-photo")
    await settled(desk, "counter-photo", shapes=PHONES)
    await desk.get_by_role("button", name="保存照片").click()
    await expect(desk.get_by_role("heading", name="照片已留存")).to_be_visible()
    await desk.goto("/scan")
    await desk.get_by_label("扫码框").fill(f"{code[:64]}:1:::")
    await desk.keyboard.press("Enter")
    await expect(desk.get_by_alt_text("登记时留存的照片")).to_be_visible()
    await settled(desk, "counter-fact-photo")
    await desk.get_by_label("照片与本人一致").check()
    await desk.get_by_role("button", name="核对并核验").click()
    await expect(desk.get_by_text("核验通过")).to_be_visible()
    await expect(desk.get_by_alt_text("登记时留存的照片")).to_be_visible()
    await settled(desk, "counter-scanned-photo")


async def test_a_pasted_card_fills_the_form_and_enter_still_goes_on(desk: Page) -> None:
    number = next_number(male=False)
    line = f"张晓兰|女|汉|{number[6:14]}|{ADDRESS}|{number}|枣庄市公安局薛城分局|20150102|20250102"
    await desk.goto("/counter/register/adult")
    await desk.get_by_label("姓名").focus()
    await desk.evaluate(
        """text => {
          const data = new DataTransfer();
          data.setData("text/plain", text);
          const pasted = {clipboardData: data, bubbles: true, cancelable: true};
          document.activeElement.dispatchEvent(new ClipboardEvent("paste", pasted));
        }""",
        line,
    )
    await expect(desk.get_by_text("已按身份证填好")).to_be_visible()
    await expect(desk.get_by_label("证件号码")).to_have_value(number)
    await settled(desk, "counter-card-read")
    await settled(desk, "counter-card-read", shapes=PHONES)
    await desk.get_by_label("本人已听明白并同意").check()
    await desk.get_by_label("证件原件与本人已核对").check()
    await desk.get_by_label("姓名").press("Enter")
    await expect(desk.get_by_role("heading", name="核对信息").first).to_be_visible()
    await expect(desk.get_by_text("证件已于 2025-01-02 过期")).to_be_visible()
    await settled(desk, "counter-card-review")


async def test_a_desk_may_have_a_tone(desk: Page) -> None:
    await desk.goto("/counter/desk")
    await desk.get_by_role("button", name="打开提示音").click()
    await expect(desk.get_by_role("button", name="关闭提示音")).to_be_visible()
    await desk.goto("/scan")
    assert await desk.evaluate("async () => (await import('/static/clinic/tone.js')).isOn()")
    await desk.get_by_label("扫码框").fill("370402190001010015")
    await desk.keyboard.press("Enter")
    await expect(desk.get_by_role("alert").first).to_contain_text("居民身份证")


async def test_batches_and_corrections_have_their_screens(clinic: Any, visitor: Any) -> None:
    browser = await clinic.signed_in("operator")
    page: Page = await visitor(1366, cookies=browser.cookies)
    await page.goto("/console/cards/batches/new")
    await page.get_by_label("批次名称").fill("临山镇新参保")
    await page.get_by_label("人员名单").fill(f"01,{next_number()},没登记过")
    await settled(page, "console-batch-new")
    await page.get_by_role("button", name="提交制卡").click()
    await expect(page.get_by_text("批次已提交")).to_be_visible()
    await settled(page, "console-batch")
    await page.goto("/console/cards/batches")
    await settled(page, "console-batches")


async def test_a_resident_sees_what_counters_keep_and_deletes_it(clinic: Any, visitor: Any) -> None:
    one = await settle(clinic, 47)
    desk, policy = Caller(CallerKind.STAFF, new_id(), frozenset({"people.register"})), people.Policy()
    record = people.id_records.IdRecord(ADDRESS, "枣庄市公安局薛城分局", None, None)
    database = clinic.city.database
    await database.transact(lambda tx: people.photos.keep_photo(tx, desk, one.person_id, picture(), policy))
    await database.transact(lambda tx: people.id_records.keep_record(tx, desk, one.person_id, record))
    page: Page = await visitor(390, cookies=one.browser.cookies)
    await page.goto("/me")
    await page.get_by_role("link", name="窗口留存的照片和信息").click()
    await expect(page.get_by_alt_text("登记时留存的照片")).to_be_visible()
    await expect(page.get_by_text(ADDRESS)).to_be_visible()
    await settled(page, "kept")
    await page.get_by_role("button", name="删除照片并撤回同意").click()
    await expect(page.get_by_text("照片已删除，同意已撤回")).to_be_visible()
    await page.get_by_role("button", name="删除住址、签发机关和有效期").click()
    await expect(page.get_by_text("已删除住址、签发机关和有效期")).to_be_visible()
    await settled(page, "kept-removed")
