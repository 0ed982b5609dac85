"""Where two strings to be signed differ, one case for each kind; ours are the domain page's vectors."""

import json

import pytest

from healthcloud.core.crypto import sm3
from healthcloud.sandbox import compare

C = (
    'app_id=APP&biz_content={"a":"1"}&digest_type=SM3&enc_type=SM4&method=ehc.ehealthcode.verify&term_id=T1'
    "&timestamp=1600000000000&version=X.M.0.1&app_secret=0123456789ABCDEF"
)
TENCENT = "appToken=TOK&channelNum=0&hospitalId=30646&qrCodeText=AB:1&requestId=A1&timestamp=1600000000SECRET"
BODY = '{"name":"孔令双","sex":"1"}'.encode()
HC1 = f"POST\n/api/v1/cards?x=%E5%AD%94\n1600000000\nabcdefghijklmnop\n{sm3(BODY).hex()}\n"


@pytest.mark.parametrize(
    ("theirs", "kind", "part"),
    [
        (C, "same", ""),
        (C.replace("&app_secret=0", "0"), "secret", "secret"),
        (C.removesuffix("&app_secret=0123456789ABCDEF"), "secret", "secret"),
        (C.replace("1600000000000", "1600000000"), "timestamp-unit", "timestamp"),
        (C.replace('{"a":"1"}', '{"a": "1"}'), "blank", "biz_content"),
        (C.replace('{"a":"1"}', '{"a":"\\u0031"}'), "encoding", "biz_content"),
        (C.replace("&term_id=T1", ""), "missing-key", "term_id"),
        (C.replace("&version=", "&sign=x&version="), "extra-key", "sign"),
        (C.replace("method=ehc", "method=EHC"), "case", "method"),
        (C.replace("term_id=T1", "term_id=T2"), "value", "term_id"),
        ("method=ehc.ehealthcode.verify&" + C.replace("&method=ehc.ehealthcode.verify", ""), "order", "app_id"),
        (C + "\n", "line-end", "secret"),
    ],
)
def test_family_c(theirs: str, kind: str, part: str) -> None:
    found = compare(C, theirs, form="pairs", secret="0123456789ABCDEF")
    assert (found.kind, found.part if kind not in ("order", "line-end") else part) == (kind, part)
    assert found.zh
    assert found.en


@pytest.mark.parametrize(
    ("theirs", "kind"),
    [
        (TENCENT.replace("SECRET", "&SECRET"), "secret"),
        (TENCENT.replace("SECRET", "&key=SECRET"), "secret"),
        (TENCENT.replace("SECRET", ""), "secret"),
        (TENCENT.replace("AB:1", "AB%3A1"), "encoding"),
        (TENCENT.replace("1600000000S", "1600000000000S"), "timestamp-unit"),
    ],
)
def test_tencent(theirs: str, kind: str) -> None:
    assert compare(TENCENT, theirs, form="pairs", secret="SECRET").kind == kind


@pytest.mark.parametrize(
    ("theirs", "kind", "part"),
    [
        (HC1.removesuffix("\n"), "line-end", "body digest"),
        (HC1.replace("\n", "\r\n"), "line-end", "method"),
        (HC1.replace("POST", "post"), "case", "method"),
        (HC1.replace("%E5%AD%94", "孔"), "encoding", "target"),
        (HC1.replace("\n1600000000\n", "\n1600000000000\n"), "timestamp-unit", "timestamp"),
        (HC1.replace("?x=%E5%AD%94", ""), "value", "target"),
        (
            HC1.replace(sm3(BODY).hex(), sm3(json.dumps(json.loads(BODY)).encode()).hex()),
            "body-rewritten",
            "body digest",
        ),
        (HC1.replace(sm3(BODY).hex(), sm3(b"").hex()), "body-rewritten", "body digest"),
        (HC1.replace("abcdefghijklmnop\n", ""), "missing-key", "lines"),
    ],
)
def test_our_own(theirs: str, kind: str, part: str) -> None:
    found = compare(HC1, theirs, form="lines", body=BODY)
    assert (found.kind, found.part) == (kind, part)


def test_the_first_different_character_is_told() -> None:
    found = compare(C, C.replace("T1", "T9"), form="pairs")
    assert C[found.at] == "1"
    assert "T1" in found.ours
    assert "T9" in found.theirs
