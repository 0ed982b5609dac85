"""A family over HTTP: asked, agreed, refused, withdrawn; a newborn; an elder's code; each once, however often sent."""

import re
from dataclasses import replace
from typing import Any

import pytest
from web.households import Resident, bear, code_to, settle

from healthcloud import people
from healthcloud.core.caller import SYSTEM
from healthcloud.server.demonstration.residents import may_be_mother, resident

CARD = {"scope-card": "yes"}


def fields(other: Resident, **more: str) -> dict[str, str]:
    """Return what one writes to ask for somebody."""
    assert other.form.name is not None
    return {"name": other.form.name, "kind": other.document.kind, "number": other.document.number} | CARD | more


async def asked_by(keeper: Resident, other: Resident) -> str:
    """Ask to act for somebody; return the grant's path."""
    sent = await keeper.post("/family/add/other", **fields(other, relation="spouse", confirmed="yes"))
    assert sent.status_code == 303, sent.text
    return "/family/" + "/".join(sent.headers["location"].split("/")[-2:])


@pytest.fixture(scope="module")
async def two(clinic: Any) -> tuple[Resident, Resident]:
    return await settle(clinic, 9), await settle(clinic, 12)


async def test_guests_are_sent_to_sign_in_and_staff_away(clinic: Any) -> None:
    for path in ("/family", "/family/add", "/uses", "/looks", "/me", "/me/devices", "/me/corrections", "/messages"):
        answer = await clinic.browser().get(path)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/sign-in?next={path}")
        staff = await (await clinic.signed_in("clerk1")).get(path)
        assert staff.status_code == 403


async def test_a_grant_is_reviewed_asked_agreed_and_withdrawn(two: tuple[Resident, Resident]) -> None:
    keeper, other = two
    review = await keeper.post("/family/add/other", **fields(other, relation="spouse"))
    assert review.status_code == 303
    shown = await keeper.browser.get(review.headers["location"])
    assert "请核对" in shown.text
    assert other.document.number in shown.text
    assert other.document.number not in (await other.browser.get(review.headers["location"])).text
    grant = await asked_by(keeper, other)
    again = await keeper.post("/family/add/other", **fields(other, relation="spouse", confirmed="yes"))
    assert again.status_code == 409
    assert 'role="alert"' in again.text

    home = await other.browser.get("/")
    assert "1 人申请替您办事" in home.text
    for path in ("/messages", "/family", grant):
        shown = await other.browser.get(path)
        assert str(keeper.form.name) not in shown.text
        assert "同意" in shown.text
    assert (await other.post(f"{grant}/forget")).status_code == 404
    agreed = await other.post(f"{grant}/accept")
    assert agreed.headers["location"] == "/family/done/accept"
    assert "代办已生效" in (await other.browser.get("/family/done/accept")).text
    chips = (await keeper.browser.get("/")).text
    assert f"/card?person={other.person_id}" in chips
    assert (await keeper.browser.get(f"/uses?person={other.person_id}")).status_code == 200
    assert "查看了您的用卡记录" in (await other.browser.get("/looks")).text
    log = await other.browser.get("/family/log")
    assert "代办授权生效" in log.text
    assert "平台自动处理" not in log.text

    ended = await keeper.post(f"{grant}/withdraw")
    assert ended.headers["location"] == "/family/done/withdraw"
    assert (await keeper.browser.get(f"/uses?person={other.person_id}")).status_code == 404
    assert (await other.post(f"{grant}/accept")).status_code in (404, 409)


async def test_the_same_form_twice_is_done_once(two: tuple[Resident, Resident]) -> None:
    keeper, other = two
    grant = await asked_by(keeper, other)
    form = {"once": "0123456789abcdef"}
    first, second = [await other.browser.post(f"{grant}/refuse", data=form) for _ in range(2)]
    assert (first.status_code, first.headers["location"]) == (second.status_code, second.headers["location"])
    assert first.status_code == 303
    no_key = await other.browser.post(f"{grant}/refuse", data={"x": "y"})
    assert no_key.status_code == 400


async def test_what_is_missing_is_said_at_each_field(two: tuple[Resident, Resident]) -> None:
    keeper, other = two
    page = await keeper.post("/family/add/carer", name="", kind="01", number="x")
    assert page.status_code == 422
    for field in ("name", "scope-card", "last_day"):
        assert f'href="#{field}"' in page.text
    wrong = await keeper.post("/family/add/other", **(fields(other, confirmed="yes") | {"name": "王某某"}))
    nobody = await keeper.post(
        "/family/add/other", **(fields(other, confirmed="yes") | {"kind": "03", "number": "Z9999999", "issuer": "USA"})
    )
    assert wrong.status_code == nobody.status_code == 404
    assert people.PersonNotFound.zh in wrong.text


async def test_nobody_else_sees_or_decides_a_grant(clinic: Any, two: tuple[Resident, Resident]) -> None:
    keeper, other = two
    grant, third = await asked_by(keeper, other), await settle(clinic, 15)
    assert (await third.browser.get(grant)).status_code == 404
    for deed in ("accept", "refuse", "withdraw"):
        assert (await third.post(f"{grant}/{deed}")).status_code == 404
    code = {"phone": other.phone, "code": "123456"}
    assert (await third.post(f"/family/code/{grant.removeprefix('/family/')}", **code)).status_code == 404
    assert 'class="tag refused"' in (await other.browser.get("/looks?show=refused")).text
    assert (await keeper.post(f"{grant}/withdraw")).status_code == 303


async def test_an_elder_agrees_by_the_code_their_own_phone_received(
    clinic: Any, two: tuple[Resident, Resident]
) -> None:
    keeper, elder = two
    grant = await asked_by(keeper, elder)
    at = grant.removeprefix("/family/")
    assert 'name="phone"' in (await keeper.post(f"/family/code/{at}")).text
    other_phone = await keeper.post(f"/family/code/{at}", phone="16099999999")
    assert 'name="code"' in other_phone.text
    with pytest.raises(LookupError):
        await code_to(clinic, "16099999999")
    sent = await keeper.post(f"/family/code/{at}", phone=elder.phone)
    assert sent.status_code == 200
    code = await code_to(clinic, elder.phone)
    wrong = await keeper.post(f"/family/code/{at}", phone=elder.phone, code="000000" if code != "000000" else "1" * 6)
    assert wrong.status_code == 401
    agreed = await keeper.post(f"/family/code/{at}", phone=elder.phone, code=code)
    assert agreed.headers["location"] == "/family/done/agree"
    assert "本人手机验证码" in (await elder.browser.get(grant)).text
    assert (await elder.post(f"{grant}/withdraw")).status_code == 303


async def test_a_child_never_agrees_by_a_code(clinic: Any, two: tuple[Resident, Resident]) -> None:
    keeper, _ = two
    database = clinic.city.database
    n = next(n for n in range(500) if (born := resident(n).birth_date) and born.year >= 2015 and resident(n).documents)
    form = replace(resident(n), phone=keeper.phone)
    child = people.read_registration(form, database.clock.now().date())
    seen = people.Verification(people.Level.REGISTRY, "registry")
    await database.transact(lambda tx: people.register(tx, SYSTEM, child, seen, people.Policy()))
    assert form.name is not None
    told = {"name": form.name, "kind": form.documents[0].kind, "number": form.documents[0].number}
    sent = await keeper.post("/family/add/child", **told, **CARD, relation="guardian", confirmed="yes")
    at = "/".join(sent.headers["location"].split("/")[-2:])
    assert "监护人到窗口确认" in (await keeper.browser.get(sent.headers["location"])).text
    await keeper.post(f"/family/code/{at}", phone=keeper.phone)
    code = await code_to(clinic, keeper.phone)
    refused = await keeper.post(f"/family/code/{at}", phone=keeper.phone, code=code)
    assert refused.status_code == 409
    assert "监护人" in refused.text


async def test_a_mother_takes_on_her_newborn(clinic: Any) -> None:
    n = next(n for n in range(20, 500) if may_be_mother(resident(n)) and resident(n).phone)
    mother = await settle(clinic, n)
    child = await bear(clinic, mother)
    page = await mother.browser.get("/family/add")
    assert str(child) in page.text
    taken = await mother.post("/family/newborn", child=str(child))
    assert taken.headers["location"] == "/family/done/newborn"
    assert str(child) not in (await mother.browser.get("/family/add")).text
    assert re.search(r"父母", (await mother.browser.get("/family")).text)
    for nonsense in ("x", str(mother.person_id)):
        refused = await mother.post("/family/newborn", child=nonsense)
        assert refused.status_code == 404
        assert 'data-answered="/family"' in refused.text  # what Back and Reload get: the nearest page above
