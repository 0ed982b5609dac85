"""A verify order from the hospital's request to the citizen's answer and the hospital learning it: over HTTP."""

from datetime import timedelta
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import httpx
import pytest
from gateway.tencent.open_client import AUTH, CARD, MAIN, OpenClient
from web.conftest import Clinic, city, clinic
from web.households import Resident, settle

from healthcloud import access, exchange, people
from healthcloud.core.caller import SYSTEM
from healthcloud.core.clock import REAL_CLOCK, Clock
from healthcloud.core.ids import new_id

__all__ = ["city", "clinic"]

HOST = "his.example.cn:8443"
_RESIDENTS = count(40)


class Hospital:
    """A hospital's system, and the hosts the city registered for it."""

    def __init__(self, clinic: Clinic, http: httpx.AsyncClient, app_id: str, secret: str) -> None:
        self.clinic, self.client = clinic, OpenClient(http, app_id, secret)

    @property
    def now(self) -> float:
        return self.clinic.city.database.clock.now().timestamp()

    async def ask(self, method: str, prefix: str, request_id: str = "", **wish: Any) -> dict[str, Any]:
        return await self.client.ask(method, wish, self.now, request_id or new_id().hex.upper(), prefix)

    async def order(self, one: Resident, **other: Any) -> dict[str, Any]:
        wish = {
            "cardType": "01",
            "idCard": one.document.number,
            "name": one.form.name,
            "wechatCode": "x",
            "scene": "0101081",
            "useCardType": "11",
            "verifySuccessRedirectUrl": f"https://{HOST}/report?visit=1",
            "verifyFailRedirectUrl": f"https://{HOST}/no",
        }
        return await self.ask("registerUniformVerifyOrder", MAIN, **(wish | other))

    async def ordered(self, one: Resident) -> tuple[str, str]:
        """Return the order's number and the path of the page the citizen is sent to."""
        told = await self.order(one)
        assert told["commonOut"]["resultCode"] == 0, told
        return told["rsp"]["verifyOrderId"], urlsplit(told["rsp"]["verifyUrl"]).path

    async def check(self, order: str, code: str, request_id: str = "") -> dict[str, Any]:
        return await self.ask("checkUniformVerifyResult", CARD, request_id, verifyOrderId=order, verifyResult=code)


async def hospital(clinic: Clinic, n: int = 0) -> Hospital:
    database = clinic.city.database
    owner = list(clinic.loaded.hospitals.values())[n].id
    made = await database.transact(
        lambda tx: access.create_client(tx, SYSTEM, owner, f"HIS {n}", ["people.register"], quota_per_second=200)
    )
    key = await database.transact(
        lambda tx: access.add_client_key(tx, SYSTEM, made.client_id, algorithm=access.Algorithm.APP_SECRET)
    )
    await database.transact(lambda tx: exchange.confirmations.put_hosts(tx, SYSTEM, made.client_id, [HOST.upper()]))
    one = Hospital(clinic, clinic.browser(), key.key_id.hex, key.secret)
    told = await one.ask("getAppToken", AUTH, appId=one.client.app_id)
    one.client.token = told["rsp"]["appToken"]
    return one


@pytest.fixture
async def his(clinic: Clinic) -> Hospital:
    clinic.city.database.clock = REAL_CLOCK
    return await hospital(clinic)


@pytest.fixture
async def one(clinic: Clinic) -> Resident:
    clinic.city.database.clock = REAL_CLOCK
    return await settle(clinic, next(_RESIDENTS))


def error_of(told: dict[str, Any]) -> str:
    assert told["commonOut"]["resultCode"] != 0, told
    return str(told["commonOut"]["errMsg"]).rpartition("[")[2].rstrip("]")


async def way_back(one: Resident, page: str, answer: str) -> str:
    """Answer on the page and return the address its link leads to."""
    assert (await one.post(page, answer=answer)).headers["location"] == page
    shown = (await one.browser.get(page)).text
    [way] = [part.split('"')[0].replace("&amp;", "&") for part in shown.split('href="') if part.startswith("https://")]
    return way


async def answered(one: Resident, page: str, answer: str = "agree") -> str:
    """Answer, and return the code the hospital is handed."""
    return parse_qs(urlsplit(await way_back(one, page, answer)).query)["registerOrderId"][0]


async def test_a_citizen_agrees_and_the_hospital_learns_it_once(clinic: Clinic, his: Hospital, one: Resident) -> None:
    order, page = await his.ordered(one)
    shown = (await one.browser.get(page)).text
    assert next(iter(clinic.loaded.hospitals.values())).name in shown
    assert one.document.number not in shown
    assert HOST not in shown
    way = await way_back(one, page, "agree")
    assert way.startswith(f"https://{HOST}/report?visit=1&registerOrderId=")
    code = way.rpartition("=")[2]
    told = await his.check(order, code, "C1")
    assert (told["rsp"]["suc"], len(told["rsp"]["healthCardId"])) == (True, 64)
    clinic.city.database.clock = Clock(timedelta(seconds=1))
    assert (await his.check(order, code, "C1"))["rsp"] == told["rsp"], "the same request again: the same answer"
    assert error_of(await his.check(order, code)) == "confirmation-code-used"
    assert HOST not in (await one.browser.get(page)).text


async def test_who_declines_is_not_shown(his: Hospital, one: Resident) -> None:
    order, page = await his.ordered(one)
    way = await way_back(one, page, "decline")
    assert way.startswith(f"https://{HOST}/no?registerOrderId=")
    told = await his.check(order, way.rpartition("=")[2])
    assert (told["rsp"]["suc"], told["rsp"]["healthCardId"]) == (False, "")
    assert (await one.post(page, answer="agree")).status_code == 409


async def test_codes_are_good_for_their_order_their_hospital_and_half_an_hour(
    clinic: Clinic, his: Hospital, one: Resident
) -> None:
    order, page = await his.ordered(one)
    assert error_of(await his.check(order, "0" * 64)) == "confirmation-code-wrong"
    code = await answered(one, page)
    other_order, _ = await his.ordered(one)
    assert error_of(await his.check(other_order, code)) == "confirmation-code-wrong"
    assert error_of(await (await hospital(clinic, 1)).check(order, code)) == "confirmation-unknown"
    clinic.city.database.clock = Clock(timedelta(minutes=31))
    assert error_of(await his.check(order, code)) == "confirmation-expired"


async def test_who_comes_too_late_cannot_answer(clinic: Clinic, his: Hospital, one: Resident) -> None:
    _, page = await his.ordered(one)
    clinic.city.database.clock = Clock(timedelta(minutes=31))
    assert 'value="agree"' not in (await one.browser.get(page)).text
    assert (await one.post(page, answer="agree")).status_code == 409


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/",
        "https://evil.example/?his.example.cn:8443",
        "https://his.example.cn/",
        "https://his.example.cn:8443.evil.example/",
        "https://his.example.cn:8443@evil.example/",
        "https://evil.example\\@his.example.cn:8443/",
        "javascript://his.example.cn:8443/%0aalert(1)",
        "//his.example.cn:8443/",
    ],
)
async def test_nobody_is_sent_to_a_foreign_host(his: Hospital, one: Resident, url: str) -> None:
    assert error_of(await his.order(one, verifySuccessRedirectUrl=url)) == "redirect-refused"
    assert error_of(await his.order(one, verifyFailRedirectUrl=url)) == "redirect-refused"


async def test_only_whom_it_is_about_may_answer(clinic: Clinic, his: Hospital, one: Resident) -> None:
    _, page = await his.ordered(one)
    other = await settle(clinic, next(_RESIDENTS))
    assert (await other.browser.get(page)).status_code == 404
    assert (await other.post(page, answer="agree")).status_code == 404
    assert (await one.browser.get(f"{page[:-1]}{'0' if page[-1] != '0' else '1'}")).status_code == 404
    assert (await clinic.browser().get(page)).headers["location"] == f"/sign-in?next={page}"
    told = await his.order(one, name="别人")
    assert (await one.browser.get(urlsplit(told["rsp"]["verifyUrl"]).path)).status_code == 404
    foreign = await one.browser.post(
        page, data={"once": new_id().hex, "answer": "agree"}, headers={"Origin": "https://evil.example"}
    )
    assert foreign.status_code == 403


async def test_who_was_never_checked_is_checked_first(clinic: Clinic, his: Hospital) -> None:
    one = await settle(clinic, next(_RESIDENTS), card=False, level=people.Level.DECLARED)
    _, page = await his.ordered(one)
    assert (await one.browser.get(page)).headers["location"] == f"/real-name?next={page}"
    assert (await one.post(page, answer="agree")).headers["location"] == f"/real-name?next={page}"


async def test_nothing_of_it_is_stored_in_clear(clinic: Clinic, his: Hospital, one: Resident) -> None:
    order, page = await his.ordered(one)
    code = await answered(one, page)
    async with clinic.city.database.read() as read:
        stored = await read.value(str, "SELECT c::text FROM exchange.confirmations AS c WHERE id = $1", UUID(order))
    assert stored is not None
    for secret in (code[32:], page.rpartition("/")[2][32:], one.form.name or "", "his.example.cn"):
        assert secret not in stored
        assert secret.encode().hex() not in stored
