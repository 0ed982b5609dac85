"""The open platform over HTTP: a hospital's client, which knows the public description only, against our host."""

import base64
from io import BytesIO
from typing import Any

import pytest
import zxingcpp
from cards.scanning import REGISTRATION, Holder
from gateway.faces import App, FaceTown
from gateway.tencent.open_client import AUTH, CARD, MAIN, OpenClient
from people.makers import checked, next_name, next_number
from PIL import Image

from healthcloud.core.clock import REAL_CLOCK, SHANGHAI
from healthcloud.core.ids import new_id


@pytest.fixture(scope="module")
async def app(city: FaceTown) -> App:
    return await city.app()


@pytest.fixture
async def his(city: FaceTown, app: App) -> "His":
    city.town.database.clock = REAL_CLOCK
    his = His(city, app)
    told = await his.client.ask("getAppToken", {"appId": app.app_id}, his.now, new_id().hex, AUTH)
    assert told["rsp"]["expiresIn"] == 7200
    his.client.token = told["rsp"]["appToken"]
    return his


class His:
    """A hospital's system that speaks the open platform's language."""

    def __init__(self, city: FaceTown, app: App) -> None:
        self.city, self.app, self.town = city, app, city.town
        self.client = OpenClient(city.http, app.app_id, app.secret)

    @property
    def now(self) -> float:
        return self.town.now.timestamp()

    async def ask(self, method: str, prefix: str = MAIN, request_id: str | None = None, **wish: Any) -> dict[str, Any]:
        return await self.client.ask(method, wish, self.now, request_id or new_id().hex.upper(), prefix)

    async def done(self, method: str, prefix: str = MAIN, **wish: Any) -> dict[str, Any]:
        told = await self.ask(method, prefix, **wish)
        assert told["commonOut"]["resultCode"] == 0, told
        rsp: dict[str, Any] = told["rsp"]
        return rsp

    async def refused(self, method: str, prefix: str = MAIN, **wish: Any) -> str:
        told = await self.ask(method, prefix, **wish)
        assert told["commonOut"]["resultCode"] != 0, told
        return error_of(told)

    async def resident(self) -> tuple[Holder, dict[str, Any]]:
        """Return somebody with a card, and how a hospital would write them."""
        registration = checked()
        holder = await self.town.holder(await self.town.person(registration=registration))
        document = registration.documents[0]
        return holder, {"name": registration.name, "idType": "01", "idNumber": document.number}

    def scan(self, code: str, **other: Any) -> dict[str, Any]:
        return {
            "qrCodeText": code,
            "terminalId": str(self.app.hospital.window),
            "time": "2026-11-23 10:00:00",
            "medicalStep": REGISTRATION,
            "channelCode": "01",
            "useCityCode": "370400",
            "useCityName": "枣庄市",
            "hospitalCode": "H",
            "hospitalName": "演示医院",
        } | other

    def report(self, code: str, **other: Any) -> dict[str, Any]:
        at = self.town.now.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
        told = {"qrCodeText": code, "time": at, "hospitalCode": "H", "scene": "0101051", "cardType": "11"}
        return told | {"cardChannel": "0402"} | other


def error_of(told: dict[str, Any]) -> str:
    return str(told["commonOut"]["errMsg"]).rpartition("[")[2].rstrip("]")


async def test_a_code_is_shown_scanned_and_repeated(his: His) -> None:
    holder, told = await his.resident()
    shown = await his.done(
        "getDynamicQRCode", healthCardId=holder.card.number, idType="01", idNumber=told["idNumber"], codeType=0
    )
    drawn = zxingcpp.read_barcodes(Image.open(BytesIO(base64.b64decode(shown["qrCodeImg"]))))
    assert [one.text for one in drawn] == [shown["qrCodeText"]]
    seen = await his.done("verifyQRCode", **his.scan(shown["qrCodeText"]))
    assert (seen["name"], seen["idNumber"], seen["healthCardId"]) == (
        told["name"],
        told["idNumber"],
        holder.card.number,
    )
    assert (seen["gender"], seen["repeat"]) == ("男", False)
    assert (await his.done("verifyQRCode", **his.scan(shown["qrCodeText"])))["repeat"] is True
    other = await his.resident()
    refused = await his.refused("getDynamicQRCode", healthCardId=other[0].card.number, **told)
    assert refused == "card-not-found"


async def test_a_person_known_is_registered_and_their_number_bound(his: His) -> None:
    registration = checked()
    await his.town.person(registration=registration)
    wish: dict[str, Any] = {
        "wechatCode": "X",
        "name": registration.name,
        "gender": "男",
        "nation": "汉族",
        "birthday": registration.birth_date.isoformat(),
        "idNumber": registration.documents[0].number,
        "idType": "01",
        "phone1": "",
        "clientInfo": {"ip": "1.1.1.1"},
    }
    one = await his.done("registerHealthCard", **wish)
    again = await his.done("registerHealthCard", **wish)
    assert one["healthCardId"] == again["healthCardId"]
    assert await his.done("bindCardRelation", patid="P-1001", qrCodeText=one["qrCodeText"]) == {"result": True}
    card = (await his.done("getHealthCardByHealthCardId", CARD, healthCardld=one["healthCardId"]))["card"]
    assert (card["patid"], card["name"], card["gender"]) == ("P-1001", registration.name, "男")
    same = (await his.done("getHealthCardByQRCode", qrCodeText=one["qrCodeText"]))["card"]
    assert same == card


async def test_a_request_id_again_is_carried_out_once(his: His) -> None:
    holder, _ = await his.resident()
    code = f"{holder.card.number}:1"
    first = await his.ask("bindCardRelation", request_id="R1", patid="P-77", qrCodeText=code)
    his.town.advance(seconds=1)
    again = await his.ask("bindCardRelation", request_id="R1", patid="P-77", qrCodeText=code)
    other = await his.ask("bindCardRelation", request_id="R1", patid="P-78", qrCodeText=code)
    assert first["rsp"] == again["rsp"] == {"result": True}
    assert error_of(other) == "idempotency-key-reused"
    assert first["commonOut"]["requestId"] == "R1"


async def test_refused_rows_of_a_batch_are_absent(his: His) -> None:
    known = checked()
    await his.town.person(registration=known)
    good = {"name": known.name, "idType": "01", "idNumber": known.documents[0].number}
    wrong = {"name": next_name(), "idType": "01", "idNumber": "370481190002290026"}
    rows = (await his.done("registerBatchHealthCard", healthCardItems=[good, wrong]))["rspItems"]
    assert [row["idNumber"] for row in rows] == [good["idNumber"]]
    assert await his.refused("registerBatchHealthCard", healthCardItems=[good] * 16) == "unacceptable"


async def test_who_is_not_verified_gets_no_card(his: His) -> None:
    wish = {"name": next_name(), "idType": "01", "idNumber": next_number(), "gender": "男", "phone1": "x"}
    assert await his.refused("registerHealthCard", **{**wish, "phone1": ""}) == "real-name-needed"
    assert await his.refused("registerHealthCard", **wish) == "unacceptable"


async def test_uses_are_reported_afterwards_once_and_verified_by_a_scan(his: His) -> None:
    holder, _ = await his.resident()
    code = f"{holder.card.number}:1"
    wish = his.report(code)
    first = await his.ask("reportHISData", request_id="U1", **wish)
    his.town.advance(seconds=1)
    again = await his.ask("reportHISData", request_id="U1", **wish)
    assert first["rsp"] == again["rsp"] == {"verified": False, "lateDays": 0, "sceneKnown": True}
    await his.done("verifyQRCode", **his.scan(his.town.code(holder.card), medicalStep="0101013"))
    verified = await his.done("reportScanQRCode", **his.report(code, scene="0101013"))
    assert verified["verified"] is True
    assert [use["mark"] for use in await his.town.uses(holder)].count("reported") == 1
    assert await his.refused("reportHISData", **his.report(code, scene="0101012")) == "department-needed"
    assert await his.refused("reportHISData", **his.report("F" * 64)) == "card-unknown"


async def test_an_older_client_reports_by_identity_number(his: His) -> None:
    _, told = await his.resident()
    wish = his.report("", idCardNumber=told["idNumber"], name=told["name"])
    assert (await his.done("reportHISData", **wish))["verified"] is False


async def test_a_card_id_that_is_the_holder_s_own_stays(his: His) -> None:
    holder, told = await his.resident()
    row = {"healthCardId": holder.card.number, "idType": "01", "idNumber": told["idNumber"]}
    strange = {"healthCardId": "A" * 64, "idType": "01", "idNumber": next_number()}
    rows = (await his.done("updateHealthCardId", updateHealthCardIdItems=[row, strange]))["updateHealthCardIdRspItems"]
    assert [one["newHealthCardId"] for one in rows] == [holder.card.number]


@pytest.mark.parametrize("method", ["registerHealthCardPreAuth", "getHealthCardByHealthCode", "registerOrder"])
async def test_what_cannot_be_answered_yet_is_refused_and_never_seems_done(his: His, method: str) -> None:
    told = await his.ask(method, name="x")
    assert (told["commonOut"]["resultCode"], error_of(told), told["rsp"]) == (-1, "not-answered-yet", {})


async def test_wrong_signatures_tokens_and_clocks_are_told_in_the_platform_s_form(his: His) -> None:
    path = MAIN + "getHealthCardByQRCode"
    wish = {"qrCodeText": "AB:1"}
    body = his.client.body(wish, his.now, "A1")
    body["req"] = {"qrCodeText": "AB:0"}
    assert error_of(await his.client.post(path, body)) == "face-signature-wrong"
    assert error_of(await his.client.post(path, his.client.body(wish, his.now - 600, "A2"))) == "signature-clock"
    assert error_of(await his.client.post(path, his.client.body(wish, his.now, "A3", appToken="x"))) == (
        "app-token-wrong"
    )
    good = his.client.body(wish, his.now, "A4")
    assert error_of(await his.client.post(path, good)) == "code-unreadable"
    assert error_of(await his.client.post(path, good)) == "signature-replayed"
    his.town.advance(hours=3)
    assert error_of(await his.client.post(path, his.client.body(wish, his.now, "A5"))) == "app-token-expired"


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b'{"commonIn":1}', b'{"commonIn":{}}', '{"commonIn":{"a":"张"}}'.encode("gbk"), b"[" * 5000],
)
async def test_what_is_no_message_is_refused_in_the_platform_s_form(his: His, body: bytes) -> None:
    told = await his.client.post(MAIN + "verifyQRCode", body)
    assert told["commonOut"]["resultCode"] == -1


async def test_a_nul_in_a_field_breaks_nothing(his: His) -> None:
    assert await his.refused("verifyQRCode", **his.scan("AB:1", terminalId="a\0b"))
    assert await his.refused("bindCardRelation", patid="a\0b", qrCodeText="F" * 64 + ":1")


async def test_messages_are_kept_as_evidence_where_a_key_was_named(his: His) -> None:
    before = len(his.city.kept.all)
    await his.refused("getHealthCardByQRCode", qrCodeText="AB:1")
    [kept] = his.city.kept.all[before:]
    assert (kept.face, kept.method, kept.outcome) == ("tencent", "getHealthCardByQRCode", "code-unreadable")


@pytest.mark.parametrize(
    ("method", "prefix", "wish", "code"),
    [
        ("registerHealthCard", MAIN, {"name": "张三"}, 1031),
        ("registerBatchHealthCard", MAIN, {"healthCardItems": [{"name": "张三"}]}, 1031),
        ("registerUniformVerifyOrder", MAIN, {"name": "张三", "scene": "0101081"}, 1031),
        ("checkUniformVerifyResult", CARD, {"verifyOrderId": "A" * 32}, 1201),
        ("registerHealthCard", MAIN, {"name": "张三", "idType": "01", "idNumber": "1" * 65}, -1),
        ("bindCardRelation", MAIN, {"qrCodeText": "F" * 64 + ":1"}, -1),
    ],
)
async def test_what_is_missing_has_the_platform_s_code(
    his: His, method: str, prefix: str, wish: dict[str, Any], code: int
) -> None:
    told = await his.ask(method, prefix, **wish)
    assert (told["commonOut"]["resultCode"], error_of(told)) == (code, "unacceptable")


async def test_a_patient_number_that_is_another_s_is_a_registration_refused(his: His) -> None:
    one, other = [(await his.resident())[0] for _ in range(2)]
    await his.done("bindCardRelation", patid="P-1204", qrCodeText=f"{one.card.number}:1")
    told = await his.ask("bindCardRelation", patid="P-1204", qrCodeText=f"{other.card.number}:1")
    assert (told["commonOut"]["resultCode"], error_of(told)) == (1204, "local-number-taken")


async def test_misspelt_fields_are_read_wherever_they_are(his: His) -> None:
    told = await his.ask("getAppToken", AUTH, appld=his.app.app_id)
    assert told["commonOut"]["resultCode"] == 0, told
    holder, person = await his.resident()
    row = {"healthCardld": holder.card.number, "idType": "01", "idNumber": person["idNumber"]}
    rows = await his.done("updateHealthCardId", updateHealthCardIdItems=[row])
    assert [one["newHealthCardId"] for one in rows["updateHealthCardIdRspItems"]] == [holder.card.number]
