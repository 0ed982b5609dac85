"""Family C over HTTP: a card is opened, found, shown, scanned, used, told of, changed and ended."""

import json
from typing import Any

import pytest
from gateway.faces import App, FaceTown
from gateway.family_c.ehc_client import PATH, EhcClient
from people.makers import next_name, next_number

from healthcloud.core.clock import REAL_CLOCK, SHANGHAI
from healthcloud.core.ids import new_id


@pytest.fixture(scope="module")
async def app(city: FaceTown) -> App:
    return await city.app()


@pytest.fixture
def his(city: FaceTown, app: App) -> "His":
    city.town.database.clock = REAL_CLOCK
    return His(city, app)


class His:
    """A hospital's system that speaks family C."""

    def __init__(self, city: FaceTown, app: App) -> None:
        self.city, self.app = city, app
        self.client = EhcClient(city.http, app.app_id, app.secret)

    async def ask(self, method: str, **biz: Any) -> dict[str, Any]:
        return await self.client.ask(method, biz, self.city.town.now.timestamp())

    async def done(self, method: str, **biz: Any) -> dict[str, Any]:
        told = await self.ask(method, **biz)
        assert told["code"] == "10", told
        content: dict[str, Any] = told["biz_content"]
        return content

    async def refused(self, method: str, **biz: Any) -> str:
        told = await self.ask(method, **biz)
        assert told["code"] == "00", told
        return str(told["biz_content"]["error_code"])


def resident(**other: Any) -> dict[str, Any]:
    return {
        "register_no": new_id().hex,
        "register_time": "20261123103000",
        "apply_type": "3",
        "id_type": "1",
        "id_no": next_number(),
        "name": next_name(),
        "gender": "男",
        "nation": "汉族",
        "nationality": "CHN",
    } | other


async def test_a_card_is_opened_scanned_and_ended(his: His) -> None:
    told = resident(cellphone="13800000001")
    opened = await his.done("ehc.ehealthcard.register", **told)
    assert len(opened["ehealth_card_id"]) == 64
    assert len(opened["ehealth_code"]) == 101

    seen = await his.done(
        "ehc.ehealthcode.verify",
        ehealth_code=opened["ehealth_code"],
        medstepcode="10101",
        terminalcode="挂号窗口1",
        channelcode="01",
    )
    assert (seen["name"], seen["id_no"], seen["masked"], seen["repeat"]) == (told["name"], told["id_no"], "0", "0")
    assert seen["empi"] == opened["empi"]

    found = await his.done("ehc.ehealthcode.query", ehealth_card_id=opened["ehealth_card_id"])
    assert (found["name"], found["nation"], found["card_status"]) == (told["name"], "01", "1")
    known = await his.done("ehc.ehealthcard.regquery", id_type="01", id_no=told["id_no"])
    assert (known["registered"], known["ehealth_card_id"]) == ("1", opened["ehealth_card_id"])
    assert await his.done("ehc.ehealthcard.regquery", id_type="01", id_no=next_number()) == {"registered": "0"}

    printed = await his.done("ehc.ehealthcode.generate", ehealth_card_id=opened["ehealth_card_id"], ewmbs="1")
    assert printed["ehealth_code"].startswith(f"{opened['ehealth_card_id']}:1")
    shown = await his.done("ehc.ehealthcode.apply.ex", ehealthCardId=opened["ehealth_card_id"], qrType="0")
    assert shown["ehealth_code"].startswith(f"{opened['ehealth_card_id']}:0:")

    ended = {"ehealth_card_id": opened["ehealth_card_id"], "revoke_no": new_id().hex, "revoke_time": "20261123110000"}
    assert (await his.done("ehc.ehealthcard.close", **ended))["card_status"] == "3"
    assert (await his.done("ehc.ehealthcard.close", **ended))["card_status"] == "3"
    again = await his.done("ehc.ehealthcard.register", **{**told, "register_no": new_id().hex})
    assert (again["ehealth_card_id"], again["card_status"]) == (opened["ehealth_card_id"], "1")


async def test_the_same_register_no_is_carried_out_once(his: His) -> None:
    told = resident()
    first, second = (
        await his.done("ehc.ehealthcard.register", **told),
        await his.done("ehc.ehealthcard.register", **told),
    )
    assert (first["ehealth_card_id"], first["outcome"]) == (second["ehealth_card_id"], second["outcome"])
    other = told | {"name": next_name()}
    assert await his.refused("ehc.ehealthcard.register", **other) == "idempotency-key-reused"


async def test_what_is_changed_is_seen_at_the_next_look(his: His) -> None:
    told = resident()
    opened = await his.done("ehc.ehealthcard.register", **told)
    name = next_name()
    change = {"ehealth_card_id": opened["ehealth_card_id"], "name": name, "alterTime": "20261123120000"}
    assert (await his.done("ehc.ehealthcard.modify", **change))["ehealth_card_id"] == opened["ehealth_card_id"]
    await his.done("ehc.ehealthcard.modify", **change)
    found = await his.done("ehc.ehealthcode.query", ehealth_card_id=opened["ehealth_card_id"])
    assert found["name"] == name


async def test_uses_and_visits_are_told_of_once(his: His) -> None:
    opened = await his.done("ehc.ehealthcard.register", **resident())
    at = his.city.town.now.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
    use = {
        "ehealthCardId": opened["ehealth_card_id"],
        "medstepcode": "010103",
        "terminalcode": "-1",
        "channelcode": "01",
        "useTime": at,
    }
    told = await his.done("ehc.ehealthcode.usecarddate", list=[use])
    assert (told["accepted"], told["list"][0]["result"]) == ("1", "unverified"), told
    assert (await his.done("ehc.ehealthcode.usecarddate", list=[use]))["list"][0]["result"] == "repeat"
    visit = {"visit_no": new_id().hex, "ehealth_card_id": opened["ehealth_card_id"], "visit_time": at}
    assert (await his.done("ehc.outpatient.add", list=[visit]))["list"][0]["result"] == "new"
    assert (await his.done("ehc.outpatient.add", list=[visit]))["list"][0]["result"] == "unchanged"


async def test_an_unknown_word_is_never_taken_for_another(his: His) -> None:
    opened = await his.done("ehc.ehealthcard.register", **resident(nation="外星族"))
    found = await his.done("ehc.ehealthcode.query", ehealth_card_id=opened["ehealth_card_id"])
    assert found["nation"] is None


async def test_bad_input_is_answered_in_the_faces_own_form(his: His) -> None:
    now = round(his.city.town.now.timestamp() * 1000)
    good = his.client.envelope("ehc.ehealthcard.regquery", {"id_type": "01", "id_no": next_number()}, now)
    content = json.dumps(good).encode()

    async def code_of(envelope: dict[str, Any] | bytes) -> str:
        told = await his.client.send(envelope)
        assert told["code"] == "00"
        assert told["msg"]
        return str(told["biz_content"]["error_code"])

    assert await code_of(content[:-20]) == "malformed"
    assert await code_of('{"app_id":"乱码"}'.encode("gbk")) == "malformed"
    assert await code_of(b"") == "malformed"
    assert await code_of(b"[]") == "malformed"
    assert await code_of(b'{"app_id":' + b"[" * 5000) == "malformed"
    assert await code_of(good | {"timestamp": "soon"}) == "unacceptable"
    assert await code_of({**good, "digest": "0" * 64}) == "face-signature-wrong"
    assert await code_of({**good, "biz_content": "zz"}) == "face-signature-wrong"
    assert await code_of({**good, "app_id": new_id().hex}) == "signature-key-unknown"
    assert await code_of({**good, "digest_type": "MD5"}) == "face-algorithm-refused"
    assert await code_of({**good, "enc_type": "AES"}) == "face-algorithm-refused"
    late = his.client.envelope("ehc.ehealthcard.regquery", {"id_type": "01", "id_no": next_number()}, now - 600_000)
    assert await code_of(late) == "signature-clock"
    assert await code_of(his.client.envelope("ehc.nothing", {}, now)) == "face-method-unknown"
    assert await code_of(b'{"a":"' + b"x" * 3_000_000 + b'"}') == "body-too-large"
    assert await his.refused("ehc.ehealthcard.register", **resident(id_no="370402190001010016")) == "unacceptable"
    assert (
        await his.refused("ehc.ehealthcode.verify", ehealth_code="???", terminalcode="挂号窗口1") == "code-unreadable"
    )
    assert await his.refused("ehc.ehealthcode.verify", ehealth_code="A" * 64 + ":0:" + "B" * 32) == "terminal-unknown"


async def test_another_way_than_post_is_refused_in_the_same_form(his: His) -> None:
    answer = await his.city.http.get(PATH)
    assert answer.status_code == 200
    assert answer.json()["biz_content"]["error_code"] == "method-not-allowed"


async def test_without_a_scope_nothing_is_done(his: His) -> None:
    app = await his.city.app("cards.verify")
    client = EhcClient(his.city.http, app.app_id, app.secret)
    told = await client.ask("ehc.ehealthcard.register", resident(), his.city.town.now.timestamp())
    assert told["biz_content"]["error_code"] == "forbidden"


async def test_what_was_exchanged_is_kept(his: His) -> None:
    his.city.kept.all.clear()
    await his.done("ehc.ehealthcard.register", **resident())
    await his.refused("ehc.ehealthcode.query", ehealth_card_id="0" * 64)
    kept = his.city.kept.all
    assert [(one.method, one.outcome) for one in kept] == [
        ("ehc.ehealthcard.register", "ok"),
        ("ehc.ehealthcode.query", "card-not-found"),
    ]
    assert all(one.face == "family-c" and one.request and one.answer for one in kept)
