"""The pages in a browser without script: every form works by itself, and every refusal is said in words."""

import re
from typing import Any

import pyotp

from healthcloud import access, cards
from healthcloud.core.caller import SYSTEM


async def test_the_start_page_says_what_is_here(clinic: Any) -> None:
    page = await clinic.browser().get("/")
    assert page.status_code == 200
    assert page.headers["content-language"] == "zh-CN"
    assert 'href="/scan"' in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert page.headers["cache-control"] == "no-store"


async def test_a_language_is_chosen_and_kept(clinic: Any) -> None:
    browser = clinic.browser()
    chosen = await browser.post("/language", data={"language": "en", "back": "/staff/sign-in"})
    assert (chosen.status_code, chosen.headers["location"]) == (303, "/staff/sign-in")
    page = await browser.get("/staff/sign-in")
    assert "Staff sign-in" in page.text
    assert '<html lang="en"' in page.text


async def test_going_back_never_leads_to_another_site(clinic: Any) -> None:
    for back in ("https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere.example"):
        answer = await clinic.browser().post("/language", data={"language": "en", "back": back})
        assert answer.headers["location"] == "/"


async def test_who_is_not_signed_in_is_sent_to_sign_in(clinic: Any) -> None:
    answer = await clinic.browser().get("/scan")
    assert (answer.status_code, answer.headers["location"]) == (303, "/staff/sign-in?next=/scan")
    answer = await clinic.browser().post("/scan", data={"code": "x"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/staff/sign-in?next=/scan")


async def test_a_wrong_password_is_refused_in_words_and_the_name_stays(clinic: Any) -> None:
    form = {"login": "clerk1", "password": "not-the-password", "code": "000000"}
    page = await clinic.browser().post("/staff/sign-in", data=form)
    assert page.status_code == 401
    assert 'role="alert"' in page.text
    assert "错误：" in page.text
    assert 'value="clerk1"' in page.text
    assert "not-the-password" not in page.text


async def test_another_sites_form_is_refused(clinic: Any) -> None:
    browser = await clinic.signed_in("clerk2")
    answer = await browser.post("/scan", data={"code": "x"}, headers={"Origin": "https://elsewhere.example"})
    assert answer.status_code == 403


async def test_who_may_not_scan_is_told_so(clinic: Any) -> None:
    page = await (await clinic.signed_in("system")).get("/scan")
    assert page.status_code == 403
    assert "您没有权限看这一页" in page.text


async def test_a_clerk_binds_a_desk_scans_and_sees_who_stands_there(clinic: Any) -> None:
    clerk = await clinic.signed_in("clerk1")
    assert "绑定终端" in (await clerk.get("/scan")).text
    wrong = await clerk.post("/scan/terminal", data={"code": "WRONG-CODES"})
    assert wrong.status_code == 404
    assert "绑定码不存在" in wrong.text

    desk = await clinic.at_desk("clerk1", 1)
    page = await desk.get("/scan")
    assert "挂号窗口1" in page.text
    assert "autofocus" in page.text

    holder = await clinic.card_of(1)
    code = await clinic.code_of(holder)
    shown = await desk.post("/scan", data={"code": code})
    assert shown.status_code == 200
    assert "核验通过" in shown.text
    assert "吴**" in shown.text
    assert "吴国军" not in shown.text
    assert "370401196604099996" not in shown.text
    assert "本院尚未建档" in shown.text
    assert "已在本终端核验过" in (await desk.post("/scan", data={"code": code})).text


async def test_a_refusal_says_why_and_who_acts(clinic: Any) -> None:
    desk = await clinic.at_desk("clerk1", 1)
    holder = await clinic.card_of(3)
    of_frozen = await clinic.code_of(holder)
    await clinic.city.database.transact(lambda tx: cards.freeze(tx, SYSTEM, holder.person_id))
    for code, words in (
        (of_frozen, "挂失"),
        ("hello", "扫到的内容不能使用"),
        ("370402190001010015", "居民身份证"),
        ("1" * 28, "医保电子凭证"),
        (f"{'A' * 64}:0:{'B' * 32}::", "不是本平台"),
    ):
        page = await desk.post("/scan", data={"code": code})
        assert page.status_code >= 400
        assert "不能使用" in page.text
        assert words in page.text
        assert re.search(r"<p>请[^<]*。</p>", page.text)


async def test_a_printed_code_asks_for_a_second_fact(clinic: Any) -> None:
    desk = await clinic.at_desk("clerk1", 1)
    holder = await clinic.card_of(5)
    printed = await clinic.city.database.transact(lambda tx: cards.print_code(tx, holder, None))
    asked = await desk.post("/scan", data={"code": printed.text})
    assert asked.status_code == 422
    assert 'name="fact"' in asked.text
    assert printed.text in asked.text
    wrong = await desk.post("/scan", data={"code": printed.text, "fact": "last-digits", "value": "0000"})
    assert wrong.status_code == 409
    right = await desk.post("/scan", data={"code": printed.text, "fact": "last-digits", "value": "9989"})
    assert right.status_code == 200
    assert "核验通过" in right.text


async def test_signing_out_ends_the_session(clinic: Any) -> None:
    browser = await clinic.signed_in("doctor1")
    assert (await browser.get("/scan")).status_code == 200
    out = await browser.post("/staff/sign-out")
    assert (out.status_code, out.headers["location"]) == (303, "/staff/sign-in")
    assert (await browser.get("/scan")).status_code == 303


async def test_an_invited_person_sets_both_factors(clinic: Any) -> None:
    city = clinic.city
    invitation = await city.database.transact(
        lambda tx: access.invite(tx, SYSTEM, city.policy, login="new.clerk", name="新窗口", institution_id=None)
    )
    browser = clinic.browser()
    weak = await browser.post("/staff/enrol", data={"token": invitation.token, "password": "short"})
    assert weak.status_code == 422
    assert re.search(r'<a href="#password">密码：[^<]*12 个字符', weak.text)
    asked = await browser.post("/staff/enrol", data={"token": invitation.token, "password": "a-long-password-2190"})
    secret = re.search(r'class="secret">([A-Z2-7]+)<', asked.text)
    assert secret is not None
    wrong = await browser.post("/staff/enrol", data={"token": invitation.token, "secret": secret[1], "code": "000000"})
    assert wrong.status_code == 401
    assert secret[1] in wrong.text
    code = pyotp.TOTP(secret[1]).at(city.database.clock.now())
    done = await browser.post("/staff/enrol", data={"token": invitation.token, "secret": secret[1], "code": code})
    assert (done.status_code, done.headers["location"]) == (303, "/staff/sign-in")


async def test_a_form_that_is_none_is_refused(clinic: Any) -> None:
    answer = await clinic.browser().post("/language", content=b"x", headers={"Content-Type": "text/plain"})
    assert answer.status_code in (400, 415)
    answer = await clinic.browser().post("/language", data={f"f{n}": "x" for n in range(50)})
    assert answer.status_code == 400
