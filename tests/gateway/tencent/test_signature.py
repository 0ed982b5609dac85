"""The open platform's signature: the published vector, and every spelling clients have."""

import json
from base64 import b64encode
from hashlib import sha256
from typing import Any

import pytest

from healthcloud.gateway.tencent.signature import is_signed, signature_of, string_to_sign

COMMON = {
    "appToken": "TOK",
    "requestId": "A1",
    "hospitalId": "30646",
    "timestamp": "1600000000",
    "channelNum": 0,
    "sign": "",
}
VECTOR = "WbQf+FE0Hqr3/HB8qA3HEuxfTxiROzq3fq7KEwmSEq4="


def signed(text: str) -> str:
    return b64encode(sha256(text.encode()).digest()).decode()


def body(common: dict[str, Any], wish: dict[str, Any], **how: Any) -> bytes:
    return json.dumps({"commonIn": common, "req": wish}, ensure_ascii=False, **how).encode()


def test_the_published_vector_is_made() -> None:
    text = string_to_sign({**COMMON, "qrCodeText": "AB:1"}, "SECRET")
    assert text == (
        "appToken=TOK&channelNum=0&hospitalId=30646&qrCodeText=AB:1&requestId=A1&timestamp=1600000000SECRET"
    )
    assert signature_of(text) == VECTOR


def test_the_published_vector_is_taken_and_nothing_near_it() -> None:
    wish = {"qrCodeText": "AB:1"}
    common = COMMON | {"sign": VECTOR}
    assert is_signed(common, wish, "SECRET", body(common, wish))
    for other in ({"qrCodeText": "AB:0"}, {"qrCodeText": "AB:1", "extra": "1"}, {}):
        assert not is_signed(common, other, "SECRET", body(common, other))
    assert not is_signed(common, wish, "SECRET2", body(common, wish))
    assert not is_signed(COMMON, wish, "SECRET", body(COMMON, wish))


def test_nulls_and_blanks_are_not_signed_and_what_is_signed_is_not_trimmed() -> None:
    told = {"b": " x ", "a": None, "c": "  ", "d": "", "sign": "s", "e": 0, "f": False}
    assert string_to_sign(told, "S") == "b= x &e=0&f=falseS"


@pytest.mark.parametrize(
    "spelling",
    ['{"ip":"1.1.1.1","ua":null}', '{"ip": "1.1.1.1", "ua": null}', '{"ua":null,"ip":"1.1.1.1"}', '{"ip":"1.1.1.1"}'],
)
def test_an_object_may_be_signed_as_sent_or_compact_or_sorted_without_nulls(spelling: str) -> None:
    sent = '{"ip": "1.1.1.1", "ua": null}' if spelling != '{"ua":null,"ip":"1.1.1.1"}' else spelling
    sign = signed(f"clientInfo={spelling}&name=张三S")
    whole = f'{{"commonIn": {{"sign": "{sign}"}}, "req": {{"clientInfo": {sent}, "name": "张三"}}}}'.encode()
    parts = json.loads(whole)
    assert is_signed(parts["commonIn"], parts["req"], "S", whole)
