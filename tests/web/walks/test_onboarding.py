"""A hospital's administrator applies and hands a report in; the city sees where each institution stands."""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from fixtures.browser import DESKS, Shape, settled
from playwright.async_api import Page, expect
from web.using import Past

from healthcloud import conformance, institutions, onboarding
from healthcloud.conformance.report import signed_report
from healthcloud.core.ids import new_id

Visit = Callable[..., Awaitable[Page]]
SHAPES = (*DESKS, Shape("390", 390, target=24, other_target=24))


async def a_report(clinic: Any, institution_id: Any, *, passed: int) -> dict[str, Any]:
    """Sign a report of the first cases with a key this city does not trust: its own, for it is no sandbox."""
    database = clinic.city.database
    async with database.read() as read:
        numbers = await institutions.numbers_of(read, institution_id)
    cases = [one.id for one in conformance.CASES if "own" in one.faces]
    report = {
        "face": "own",
        "institution": str(new_id()),
        "institution_numbers": [{"kind": str(one.kind), "number": one.number} for one in numbers],
        "ended": database.clock.now().isoformat(),
        "is_complete": passed == len(cases),
        "is_passed": passed == len(cases),
        "cases": [{"id": one, "verdict": "passed", "applies": True} for one in cases[:passed]],
    }
    return signed_report(database.vault, report)


async def test_a_hospital_comes_in_before_everybodys_eyes(clinic: Any, visitor: Visit, tmp_path: Path) -> None:
    place = clinic.loaded.hospitals[1]
    past = Past(clinic, tmp_path)
    await past.use(1)
    while await clinic.city.database.transact(onboarding.count_uses):
        pass
    # Given its administrator, sent to their own hospital's page
    manager = await clinic.signed_in("manager1")
    page = await visitor(1366, cookies=manager.cookies)
    await page.goto("/console/onboarding")
    await expect(page).to_have_url(f"{clinic.url}/console/onboarding/{place.id}")
    await expect(page.get_by_text("尚未提交接入申请").first).to_be_visible()
    # When they apply, first without a system and a point
    await page.get_by_role("link", name="提交接入申请").click()
    await page.get_by_label("联系人或科室").fill("信息科")
    await page.get_by_label("联系电话").fill("0632-0000000")
    await page.get_by_label("接入的系统与厂商").fill("HIS")
    await page.get_by_role("button", name="提交申请").click()
    await expect(page.get_by_role("alert")).to_be_visible()
    await settled(page, "onboarding-apply", shapes=SHAPES)
    await page.get_by_label("接入的系统与厂商").fill("HIS 示例软件\nLIS 示例检验软件")
    for point in ("窗口", "药房", "住院"):
        await page.get_by_label(point).check()
    await page.get_by_role("button", name="提交申请").click()
    await expect(page.get_by_text("接入申请已保存。")).to_be_visible()
    await expect(page.get_by_text("HIS 示例软件、LIS 示例检验软件")).to_be_visible()
    # And hand in a file that is no report, then one whose key the city does not trust
    await page.get_by_role("link", name="提交一致性报告").click()
    await settled(page, "onboarding-report", shapes=SHAPES)
    for content, told in ((b"{}", "这不是由城市签名的一致性报告"), (None, "签署报告的密钥不在本市信任之列")):
        sent = content or json.dumps(await a_report(clinic, place.id, passed=3)).encode()
        await page.get_by_label("报告文件").set_input_files(
            {"name": "report.json", "mimeType": "application/json", "buffer": sent}
        )
        await page.get_by_role("button", name="提交一致性报告").click()
        await expect(page.get_by_role("alert")).to_contain_text(told)
    # Then the page shows what is there and what is missing
    await page.goto(f"/console/onboarding/{place.id}")
    steps = page.get_by_role("table").first
    await expect(steps.get_by_role("row").filter(has_text="接入申请")).to_contain_text("达成")
    await expect(steps.get_by_role("row").filter(has_text="真实业务")).to_contain_text("达成")
    await expect(steps.get_by_role("row").filter(has_text="用卡环节")).to_contain_text("药房")
    await settled(page, "onboarding-one", shapes=SHAPES)
    # And the city sees every institution, this one and the other that applied furthest
    operator = await visitor(1366, cookies=(await clinic.signed_in("operator")).cookies)
    await operator.goto("/console/onboarding")
    row = operator.get_by_role("row").filter(has_text=place.name)
    await expect(row.get_by_text("对接厂商")).to_be_visible()
    other = operator.get_by_role("row").filter(has_text=clinic.loaded.hospitals[2].name)
    await expect(other.get_by_role("cell").nth(1)).to_have_text("正式密钥")
    await settled(operator, "onboarding-list", shapes=SHAPES)
    await operator.get_by_role("link", name=place.name).click()
    await expect(operator.get_by_role("link", name="修改接入申请")).to_have_count(0)
