"""The consoles in a real browser: each administrator's pages at a desk's width, whole also at a phone's."""

from datetime import timedelta
from typing import Any

import pytest
from fixtures.browser import DESKS, Shape, settled
from playwright.async_api import Page, expect

from healthcloud.core.background import enqueue
from healthcloud.core.db import Transaction
from healthcloud.core.ids import new_id
from healthcloud.server.demonstration import resident

NARROW = Shape("390", 390, target=24, other_target=24)


async def look(page: Page, name: str) -> None:
    await settled(page, f"console-{name}", shapes=(NARROW, *DESKS))


async def some_jobs(clinic: Any) -> None:
    """A job that failed for good, one on its way, one that waits, and a schedule."""
    now, database = clinic.city.database.clock.now(), clinic.city.database

    async def make(tx: Transaction) -> None:
        await enqueue(tx, "channels.send", {})
        await tx.run(
            "INSERT INTO core.dead_jobs (id, kind, priority, body, attempts, last_error, created_at, died_at)"
            " VALUES ($1, 'people.rotation', 2, '{}', 12, 'UndefinedTableError 42P01 at people/store.py:31', $2, $2)",
            new_id(),
            now,
        )
        await tx.run(
            "INSERT INTO core.jobs (id, kind, priority, body, due_at, done, total, created_at)"
            " VALUES ($1, 'access.rotation', 2, '{}', $2, 41200, 120000, $2)",
            new_id(),
            now,
        )
        await tx.run(
            "INSERT INTO core.schedule (name, next_at, last_at) VALUES ('audit.verify', $1, $2)",
            now + timedelta(hours=20),
            now - timedelta(hours=4),
        )

    await database.transact(make)


@pytest.fixture
def comes(clinic: Any, visitor: Any) -> Any:
    async def sign_in(login: str) -> Page:
        page: Page = await visitor(1366, cookies=(await clinic.signed_in(login)).cookies)
        await page.goto("/console")
        return page

    return sign_in


async def test_the_system_administrator(clinic: Any, comes: Any) -> None:
    page = await comes("system")
    await expect(page).to_have_url(f"{clinic.url}/console/institutions")
    await look(page, "institutions")
    await page.keyboard.press("/")
    await page.keyboard.type("医院")
    await page.keyboard.press("Enter")
    await page.get_by_role("table").get_by_role("link").first.click()
    await look(page, "institution")
    await page.get_by_role("link", name="添加终端").click()
    await page.get_by_label("终端名称").fill("夜间急诊窗口")
    await page.get_by_label("类型").select_option(index=1)
    await page.get_by_label("诊疗环节").select_option(index=1)
    await look(page, "terminal-new")
    await page.keyboard.press("Control+Enter")
    await expect(page.get_by_text("绑定码", exact=True)).to_be_visible()
    await look(page, "terminal-code")
    await page.goto("/console/institutions/new")
    await look(page, "institution-new")
    await page.keyboard.press("Escape")
    await page.keyboard.press("Escape")
    await expect(page).to_have_url(f"{clinic.url}/console/institutions")
    await some_jobs(clinic)
    for name in ("jobs", "jobs/waiting", "system"):
        await page.goto(f"/console/{name}")
        await look(page, name.replace("/", "-"))
    await page.goto("/console/jobs")
    await page.get_by_role("link", name="people.rotation").click()
    await look(page, "job-dead")
    await page.get_by_role("link", name="放弃任务").click()
    await look(page, "job-discard")


async def test_the_security_administrator(comes: Any) -> None:
    page = await comes("security")
    await look(page, "clients")
    await page.goto("/console/clients/new")
    await look(page, "client-new")
    await page.goto("/console/clients")
    await page.get_by_role("table").get_by_role("link").first.click()
    await look(page, "client")
    await page.get_by_role("link", name="签发密钥").click()
    await look(page, "key-new")
    await page.goto("/console/staff")
    await look(page, "staff")
    await page.get_by_role("link", name="clerk1").click()
    await look(page, "member")
    await page.get_by_role("link", name="办理离岗").click()
    await look(page, "member-leave")
    await page.goto("/console/staff/new")
    await page.get_by_label("登录名").fill("walk.invited")
    await page.get_by_label("姓名").fill("走查人员")
    await page.get_by_role("button", name="核对").click()
    await look(page, "invite-review")
    await page.get_by_role("button", name="开设账号").click()
    await look(page, "invitation")
    await page.goto("/console/roles")
    await look(page, "roles")


async def test_the_audit_administrator(comes: Any) -> None:
    page = await comes("audit")
    await look(page, "audit")
    await page.goto("/console/audit/person")
    await look(page, "audit-person")


async def test_the_city_operator(clinic: Any, comes: Any) -> None:
    holder = await clinic.card_of(71)
    page = await comes("operator")
    await page.goto("/console/cards")
    await look(page, "cards")
    document = resident(71).documents[0]
    await page.get_by_label("证件类型").select_option(document.kind)
    await page.get_by_label("证件号码").fill(document.number)
    await page.get_by_label("原因").fill("本人来电")
    await page.get_by_role("button", name="查找").click()
    await expect(page).to_have_url(f"{clinic.url}/console/cards/{holder.person_id}")
    await look(page, "card")
    await page.get_by_role("link", name="挂失").click()
    await look(page, "card-freeze")
    await page.get_by_label("原因", exact=True).last.fill("本人来电挂失")
    await page.get_by_role("button", name="挂失").click()
    await expect(page.get_by_text("已挂失，全市立即生效。")).to_be_visible()
