"""The counter without script: finding, opening a card in each of six ways, a loss, a card taken back, the lock."""

import itertools
import re
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from people.makers import next_number

from healthcloud import audit, people
from healthcloud.core.clock import REAL_CLOCK, Clock

SERIAL = itertools.count(1)
TICKED = {"seen": "yes", "consent": "yes"}


def adult(**more: str) -> dict[str, str]:
    """Return the form of somebody nobody knows yet."""
    shown = {"kind": "01", "number": next_number(male=False), "name": "张晓兰", "phone": f"1380000{next(SERIAL):04}"}
    return shown | TICKED | more


def once_in(page: httpx.Response) -> str:
    found = re.findall(r'name="once" value="([0-9a-f]+)"', page.text)
    assert found, page.text
    return str(found[0])


def carried(page: httpx.Response) -> dict[str, str]:
    """Return what the page that is looked at carries on."""
    return dict(re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)">', page.text))


async def opens(browser: httpx.AsyncClient, variant: str, form: dict[str, str]) -> httpx.Response:
    """Fill a form in, look at it, open the card; return the sheet that says what happens next."""
    looked = await browser.post(f"/counter/register/{variant}", data=form, follow_redirects=True)
    assert looked.status_code == 200, looked.text
    assert "请念给本人听" in looked.text
    sent = await browser.post(f"/counter/register/{variant}", data=carried(looked) | {"step": "open"})
    assert sent.status_code == 303, sent.text
    return await browser.get(sent.headers["location"])


@pytest.fixture
async def desk(clinic: Any) -> httpx.AsyncClient:
    browser: httpx.AsyncClient = await clinic.at_desk("clerk1", 1)
    return browser


async def test_a_card_is_opened_after_it_was_looked_at_together(desk: httpx.AsyncClient) -> None:
    sheet = await opens(desk, "adult", adult(local_number=f"P{next(SERIAL)}"))
    assert "健康卡已开出" in sheet.text
    assert "打印标签" in sheet.text
    assert "张**" in sheet.text
    assert "窗口核验证件" in sheet.text
    assert "张晓兰" not in sheet.text


async def test_looking_alone_makes_nobody(desk: httpx.AsyncClient) -> None:
    form = adult()
    await desk.post("/counter/register/adult", data=form)
    found = await desk.post("/counter/find", data={"kind": "01", "number": form["number"]})
    assert found.status_code == 404


async def test_whoever_is_registered_is_shown_before_anything_is_done(desk: httpx.AsyncClient) -> None:
    form = adult()
    await opens(desk, "adult", form)
    again = await desk.post("/counter/register/adult", data=form, follow_redirects=True)
    assert "不会新建另一个人" in again.text
    assert "张**" in again.text
    assert "不重复发卡" in again.text
    other = await desk.post("/counter/register/adult", data=form | {"name": "李四"})
    assert other.status_code == 409
    assert "请对照证件原件核对" in other.text
    assert 'value="李四"' in other.text


async def test_a_form_sent_twice_is_carried_out_once(desk: httpx.AsyncClient) -> None:
    looked = await desk.post("/counter/register/adult", data=adult(), follow_redirects=True)
    sent = carried(looked) | {"step": "open"}
    answers = [await desk.post("/counter/register/adult", data=sent) for _ in range(2)]
    assert {one.headers["location"].split("?")[0] for one in answers} == {answers[0].headers["location"].split("?")[0]}
    assert all("done=issued" in one.headers["location"] for one in answers)


async def test_a_key_that_no_page_gave_carries_nothing_out(desk: httpx.AsyncClient) -> None:
    form = adult()
    looked = await desk.post("/counter/register/adult", data=form, follow_redirects=True)
    sent = carried(looked) | {"step": "open"}
    for key in (None, "", "short", "a" * 65, "with.a-dot.", form["number"], form["phone"]):
        given = {name: value for name, value in sent.items() if name != "once"} | ({} if key is None else {"once": key})
        refused = await desk.post("/counter/register/adult", data=given)
        assert refused.status_code == 400, key
        assert f'name="once" value="{key}"' not in refused.text
    found = await desk.post("/counter/find", data={"kind": "01", "number": form["number"]})
    assert found.status_code == 404


async def test_what_a_clerk_forgot_is_said_beside_its_field_and_nothing_typed_is_lost(desk: httpx.AsyncClient) -> None:
    for lacking, told in (("seen", "请先核对证件原件"), ("consent", "请先征得同意")):
        form = adult()
        del form[lacking]
        page = await desk.post("/counter/register/adult", data=form)
        assert page.status_code == 422
        assert told in page.text
        assert f'value="{form["number"]}"' in page.text
        assert "<title>错误：" in page.text
    empty = await desk.post("/counter/register/adult", data={"kind": "01"})
    assert [f'href="#{name}"' in empty.text for name in ("number", "name", "consent", "seen")] == [True] * 4
    wrong = await desk.post("/counter/register/adult", data=adult(number="370402190001010011"))
    assert wrong.status_code == 422
    assert 'href="#number"' in wrong.text


async def test_a_newborn_gets_a_card_by_its_mother_and_a_standard_one_with_its_document(
    desk: httpx.AsyncClient,
) -> None:
    mother = adult(number=next_number(male=False, born=date(1990, 1, 1)))
    missing = {"mother_kind": "01", "mother_id": mother["number"], "born_at": "2026-11-20T08:30", "sex": "2"} | TICKED
    unknown = await desk.post("/counter/register/newborn", data=missing)
    assert "请先在本窗口为其登记" in unknown.text
    await opens(desk, "adult", mother)
    sheet = await opens(desk, "newborn", missing)
    assert "新生儿卡" in sheet.text
    assert "补录证件" in sheet.text
    here = re.search(r'href="(/counter/people/[0-9a-f-]+)/document"', sheet.text)
    assert here is not None
    form = {"kind": "02", "number": next_number(male=False, born=date(2026, 11, 20))} | {"seen": "yes"}
    asked = await desk.get(f"{here[1]}/document")
    sent = await desk.post(f"{here[1]}/document", data=form | {"once": once_in(asked)})
    assert "done=converted" in sent.headers["location"], sent.text
    assert "正式卡" in (await desk.get(sent.headers["location"])).text


async def test_a_guardian_acts_for_a_child_from_then_on(clinic: Any, desk: httpx.AsyncClient) -> None:
    parent = adult(number=next_number(born=date(1990, 1, 1)))
    parents = await opens(desk, "adult", parent)
    child = {
        "kind": "02",
        "number": next_number(born=date(2020, 1, 1)),
        "name": "张小宝",
        "keeper_kind": "01",
        "keeper_id": parent["number"],
        "relation": "parent",
        "evidence": "户口簿",
    } | TICKED
    sheet = await opens(desk, "child", child)
    assert "监护人登录后" in sheet.text
    ids = [str(one.url).split("/")[-1].split("?")[0] for one in (parents, sheet)]
    async with clinic.city.database.read() as read:
        [grant] = await people.grants.kept_by(read, UUID(ids[0]))
    assert str(grant.person_id) == ids[1]


async def test_a_visitor_with_a_long_name_gets_a_card_by_passport(desk: httpx.AsyncClient) -> None:
    form = {
        "issuer": "ESP",
        "number": f"XDB{next(SERIAL):06}",
        "name": "María de los Ángeles Fernández-Villaverde y Gutiérrez de la Concepción",
        "sex": "2",
        "birth_date": "1985-03-01",
        "phone": "+34600000000",
    } | TICKED
    sheet = await opens(desk, "foreign", form)
    assert "健康卡已开出" in sheet.text
    assert "离开本市后卡保留" in sheet.text


async def test_somebody_nobody_knows_gets_a_temporary_card_without_consent(desk: httpx.AsyncClient) -> None:
    looked = await desk.post(
        "/counter/register/unknown", data={"sex": "1", "age": "60", "evidence": "车站，灰色外套"}, follow_redirects=True
    )
    assert looked.status_code == 200, looked.text
    sent = await desk.post("/counter/register/unknown", data=carried(looked) | {"step": "open"})
    sheet = await desk.get(sent.headers["location"])
    assert "临时卡" in sheet.text
    assert "再请市级管理员合并" in sheet.text


async def test_an_elder_without_a_phone_gets_a_card_for_paper(desk: httpx.AsyncClient) -> None:
    form = adult(phone="")
    sheet = await opens(desk, "elder", form)
    assert "再核对一项" in sheet.text


async def test_a_card_is_frozen_and_unfrozen_for_who_shows_the_document(desk: httpx.AsyncClient) -> None:
    form = adult()
    await opens(desk, "adult", form)
    shown = {"kind": "01", "number": form["number"], "seen": "yes"}
    assert "请先核对证件原件" in (await desk.post("/counter/freeze", data=shown | {"seen": ""})).text
    for act, word in (("freeze", "已挂失"), ("unfreeze", "已解除挂失")):
        looked = await desk.post("/counter/freeze", data=shown, follow_redirects=True)
        sent = await desk.post("/counter/freeze", data=carried(looked) | {"act": act, "once": once_in(looked)})
        assert sent.status_code == 303, sent.text
        assert word in (await desk.get(sent.headers["location"])).text


async def test_a_label_is_printed_and_its_holder_can_read_that(clinic: Any, desk: httpx.AsyncClient) -> None:
    sheet = await opens(desk, "adult", adult())
    holder = str(sheet.url).split("?")[0].rpartition("/")[2]
    asked = await desk.get(f"/counter/label/{holder}")
    printed = await desk.post(f"/counter/label/{holder}", data={"paper": "label", "once": once_in(asked)})
    assert printed.headers["content-type"] == "application/pdf", printed.text
    assert printed.content.startswith(b"%PDF")
    async with clinic.city.database.read() as read:
        assert "cards.code-printed" in {deed.deed for deed in await audit.deeds_about(read, [UUID(holder)])}
    wrong = await desk.post(f"/counter/label/{holder}", data={"paper": "wall", "once": once_in(asked)})
    assert wrong.status_code == 422


async def test_a_card_opened_wrongly_is_taken_back_here_and_nowhere_else(clinic: Any, desk: httpx.AsyncClient) -> None:
    sheet = await opens(desk, "adult", adult())
    here = str(sheet.url).split("?")[0]
    asked = await desk.get(f"{here}/take-back")
    sent = await desk.post(f"{here}/take-back", data={"once": once_in(asked)})
    assert "错发的卡已收回" in (await desk.get(sent.headers["location"])).text
    holder = await clinic.card_of(77)
    asked = await desk.get(f"/counter/people/{holder.person_id}/take-back")
    refused = await desk.post(f"/counter/people/{holder.person_id}/take-back", data={"once": once_in(asked)})
    assert refused.status_code == 409
    assert "一天内开出" in refused.text


async def test_everything_is_seen_only_for_a_reason_the_person_can_read(clinic: Any, desk: httpx.AsyncClient) -> None:
    form = adult()
    sheet = await opens(desk, "adult", form)
    here = str(sheet.url).split("?")[0]
    assert form["number"] not in sheet.text
    assert (await desk.post(here, data={"reason": ""})).status_code == 422
    opened = await desk.post(here, data={"reason": "核对病历"})
    assert form["number"] in opened.text
    async with clinic.city.database.read() as read:
        deeds = await audit.deeds_about(read, [UUID(here.rpartition("/")[2])])
    assert "核对病历" in {deed.reason for deed in deeds}


async def test_a_patient_number_is_linked_once(desk: httpx.AsyncClient) -> None:
    sheet, number = await opens(desk, "adult", adult()), f"N{next(SERIAL)}"
    here = str(sheet.url).split("?")[0]
    linked = await desk.post(f"{here}/number", data={"number": number, "once": once_in(sheet)})
    assert number in (await desk.get(linked.headers["location"])).text
    other = await opens(desk, "adult", adult())
    there = str(other.url).split("?")[0]
    refused = await desk.post(f"{there}/number", data={"number": number, "once": once_in(other)})
    assert refused.status_code == 409


async def test_the_last_scans_of_the_desk_stand_beside_the_line(clinic: Any, desk: httpx.AsyncClient) -> None:
    code = await clinic.code_of(await clinic.card_of(55))
    good = await desk.post("/scan", data={"code": code})
    assert 'class="taken"' in good.text
    assert "为此人办理" in good.text
    bad = await desk.post("/scan", data={"code": f"{'A' * 64}:0:{'B' * 32}::"})
    assert re.search(r'class="refused">.*?非本平台码', bad.text, re.DOTALL)
    assert 'class="taken"' in bad.text


async def test_a_locked_desk_asks_for_the_pin_and_goes_on_where_it_was(clinic: Any) -> None:
    browser, database = await clinic.signed_in("doctor1"), clinic.city.database
    database.clock = Clock(timedelta(minutes=1))  # a code of the second factor is good once
    member = next(one for one in clinic.loaded.staff if one.login == "doctor1")
    asked = await browser.get("/counter/desk")
    pin = {"pin": "418205", "code": member.code(database.clock.now().timestamp()), "once": once_in(asked)}
    assert "done=pin" in (await browser.post("/counter/desk/pin", data=pin)).headers["location"]
    assert (await browser.get("/staff/lock/state")).json() == {"awake": True}
    assert (await browser.post("/staff/lock/now")).status_code == 303
    assert (await browser.get("/staff/lock/state")).json() == {"awake": False}
    sent_away = await browser.get("/counter/find")
    assert sent_away.headers["location"] == "/staff/lock?next=/counter/find"
    assert "已锁屏" in (await browser.get(sent_away.headers["location"])).text
    wrong = await browser.post("/staff/lock", data={"secret": "000000", "next": "/counter/find"})
    assert wrong.status_code == 401
    assert "已锁屏" in wrong.text
    right = await browser.post("/staff/lock", data={"secret": "418205", "next": "/counter/find"})
    assert right.headers["location"] == "/counter/find"
    assert (await browser.get("/counter/find")).status_code == 200
    database.clock = REAL_CLOCK


async def test_the_scanners_prefix_is_kept_by_this_browser(desk: httpx.AsyncClient) -> None:
    for wrong in ("中文", "a" * 9, 'a";b'):
        assert (await desk.post("/counter/desk/scanner", data={"prefix": wrong})).status_code == 422
    assert (await desk.post("/counter/desk/scanner", data={"prefix": "]Q3"})).status_code == 303
    assert 'data-prefix="]Q3"' in (await desk.get("/scan")).text


async def test_whoever_may_not_open_cards_sees_no_such_page(clinic: Any) -> None:
    guest = await clinic.browser().get("/counter/register")
    assert guest.headers["location"] == "/staff/sign-in?next=/counter/register"
    assert (await (await clinic.signed_in("doctor1")).get("/counter")).headers["location"] == "/scan"
    system = await clinic.signed_in("system")
    assert (await system.get("/counter/register")).status_code == 403
