"""
Each form of a resident on a bad day: no network, an answer lost, Back, a second tab that is old.

One walk over a list of forms. Nothing that was filled in is lost, nothing is done twice, and every page that is come
back to says what is so and has a way on.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from fixtures.browser import Visit, settled
from fixtures.databases import Copy
from fixtures.network import answers_lost, offline
from playwright.async_api import Page, expect
from web.households import Resident, bear, code_to, settle
from web.households import sign_in as signed_in

from healthcloud import people
from healthcloud.server.demonstration import resident
from healthcloud.server.demonstration.residents import may_be_mother

# The forms walked, then the same without script: each takes other residents.
WITHOUT_SCRIPT = 20
NUMBERS = [n for n in range(2000, 2200) if resident(n).phone and resident(n).documents[0].kind == "01"]
MOTHERS = [n for n in range(2000, 2400) if may_be_mother(resident(n)) and resident(n).phone]


@dataclass(frozen=True)
class Given:
    """Somebody before a form: their browser, where the form is, of whom its deed speaks."""

    one: Resident
    path: str
    subject: UUID
    other: people.RegistrationForm | None = None  # whom the form asks for


Prepare = Callable[[Any, int], Awaitable[Given]]
Fill = Callable[[Page, Given], Awaitable[None]]
Deeds = Callable[[str, UUID | None], Awaitable[int]]


@dataclass(frozen=True)
class Form:
    """A form: how somebody comes before it, fills it in up to its act, and what the act writes once."""

    name: str
    prepare: Prepare
    fill: Fill
    act: str
    deed: str
    done: str  # of the page after it: a text
    stale: str  # of the page an older tab gets: a text
    kept: str = ""  # of a form that is reviewed: the label of a field that Back shows as it was filled in


async def _nothing(page: Page, _: Given) -> None:
    await expect(page.get_by_role("heading", level=1)).to_be_visible()


def _own(path: str, at: int) -> Prepare:
    async def prepare(clinic: Any, offset: int) -> Given:
        one = await settle(clinic, NUMBERS[at + offset])
        return Given(one, path, one.person_id)

    return prepare


async def _wish(page: Page, given: Given) -> None:
    """Fill in whom one asks to act for, up to the review."""
    assert given.other is not None
    await page.get_by_label("对方姓名").fill(given.other.name or "")
    await page.get_by_label("证件号码").fill(given.other.documents[0].number)
    await page.get_by_label("亲友").check()
    await page.get_by_label("出示、挂失健康卡").check()
    await page.get_by_role("button", name="下一步").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("请核对")


async def _asked(clinic: Any, at: int) -> tuple[Resident, Resident, str]:
    keeper, other = await settle(clinic, NUMBERS[at]), await settle(clinic, NUMBERS[at + 1])
    fields = {"name": other.form.name or "", "kind": "01", "number": other.document.number, "relation": "other"}
    sent = await keeper.post("/family/add/other", **fields, **{"scope-card": "yes"}, confirmed="yes")
    return keeper, other, "/family/" + "/".join(sent.headers["location"].split("/")[-2:])


async def _to_ask(clinic: Any, offset: int) -> Given:
    one, other = await settle(clinic, NUMBERS[1 + offset]), await settle(clinic, NUMBERS[2 + offset])
    return Given(one, "/family/add/other", other.person_id, other.form)


async def _to_accept(clinic: Any, offset: int) -> Given:
    _, other, path = await _asked(clinic, 3 + offset)
    return Given(other, path, other.person_id)


async def _to_withdraw(clinic: Any, offset: int) -> Given:
    keeper, other, path = await _asked(clinic, 5 + offset)
    await other.post(f"{path}/accept")
    return Given(keeper, path, other.person_id)


async def _to_keep(clinic: Any, offset: int) -> Given:
    mother = await settle(clinic, MOTHERS[offset])
    return Given(mother, "/family/add", await bear(clinic, mother))


async def _newcomer(clinic: Any, offset: int) -> Given:
    browser, phone = clinic.browser(), f"163111111{offset:02d}"
    account = await signed_in(clinic, browser, phone)
    form = resident(NUMBERS[7 + offset])
    return Given(Resident(account, account, form, browser, phone), "/real-name", account)


async def _to_take_back(clinic: Any, offset: int) -> Given:
    one = await settle(clinic, NUMBERS[14 + offset])
    asked = {"subject": "name", "text": "字不同", "confirmed": "yes"}
    sent = await one.post("/me/corrections/new", **asked)
    return Given(one, sent.headers["location"].partition("?")[0], one.person_id)


async def _to_object(clinic: Any, offset: int) -> Given:
    one = await settle(clinic, NUMBERS[15 + offset])
    found = re.search(r'href="(/looks/ask\?[^"]+)"', (await one.browser.get("/looks")).text)
    assert found is not None
    return Given(one, found[1].replace("&amp;", "&"), one.person_id)


async def _to_unconsent(clinic: Any, offset: int) -> Given:
    one = await settle(clinic, NUMBERS[16 + offset], card=False)
    await one.post("/card/open", agree="yes")
    return Given(one, "/me/consents", one.person_id)


async def _without_card(clinic: Any, offset: int) -> Given:
    one = await settle(clinic, NUMBERS[11 + offset], card=False)
    return Given(one, "/card/open", one.person_id)


async def _claim(page: Page, given: Given) -> None:
    await page.get_by_label("姓名").fill(given.one.form.name or "")
    await page.get_by_label("证件号码", exact=True).fill(given.one.document.number)
    await page.get_by_label("我单独同意").check()
    await page.get_by_role("button", name="下一步").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("请核对")


async def _correct(page: Page, _: Given) -> None:
    await page.get_by_label("证件号码").check()
    await page.get_by_label("说明").fill("号码末位录错")
    await page.get_by_role("button", name="下一步").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("请核对")


async def _reason(page: Page, _: Given) -> None:
    await page.get_by_label("注销原因").fill("迁往外地")


async def _phone(page: Page, _: Given) -> None:
    await page.get_by_label("新的联系电话").fill("16355556666")


async def _question(page: Page, _: Given) -> None:
    await page.get_by_label("您想问什么").fill("这是哪里来的记录")


async def _agree(page: Page, _: Given) -> None:
    await page.get_by_label("我同意办理").check()


async def _sure(page: Page, _: Given) -> None:
    await page.get_by_label("仍要注销").check()


FORMS = (
    Form(
        *("family-ask", _to_ask, _wish, "提交申请"),
        *("people.grant-asked", "申请已提交", "去查看", "证件号码"),
    ),
    Form("family-accept", _to_accept, _nothing, "同意由其代办", "people.grant-accepted", "代办已生效", "代办授权"),
    Form("family-withdraw", _to_withdraw, _nothing, "终止代办", "people.grant-withdrawn", "代办已终止", "代办授权"),
    Form("family-newborn", _to_keep, _nothing, "由我代办", "people.grant-accepted", "已设为由您代办", "去查看"),
    Form("real-name", _newcomer, _claim, "信息无误", "people.registered", "已登记", "已登记", "证件号码"),
    Form(
        *("correction", _own("/me/corrections/new", 8), _correct, "提交申请"),
        *("people.request-asked", "已收到，编号", "去查看", "说明"),
    ),
    Form(
        *("closing", _own("/me/closing", 9), _reason, "申请注销"),
        *("people.request-asked", "已收到，编号", "去查看"),
    ),
    Form(
        *("contact-phone", _own("/me/phone", 10), _phone, "保存联系电话"),
        *("people.contact-changed", "163****6666", "163****6666"),
    ),
    Form("request-withdraw", _to_take_back, _nothing, "撤回申请", "people.request-withdrawn", "已撤回", "已撤回"),
    Form("objection", _to_object, _question, "提交疑问", "people.request-asked", "已收到，编号", "去查看"),
    Form("consent-withdraw", _to_unconsent, _nothing, "撤回同意", "people.consent-withdrawn", "已撤回", "已撤回"),
)
# Walked in a file of their own with a network; here without script only.
OF_CARDS = (
    Form("card-open", _without_card, _agree, "同意并办理", "cards.issued", "健康卡已办好", ""),
    Form("card-freeze", _own("/card/freeze", 12), _nothing, "确认挂失", "cards.frozen", "健康卡已挂失", ""),
    Form("card-cancel", _own("/card/cancel", 13), _sure, "确认注销", "cards.cancelled", "健康卡已注销", ""),
)


@pytest.fixture
def deeds(module_copy: Copy) -> Deeds:
    """Count the lines of one deed about somebody; about anybody for None."""

    async def count(deed: str, subject: UUID | None) -> int:
        counted = """
            SELECT count(*) FROM audit.deeds
             WHERE deed = $1 AND outcome = 'done' AND ($2::uuid IS NULL OR subject_id = $2)
            """
        connection = await asyncpg.connect(module_copy.owner_url)
        try:
            return int(await connection.fetchval(counted, deed, subject))
        finally:
            await connection.close()

    return count


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
async def test_a_form_on_a_bad_day(visitor: Visit, clinic: Any, form: Form, deeds: Deeds) -> None:
    given = await form.prepare(clinic, 0)
    page = await visitor(390, cookies=given.one.browser.cookies)
    old = await page.context.new_page()
    for tab in (page, old):
        await tab.goto(given.path)
        await form.fill(tab, given)
    subject = None if form.deed == "people.registered" else given.subject
    before = await deeds(form.deed, subject)
    act = page.get_by_role("button", name=form.act).first

    if form.kept:
        await page.go_back()
        await expect(page.get_by_label(form.kept, exact=True)).not_to_have_value("")
        await page.go_forward()
        await expect(act).to_be_visible()

    async with offline(page):
        await act.click()
        await expect(page.get_by_text("网络不通")).to_be_visible()
    assert await deeds(form.deed, subject) == before

    async with answers_lost(page) as statuses:
        await act.click()
        await page.wait_for_url("chrome-error://**")
    assert statuses == [303]
    await page.reload()
    await expect(page.locator("main")).to_contain_text(form.done)
    assert await deeds(form.deed, subject) == before + 1

    await go_all_the_way_back(page)
    await old.get_by_role("button", name=form.act).first.click()
    await expect(old.locator("main")).to_contain_text(form.stale)
    await expect(old.locator("main").get_by_role("link").first).to_be_visible()
    assert await deeds(form.deed, subject) == before + 1
    await settled(old, f"{form.name}-in-an-old-tab")


async def go_all_the_way_back(page: Page) -> None:
    """Go back to the first page of this tab; each on the way is a page of ours that says what it is."""
    while page.url != "about:blank":
        await expect(page.get_by_role("heading", level=1)).to_be_attached()
        assert not page.url.startswith("chrome-error")
        if await page.evaluate("() => history.length > 1 && navigation.canGoBack") is False:
            return
        await page.go_back()


@pytest.mark.parametrize("form", [*FORMS, *OF_CARDS], ids=lambda form: form.name)
async def test_a_form_without_script(visitor: Visit, clinic: Any, form: Form, deeds: Deeds) -> None:
    given = await form.prepare(clinic, WITHOUT_SCRIPT)
    page = await visitor(390, cookies=given.one.browser.cookies, java_script_enabled=False)
    subject = None if form.deed == "people.registered" else given.subject
    before = await deeds(form.deed, subject)
    await page.goto(given.path)
    await form.fill(page, given)
    await page.get_by_role("button", name=form.act).first.dblclick()
    await expect(page.locator("main")).to_contain_text(form.done)
    assert await deeds(form.deed, subject) == before + 1


async def test_signing_in_out_and_choosing_without_script(visitor: Visit, clinic: Any) -> None:
    page, phone = await visitor(390, java_script_enabled=False), "16322223333"
    await page.goto("/me")
    await page.get_by_label("手机号").fill(phone)
    await page.get_by_role("button", name="获取验证码").click()
    await page.get_by_label("短信验证码").fill(await code_to(clinic, phone))
    await page.get_by_role("button", name="登录", exact=True).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("我的")
    await page.get_by_role("button", name="English").click()
    await expect(page.locator("html")).to_have_attribute("lang", "en")
    await page.get_by_role("button", name="Large print").first.click()
    await expect(page.locator("html")).to_have_attribute("data-display", "elder")
    await page.get_by_role("button", name="Sign out").click()
    await expect(page.get_by_role("main")).to_contain_text("Show")
    await page.goto("/hospitals")
    await page.get_by_label("Hospital").first.fill("市")
    await page.locator("form[role=search] button").first.click()
    await expect(page.locator(".list a").first).to_be_visible()
