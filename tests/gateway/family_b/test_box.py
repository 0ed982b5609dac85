"""Family B over HTTP: a front box opens cards, also a newborn's, finds, changes and scans them."""

import json
from typing import Any

import pytest
from gateway.faces import App, FaceTown
from gateway.family_b.box_client import BoxClient
from people.makers import next_name, next_number

from healthcloud.core.clock import REAL_CLOCK, SHANGHAI
from healthcloud.core.ids import new_id


class Box:
    """A hospital's front box."""

    def __init__(self, city: FaceTown, app: App) -> None:
        self.city = city
        self.client = BoxClient(city.http, app.app_id, app.secret)

    @property
    def now(self) -> float:
        return self.city.town.now.timestamp()

    async def done(self, method: str, **body: Any) -> dict[str, Any]:
        told = await self.client.ask(method, body, self.now)
        assert told["code"] == 0, told
        found: dict[str, Any] = told["body"]
        return found

    async def refused(self, method: str, **body: Any) -> tuple[int, str]:
        told = await self.client.ask(method, body, self.now)
        return told["code"], told["body"]["errorCode"]


@pytest.fixture(scope="module")
async def app(city: FaceTown) -> App:
    return await city.app()


@pytest.fixture
def box(city: FaceTown, app: App) -> Box:
    city.town.database.clock = REAL_CLOCK
    return Box(city, app)


def resident(**other: Any) -> dict[str, Any]:
    return {
        "appRecordNo": new_id().hex,
        "name": next_name(),
        "idCardTypeCode": "01",
        "idCode": next_number(),
        "nation": "汉",
        "phone": "13800000002",
        "personnelType": "1",
        "appMode": "3",
        "payAccType": "0",
        "orgCode": "KGA001",
    } | other


async def test_a_card_is_opened_found_changed_and_scanned(box: Box) -> None:
    told = resident(phone="13800000011")
    opened = await box.done("createVmcardQRcode", **told)
    assert (len(opened["erhcCardNo"]), len(opened["qrCode"]), opened["qrCodeType"]) == (64, 101, "0")

    seen = await box.done(
        "getPersonInfoByQrCode", qrCode=opened["qrCode"], terminalCode="挂号窗口1", medStepCode="010101", appMode="3"
    )
    assert (seen["name"], seen["idCode"], seen["empi"]) == (told["name"], told["idCode"], opened["empi"])
    again = await box.done(
        "getPersonInfoByQrCode", qrCode=opened["qrCode"], terminalCode="挂号窗口1", medStepCode="010101", appMode="3"
    )
    assert (seen["repeat"], again["repeat"], seen["useId"]) == ("0", "1", again["useId"])

    by_number = await box.done("getPersonInfo", idCardTypeCode="1", idCode=told["idCode"])
    assert by_number["erhcCardNo"] == opened["erhcCardNo"]
    assert (await box.done("queryIfHasRegistered", idCardTypeCode="1", idCode=told["idCode"]))["isRegistered"] == "1"
    nobody = await box.done("queryIfHasRegistered", idCardTypeCode="1", idCode=next_number())
    assert nobody["isRegistered"] == "0"

    change = {"erhcCardNo": opened["erhcCardNo"], "phone": "13800000012", "appRecordNo": new_id().hex}
    changed = await box.done("modifyVmcardInfo", **change)
    assert changed["erhcCardNo"] == opened["erhcCardNo"]
    assert (await box.done("getPersonInfo", erhcCardNo=opened["erhcCardNo"]))["phone"] == "13800000012"
    code = await box.done("activateVmcardQRcode", erhcCardNo=opened["erhcCardNo"], appRecordNo=new_id().hex)
    assert code["qrCode"].startswith(f"{opened['erhcCardNo']}:0:")


async def test_the_same_record_number_is_carried_out_once(box: Box) -> None:
    told = resident(phone="13800000021")
    first, second = [await box.done("createVmcardQRcode", **told) for _ in range(2)]
    assert first["erhcCardNo"] == second["erhcCardNo"]
    assert await box.refused("createVmcardQRcode", **{**told, "name": next_name()}) == (1109, "idempotency-key-reused")


async def test_twins_are_two_children_of_their_mother(box: Box) -> None:
    born_on = box.city.town.now.astimezone(SHANGHAI).strftime("%Y%m%d")
    mother = resident(idCode=next_number(male=False), phone="13800000031")
    mother["idCode"] = next_number(male=False, born=box.city.town.now.date().replace(year=1990, day=1))
    await box.done("createVmcardQRcode", **mother)
    child = {
        "personnelType": "2",
        "multifetalMark": "1",
        "motherName": mother["name"],
        "motherIdCode": mother["idCode"],
        "birthday": born_on,
        "appMode": "3",
    }
    first, second, again = [
        await box.done("createVmcardQRcode", **child, sex=sex, multpripleBirths=order, appRecordNo=new_id().hex)
        for sex, order in (("1", "1"), ("2", "2"), ("1", "1"))
    ]
    assert first["empi"] == again["empi"] != second["empi"]


async def test_bad_input_is_answered_in_the_boxs_own_form(box: Box) -> None:
    body = {"idCardTypeCode": "01", "idCode": next_number()}
    good = box.client.envelope("queryIfHasRegistered", body, box.now)

    async def codes_of(envelope: dict[str, Any] | bytes) -> tuple[int, str]:
        told = await box.client.send(envelope)
        assert told["message"]
        return told["code"], told["body"]["errorCode"]

    assert await codes_of(json.dumps(good).encode()[:-9]) == (1001, "malformed")
    assert await codes_of('{"method":"乱码"}'.encode("gbk")) == (1001, "malformed")
    assert await codes_of({**good, "headSign": "0" * 64}) == (1101, "face-signature-wrong")
    assert await codes_of({**good, "body": {**good["body"], "idCode": "zz"}}) == (1101, "face-signature-wrong")
    assert await codes_of({**good, "appId": new_id().hex}) == (1102, "signature-key-unknown")
    assert await codes_of({**good, "signMode": "MD5"}) == (1004, "face-algorithm-refused")
    assert (await box.client.send(good))["code"] == 0
    assert await codes_of(good) == (1105, "signature-replayed")
    late = box.client.envelope("queryIfHasRegistered", body, box.now - 600)
    assert await codes_of(late) == (1104, "signature-clock")
    assert await codes_of(box.client.envelope("doNothing", {}, box.now)) == (1003, "face-method-unknown")
    assert await codes_of(b'{"a":"' + b"x" * 3_000_000 + b'"}') == (1005, "body-too-large")
    wrong = resident(idCode="370402190001010016")
    assert await box.refused("createVmcardQRcode", **wrong) == (1002, "unacceptable")
    assert await box.refused("createVmcardQRcode", **{**wrong, "appRecordNo": ""}) == (1002, "unacceptable")
    assert await box.refused("getPersonInfo", erhcCardNo="0" * 64) == (2002, "card-not-found")


async def test_what_is_refused_leaves_nothing_behind(box: Box) -> None:
    # Given somebody whose card is refused after they would have been registered: nothing says who they are.
    told = resident(appMode="1", phone="13800000041")
    assert await box.refused("createVmcardQRcode", **told) == (2006, "real-name-needed")
    asked = {"idCardTypeCode": "01", "idCode": told["idCode"]}
    assert await box.refused("getPersonInfo", **asked) == (2001, "person-not-found")
