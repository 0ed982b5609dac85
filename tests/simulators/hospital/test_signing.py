"""The hospital simulator's own ciphers and signatures, held to the domain page's vectors."""

import json

from healthcloud_simulators.hospital import ciphers, signing

KEY = bytes.fromhex("0123456789abcdeffedcba9876543210")


def test_sm3() -> None:
    assert ciphers.sm3(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert ciphers.sm3(b"abcd" * 16).hex() == "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"


def test_hmac_sm3() -> None:
    told = ciphers.hmac_sm3(b"key", b"abc").hex()
    assert told == "28e63256e7c5a087b1f073265dc53092163f7b82729735d06f28f10af9d52393"


def test_sm4() -> None:
    assert ciphers.sm4_encrypt(KEY, KEY).hex() == "681edf34d206965e86b3e94f536e4246"
    sealed = ciphers.sm4_encrypt(KEY, b"01370402190001010015")
    assert sealed.hex() == "d2f47309669185adc139f57a84d3e0fcedc9971d2fc868da852feef2e5327df5"
    assert ciphers.sm4_decrypt(KEY, sealed) == b"01370402190001010015"
    assert ciphers.sm4_encrypt(KEY, b'{"a":"1"}').hex() == "72cb240576bdca229f531dba47b5f379"


def test_family_c() -> None:
    fields = {
        "app_id": "APP",
        "biz_content": '{"a":"1"}',
        "digest_type": "SM3",
        "enc_type": "SM4",
        "method": "ehc.ehealthcode.verify",
        "term_id": "T1",
        "timestamp": "1600000000000",
        "version": "X.M.0.1",
    }
    digest = signing.family_c_digest(fields, "0123456789ABCDEF")
    assert digest == "c251d98688711edb4c7b0fc7015968789b7206147d8fe01c8e3f3830a4d25ba8"


def test_tencent() -> None:
    common = {"appToken": "TOK", "channelNum": 0, "hospitalId": "30646", "requestId": "A1", "timestamp": "1600000000"}
    asked = {"qrCodeText": "AB:1", "left_out": None, "blank": "  "}
    text = "appToken=TOK&channelNum=0&hospitalId=30646&qrCodeText=AB:1&requestId=A1&timestamp=1600000000SECRET"
    assert signing.tencent_string(common, asked, "SECRET") == text
    assert signing.tencent_sign(common, asked, "SECRET") == "WbQf+FE0Hqr3/HB8qA3HEuxfTxiROzq3fq7KEwmSEq4="


def test_what_is_no_text_is_compact_json() -> None:
    assert signing.pairs({"b": [1, {"z": "张", "a": None}], "a": 0}) == "a=0&b=" + json.dumps(
        [1, {"a": None, "z": "张"}], ensure_ascii=False, separators=(",", ":")
    )
