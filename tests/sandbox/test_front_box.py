"""The front box's helpers: what they make is taken by `/api/do`, and agrees with a second implementation."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from fixtures.http import calling
from fixtures.sandbox_tried import Sandbox
from gateway.family_b.box_client import BoxClient, signature
from gateway.second import decrypted, encrypted

from healthcloud import access, web
from healthcloud.core.caller import SYSTEM
from healthcloud.server.composition import City
from healthcloud.server.processes.worker import application_of

GUIDE = Path(web.__file__).parent / "developers" / "guide"
SECRET = "0123456789ABCDEF"
SEALED = "d732ba35a8a0cc0704e91597c01b2a24"  # {"a":"1"} under it, by the guide's vector
PERSON = {"idCardTypeCode": "01", "idCode": "370402190001010015", "name": "孔令双", "nation": None}


async def helped(trying: Sandbox, helper: str, **wish: Any) -> dict[str, Any]:
    answer = await trying.client.post(f"/api/{helper}", json=wish)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def test_a_request_made_with_the_helpers_alone_is_taken(trying: Sandbox) -> None:
    # Given a box whose vendor has no arithmetic of their own
    database = trying.city.database
    client = await database.transact(
        lambda tx: access.create_client(tx, SYSTEM, UUID(trying.institution), "BOX", ["people.register"])
    )
    key = await database.transact(
        lambda tx: access.add_client_key(tx, SYSTEM, client.client_id, algorithm=access.Algorithm.APP_SECRET)
    )
    head = {
        "appId": key.key_id.hex,
        "nonceStr": "0123456789abcdef0123456789abcdef",
        "timestamp": str(int(database.clock.now().timestamp())),
        "version": "V2.0.0",
    }
    # When the body is encrypted, signed, and sent
    body = (await helped(trying, "encrypt", secret=key.secret, body=PERSON))["body"]
    signs = await helped(trying, "sign", secret=key.secret, body=body, **head)
    assert signs["bodyString"].startswith("idCardTypeCode=01&idCode=")
    assert key.secret not in str(signs)
    whole = {"method": "queryIfHasRegistered", **head, "body": body}
    whole |= {name: signs[name] for name in ("headSign", "bodySign")}
    told = await BoxClient(trying.client, key.key_id.hex, key.secret).send(whole)
    # Then it was understood
    assert told["code"] == 0, told
    # And with one character of the body changed it is not
    spoilt = {**whole, "nonceStr": "f" * 32, "body": body | {"idCardTypeCode": "02"}}
    assert (await BoxClient(trying.client, key.key_id.hex, key.secret).send(spoilt))["code"] == 1101


async def test_signatures_are_the_second_implementations(trying: Sandbox) -> None:
    head = {"appId": "APP", "nonceStr": "N", "timestamp": "1600000000", "version": "V2.0.0"}
    body = {"b": 1, "a": "x", "list": [{"z": 1, "a": "孔"}], "empty": ""}
    told = await helped(trying, "sign", secret=SECRET, body=body, **head)
    assert told["headSign"] == signature(head, SECRET)
    assert told["headString"] == "appId=APP&nonceStr=N&timestamp=1600000000&version=V2.0.0"
    assert told["bodyString"] == 'a=x&b=1&list=[{"a":"孔","z":1}]'


@pytest.mark.parametrize("spelling", ["hex", "base64"])
async def test_what_is_encrypted_is_deciphered(trying: Sandbox, spelling: str) -> None:
    sealed = (await helped(trying, "encrypt", secret=SECRET, body=PERSON, spelling=spelling))["body"]
    assert sealed["idCardTypeCode"] == "01"
    assert sealed["name"] != PERSON["name"]
    assert (await helped(trying, "deciphering", secret=SECRET, body=sealed))["body"] == PERSON


async def test_ciphertext_is_the_second_implementations(trying: Sandbox) -> None:
    key, plain = SECRET.encode(), '{"a":"1"}'
    sealed = (await helped(trying, "encrypt", secret=SECRET, body={"name": plain}))["body"]["name"]
    assert sealed == SEALED == encrypted(key, plain.encode()).hex()
    assert decrypted(key, bytes.fromhex(sealed)).decode() == plain


@pytest.mark.parametrize(
    ("helper", "wish", "code"),
    [
        ("deciphering", {"secret": SECRET, "body": {"name": "孔令双"}}, "sandbox-not-deciphered"),
        ("deciphering", {"secret": SECRET, "body": {"name": "00" * 15}}, "sandbox-not-deciphered"),
        ("deciphering", {"secret": "F" * 16, "body": {"name": SEALED}}, "sandbox-not-deciphered"),
        ("encrypt", {"secret": "short", "body": {}}, "unacceptable"),
        ("encrypt", {"secret": "密" * 16, "body": {}}, "unacceptable"),
        ("encrypt", {"secret": SECRET, "body": []}, "unacceptable"),
        ("encrypt", {"secret": SECRET, "body": {}, "spelling": "octal"}, "unacceptable"),
        ("sign", {"secret": SECRET, "body": {}}, "unacceptable"),
    ],
)
async def test_what_cannot_be_done_is_told(trying: Sandbox, helper: str, wish: dict[str, Any], code: str) -> None:
    answer = await trying.client.post(f"/api/{helper}", json=wish)
    assert answer.status_code == 422, answer.text
    assert answer.json()["code"] == code


async def test_half_a_character_is_refused(trying: Sandbox) -> None:
    content = '{"secret":"0123456789ABCDEF","body":{"name":"\\ud800"}}'
    answer = await trying.client.post("/api/encrypt", content=content, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422, answer.text


async def test_only_a_sandbox_has_them(sandbox_city: City) -> None:
    settings = sandbox_city.settings.model_copy(update={"sandbox": False})
    plain = application_of(replace(sandbox_city, settings=settings, trying=None))
    async with calling(plain) as http:
        for helper in ("sign", "encrypt", "deciphering"):
            answer = await http.post(f"/api/{helper}", json={"secret": SECRET, "body": {}})
            assert answer.status_code == 404, answer.text


@pytest.mark.parametrize("language", ["zh-CN", "en"])
async def test_the_guides_request_and_vector_are_right(trying: Sandbox, language: str) -> None:
    text = (GUIDE / language / "cards.md").read_text(encoding="utf-8")
    [wish] = [
        line.split("-d '")[1].rstrip("'") for line in text.splitlines() if line.startswith("curl") and "-d" in line
    ]
    told = await helped(trying, "sign", **json.loads(wish))
    assert told["bodySign"] == signature({"erhcCardNo": "A1"}, SECRET)
    assert f"SM4-ECB → {SEALED}" in text
