"""A resident signs in by phone and code, without script, is verified, and is never left without a way on."""

from dataclasses import dataclass
from itertools import count
from typing import Any

import httpx
import pytest
from web.households import Resident, code_to, settle

from healthcloud import people
from healthcloud.core.ids import new_id
from healthcloud.server.demonstration import resident

_NUMBERS = count(16200000000)


@dataclass
class Newcomer:
    """Somebody at a browser of their own with a phone."""

    browser: httpx.AsyncClient
    phone: str

    async def post(self, path: str, **fields: str) -> httpx.Response:
        return await self.browser.post(path, data={"once": new_id().hex} | fields)


async def newcomer(clinic: Any, after: str = "/card") -> Newcomer:
    one = Newcomer(clinic.browser(), str(next(_NUMBERS)))
    asked = await one.post("/sign-in", phone=one.phone, next=after)
    assert asked.status_code == 200
    code = await code_to(clinic, one.phone)
    begun = await one.post("/sign-in", phone=one.phone, code=f" {code[:3]} {code[3:]} ", next=after)
    assert (begun.status_code, begun.headers["location"]) == (303, after)
    return one


def claim(form: people.RegistrationForm, **more: str) -> dict[str, str]:
    [document, *_] = form.documents
    return {"name": form.name or "", "kind": document.kind, "number": document.number, "sensitive": "yes"} | more


async def test_a_code_signs_in_and_leads_on(clinic: Any) -> None:
    one = await newcomer(clinic)
    assert (await one.browser.get("/card/plain")).headers["location"] == "/real-name?next=/card/plain"
    told = await one.browser.get("/card/now")
    assert (told.status_code, told.json()) == (409, {"go": "/real-name?next=/card"})
    assert (await one.browser.get("/sign-in?next=/me")).headers["location"] == "/me"
    assert (await one.post("/sign-out")).headers["location"] == "/"
    assert (await one.browser.get("/card")).headers["location"].startswith("/sign-in")


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example"])
async def test_nobody_is_sent_elsewhere(clinic: Any, elsewhere: str) -> None:
    page = await clinic.browser().get("/sign-in", params={"next": elsewhere})
    assert "evil" not in page.text


async def test_the_code_may_be_pasted_and_comes_by_itself(clinic: Any) -> None:
    browser, phone = clinic.browser(), str(next(_NUMBERS))
    page = (await browser.post("/sign-in", data={"once": new_id().hex, "phone": phone})).text
    assert 'autocomplete="one-time-code"' in page
    assert 'inputmode="numeric"' in page
    assert "onpaste" not in page
    assert 'data-seconds="60"' in page
    assert "12320" in page


async def test_limits_are_told_in_words_and_the_code_can_still_be_entered(clinic: Any) -> None:
    browser, phone = clinic.browser(), str(next(_NUMBERS))
    await browser.post("/sign-in", data={"once": new_id().hex, "phone": phone})
    again = await browser.post("/sign-in", data={"once": new_id().hex, "phone": phone, "again": "yes"})
    assert again.status_code == 429
    assert "秒后可以再次获取" in again.text
    assert 'name="code"' in again.text


async def test_a_wrong_code_and_a_wrong_number_are_said_at_their_fields(clinic: Any) -> None:
    browser, phone = clinic.browser(), str(next(_NUMBERS))
    wrong = await browser.post("/sign-in", data={"once": new_id().hex, "phone": "12345"})
    assert wrong.status_code == 422
    assert 'href="#phone"' in wrong.text
    await browser.post("/sign-in", data={"once": new_id().hex, "phone": phone})
    for code, status in (("12345", 422), ("abcdef", 422), ("000000", 401)):
        answer = await browser.post("/sign-in", data={"once": new_id().hex, "phone": phone, "code": code})
        assert answer.status_code == status
        assert 'href="#code"' in answer.text


async def test_a_name_is_reviewed_then_checked_and_a_card_follows(clinic: Any) -> None:
    one, form = await newcomer(clinic), resident(340)
    fields = claim(form, next="/card/open")
    without = await one.post("/real-name", **(fields | {"sensitive": ""}))
    assert without.status_code == 422
    assert 'href="#sensitive"' in without.text
    kept = await one.post("/real-name", **fields)
    assert kept.status_code == 303
    assert form.documents[0].number not in kept.headers["location"]
    review = await one.browser.get(kept.headers["location"])
    assert 'name="confirmed"' in review.text
    back = await one.browser.get(f"{kept.headers['location']}&change=1")
    assert form.documents[0].number in back.text
    assert 'type="checkbox" id="sensitive" name="sensitive" value="yes" required>' in back.text
    done = await one.post("/real-name", **fields, confirmed="yes")
    assert done.headers["location"] == "/real-name/done?next=/card/open"
    assert (await one.browser.get(done.headers["location"])).status_code == 200
    assert "health-card" not in (await one.browser.get("/me/consents")).text
    assert "使用身份证件等敏感信息" in (await one.browser.get("/me/consents")).text


async def test_somebody_known_elsewhere_is_told_of_the_counter(clinic: Any) -> None:
    known: Resident = await settle(clinic, 341)
    one = await newcomer(clinic)
    answer = await one.post("/real-name", **claim(known.form), confirmed="yes")
    assert answer.status_code == 409
    assert "在线办不了时，窗口可以办" in answer.text
    assert 'href="/hospitals"' in answer.text


async def test_a_passport_with_a_foreign_name_is_taken(clinic: Any) -> None:
    one = await newcomer(clinic)
    fields = {"name": "MARIA-JOSÉ O'NEILL", "kind": "03", "number": "X1234567", "issuer": "USA", "sensitive": "yes"}
    lacking = await one.post("/real-name", **fields, confirmed="yes")
    assert lacking.status_code == 422
    assert 'href="#birth_date"' in lacking.text
    done = await one.post("/real-name", **fields, birth_date="1900-05-06", sex="2", confirmed="yes")
    assert done.status_code == 303
    assert "还差一次核验" in (await one.browser.get(done.headers["location"])).text


async def test_without_the_document_there_is_a_way_on(clinic: Any) -> None:
    one = await newcomer(clinic)
    page = (await one.browser.get("/real-name/later")).text
    assert f"{one.phone[:3]}****{one.phone[-4:]}" in page
    assert 'href="/hospitals"' in page
    assert 'href="/real-name"' in page
