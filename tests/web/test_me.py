"""Oneself over HTTP: masked until asked for, devices, consents, requests and answers, messages, a copy to take away."""

import re
from typing import Any

import pytest
from web.households import Resident, another_browser, code_to, holder_of, settle

from healthcloud import cards, people
from healthcloud.core.caller import SYSTEM
from healthcloud.core.ids import new_id


@pytest.fixture(scope="module")
async def one(clinic: Any) -> Resident:
    return await settle(clinic, 9)


def number(one: Resident) -> str:
    return one.document.number


async def test_data_is_masked_until_it_is_asked_for_and_that_is_recorded(one: Resident) -> None:
    page = await one.browser.get("/me")
    assert number(one) not in page.text
    assert one.phone not in page.text
    assert number(one)[:4] in page.text
    shown = await one.post("/me/reveal")
    assert number(one) in shown.text
    assert shown.headers["cache-control"] == "no-store"
    assert "您本人查看了自己的完整信息" in (await one.browser.get("/looks?show=looked")).text
    assert number(one) not in (await one.browser.get("/me")).text


async def test_a_copy_holds_what_is_kept_and_no_ids_of_others(one: Resident) -> None:
    copy = await one.post("/me/copy")
    assert "attachment" in copy.headers["content-disposition"]
    told = copy.json()
    assert told["person"]["document_number"] == number(one)
    assert len(told["card"]["number"]) == 64
    assert {"uses", "record", "consents", "requests", "corrections"} <= told.keys()
    assert str(one.person_id) not in copy.text
    assert "下载了自己的信息副本" in (await one.browser.get("/looks")).text


async def test_other_devices_are_listed_and_signed_out(clinic: Any, one: Resident) -> None:
    other = await another_browser(clinic, one)
    assert (await other.get("/me")).status_code == 200
    page = await one.browser.get("/me/devices")
    found = re.findall(r'action="(/me/devices/sessions/[^"]+)"', page.text)
    assert len(found) == 1
    assert (await one.post(found[0])).status_code == 303
    assert (await other.get("/me")).headers["location"].startswith("/sign-in")
    assert (await one.post(found[0])).status_code == 404
    assert (await one.post("/me/devices/others")).status_code == 303
    assert (await one.browser.get("/me/devices")).status_code == 200


async def test_a_phone_with_codes_is_removed(clinic: Any, one: Resident) -> None:
    me = holder_of(one)
    await clinic.city.database.transact(lambda tx: cards.phones.enrol_phone(tx, me, None, "旧手机"))
    page = await one.browser.get("/me/devices")
    assert "旧手机" in page.text
    found = re.findall(r'action="(/me/devices/phones/[^"]+)"', page.text)
    assert (await one.post(found[0])).status_code == 303
    assert "旧手机" not in (await one.browser.get("/me/devices")).text


async def test_a_correction_is_reviewed_asked_answered_and_withdrawn_not_again(clinic: Any, one: Resident) -> None:
    form = {"subject": "name", "text": "身份证上的字不同"}
    kept = (await one.post("/me/corrections/new", **form)).headers["location"]
    assert "请核对" in (await one.browser.get(kept)).text
    assert form["text"] in (await one.browser.get(f"{kept}&change=1")).text
    assert "请重新填写" in (await one.browser.get(f"/me/corrections/new?draft={new_id()}")).text
    sent = await one.post("/me/corrections/new", **form, confirmed="yes")
    assert sent.status_code == 303
    page = await one.browser.get(sent.headers["location"])
    assert "已收到，编号" in page.text
    twice = await one.post("/me/corrections/new", **form, confirmed="yes")
    assert twice.status_code == 409
    refused = await one.post("/me/corrections/new", subject="name", text="370402190001010015")
    assert refused.status_code == 422
    assert 'href="#text"' in refused.text

    request_id = sent.headers["location"].split("/")[-1].split("?")[0]
    async with clinic.city.database.read() as read:
        waiting = await people.requests.waiting_requests(read, SYSTEM, limit=200)
    asked = next(each for each in waiting if str(each.id) == request_id)
    await clinic.city.database.transact(
        lambda tx: people.requests.answer_request(tx, SYSTEM, asked.person_id, asked.id, "已按证件更正", granted=True)
    )
    assert "已按证件更正" in (await one.browser.get(f"/me/corrections/{request_id}")).text
    assert "1 份已经答复" in (await one.browser.get("/")).text
    assert "您的申请已答复" in (await one.browser.get("/messages?kind=data")).text
    assert (await one.post(f"/me/corrections/{request_id}/withdraw")).status_code == 303
    assert "已办理" in (await one.browser.get("/me/corrections")).text


async def test_a_line_of_the_record_can_be_asked_about(clinic: Any, one: Resident) -> None:
    await clinic.city.database.transact(lambda tx: people.open_person(tx, SYSTEM, one.person_id, "抽查登记质量"))
    page = await one.browser.get("/looks?show=looked")
    assert "抽查登记质量" in page.text
    href = re.search(r'href="(/looks/ask\?deed=[^"]+)"', page.text)
    assert href is not None
    assert (await one.browser.get(href[1])).status_code == 200
    deed = href[1].split("=")[1]
    sent = await one.post("/looks/ask", deed=deed, text="请说明抽查的依据")
    assert sent.status_code == 303
    assert "已收到" in (await one.browser.get(sent.headers["location"])).text
    for field in ({"deed": "x", "text": "y"}, {"deed": deed, "text": ""}):
        assert (await one.post("/looks/ask", **field)).status_code == 422


async def test_the_end_is_asked_for_and_taken_back(one: Resident) -> None:
    assert "依法须保留的" in (await one.browser.get("/me/closing")).text
    sent = await one.post("/me/closing", text="不再需要")
    path = sent.headers["location"].split("?")[0]
    assert (await one.post(f"{path}/withdraw")).headers["location"] == path
    assert "已撤回" in (await one.browser.get(path)).text


async def test_a_consent_is_withdrawn(clinic: Any, one: Resident) -> None:
    wish = people.consents.ConsentWish("health-card.open", "2026-11", 365, "app")
    await clinic.city.database.transact(
        lambda tx: people.consents.give_consent(tx, SYSTEM, one.person_id, wish, people.Policy())
    )
    page = await one.browser.get("/me/consents")
    assert "办理健康卡" in page.text
    found = re.findall(r'action="(/me/consents/[^"]+)"', page.text)
    assert (await one.post(found[0])).status_code == 303
    assert "没有有效的同意" in (await one.browser.get("/me/consents")).text


async def test_the_contact_phone_is_changed(one: Resident) -> None:
    wrong = await one.post("/me/phone", phone="abc")
    assert wrong.status_code == 422
    assert 'href="#phone"' in wrong.text
    assert (await one.post("/me/phone", phone="16012345678")).status_code == 303
    assert "160****5678" in (await one.browser.get("/me")).text


async def test_the_sign_in_phone_is_changed_by_both_codes(clinic: Any, one: Resident) -> None:
    other = await settle(clinic, 31)
    sent = await other.post("/me/sign-in-phone", phone="16022223333")
    assert sent.status_code == 200
    codes = {"code": await code_to(clinic, "16022223333"), "present_code": await code_to(clinic, "16100000031")}
    wrong = await other.post("/me/sign-in-phone", phone="16022223333", **(codes | {"present_code": "x"}))
    assert wrong.status_code == 401
    assert 'role="alert"' in wrong.text
    again = await settle(clinic, 34)
    taken = await again.post("/me/sign-in-phone", phone="abc")
    assert taken.status_code == 422
    assert one.person_id != other.person_id


async def test_notices_tell_of_the_card_and_every_page_has_an_english_face(clinic: Any, one: Resident) -> None:
    await clinic.city.database.transact(lambda tx: cards.freeze(tx, SYSTEM, one.person_id))
    assert "挂失了您的电子健康卡" in (await one.browser.get("/messages?kind=card")).text
    assert "已挂失" in (await one.browser.get("/")).text
    chinese = re.compile(r"[\u4e00-\u9fff]")
    paths = (
        *("/", "/family", "/family/add", "/family/add/elder", "/uses", "/looks", "/messages", "/help", "/guides/card"),
        *("/me", "/me/devices", "/me/consents", "/me/privacy", "/me/closing", "/me/phone", "/me/corrections/new"),
    )
    for path in paths:
        page = await one.browser.get(path, headers={"Cookie": _cookies(one) + "; hc_language=en"})
        main = re.sub(r"<[^>]*>", " ", page.text.split("<main", 1)[1].split("</main>", 1)[0])
        told = set(chinese.findall(main)) - set(
            "吴国军旧手机抽查登记质量张李王赵演示市中窗口号扫码请说明的依据" + (one.form.name or "")
        )
        assert not told, (path, told)


def _cookies(one: Resident) -> str:
    return "; ".join(f"{each.name}={each.value}" for each in one.browser.cookies.jar)


async def test_an_operator_answers_a_request_at_the_console(clinic: Any, one: Resident) -> None:
    sent = await one.post("/me/corrections/new", subject="sex", text="登记有误", confirmed="yes")
    operator = await clinic.signed_in("operator")
    page = await operator.get("/console/requests")
    href = re.findall(r'href="(/console/requests/[^"]+)"', page.text)[-1]
    shown = await operator.get(href)
    assert "登记有误" in shown.text
    assert number(one) not in shown.text
    empty = await operator.post(href, data={"once": "1" * 32, "granted": "no", "answer": ""})
    assert empty.status_code == 422
    form = {"once": "2" * 32, "granted": "no", "answer": "请带身份证到市中心医院服务台"}
    assert (await operator.post(href, data=form)).status_code == 303
    assert "请带身份证到市中心医院服务台" in (await one.browser.get(sent.headers["location"])).text
    assert (await operator.get(href)).status_code == 409
    assert (await (await clinic.signed_in("clerk1")).get("/console/requests")).status_code == 403


async def test_what_is_new_is_counted_and_marked_until_it_was_looked_at(clinic: Any) -> None:
    one, keeper = await settle(clinic, 24), await settle(clinic, 27)
    for each in (one, keeper):
        await each.browser.get("/messages")
        assert "条新消息" not in (await each.browser.get("/")).text
    fields = {"name": str(one.form.name), "kind": one.document.kind, "number": one.document.number}
    await keeper.post("/family/add/other", **fields, **{"scope-card": "yes"}, relation="other", confirmed="yes")
    for path in ("/", "/me", "/messages?kind=card"):
        assert "，1 条新消息" in (await one.browser.get(path)).text, path
    marked = '<span class="tag new">新</span>'
    assert marked in (await one.browser.get("/messages?kind=family")).text  # a part is not the whole: it stays new
    first, second = await one.browser.get("/messages"), await one.browser.get("/messages")
    assert first.text.count(marked) == 1
    assert marked not in second.text
    for path in ("/", "/me", "/messages"):
        assert "条新消息" not in (await one.browser.get(path)).text, path
    assert "条新消息" not in (await keeper.browser.get("/")).text  # what one did oneself is no news


async def test_messages_beyond_the_first_page_tell_what_was_new_then(one: Resident) -> None:
    assert (await one.browser.get("/messages?since=x")).status_code == 422
    old = await one.browser.get("/messages", params={"since": "2020-01-01T00:00:00+00:00"})
    assert old.status_code == 200
    assert (await one.browser.get("/messages", params={"since": "2020-01-01T00:00:00"})).status_code == 200
