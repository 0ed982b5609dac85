"""Published and derived vectors: what we compute is what the standards print."""

import re
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from healthcloud.core import crypto
from healthcloud.core.crypto import HmacSm3, hmac_sha256, hmac_sm3, same, sm3
from healthcloud.core.crypto.sm2 import Sm2PrivateKey
from healthcloud.core.crypto.software import Sm4Gcm
from healthcloud_reader.keys.sm2 import Sm2PublicKey

KEY = bytes.fromhex("0123456789abcdeffedcba9876543210")


@pytest.mark.parametrize(
    ("message", "digest"),
    [
        (b"abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
        (b"abcd" * 16, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"),
    ],
)
def test_sm3_as_printed_in_its_standard(message: bytes, digest: str) -> None:
    assert sm3(message).hex() == digest


def test_hmac_sm3_however_it_is_asked_for() -> None:
    expected = "28e63256e7c5a087b1f073265dc53092163f7b82729735d06f28f10af9d52393"
    prepared = HmacSm3(b"key")
    assert hmac_sm3(b"key", b"abc").hex() == expected
    assert [prepared.mac(b"abc").hex(), prepared.mac(b"abc").hex()] == [expected, expected]


def test_hmac_sha256_of_rfc_4231_case_2() -> None:
    expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    assert hmac_sha256(b"Jefe", b"what do ya want for nothing?").hex() == expected


def test_comparison_tells_equal_from_unequal() -> None:
    assert same(b"code", b"code")
    assert not same(b"code", b"c0de")
    assert not same(b"code", b"cod")


def test_sm4_block_as_printed_in_its_standard() -> None:
    assert ecb(KEY).hex() == "681edf34d206965e86b3e94f536e4246"


@pytest.mark.parametrize(
    ("text", "sealed"),
    [
        (b"01370402190001010015", "d2f47309669185adc139f57a84d3e0fcedc9971d2fc868da852feef2e5327df5"),
        (b'{"a":"1"}', "72cb240576bdca229f531dba47b5f379"),
    ],
)
def test_sm4_ecb_with_zero_padding_as_partners_want_it(text: bytes, sealed: str) -> None:
    assert ecb(text + bytes(-len(text) % 16)).hex() == sealed


def test_sm4_gcm_of_rfc_8998_opens() -> None:
    nonce, bound = bytes.fromhex("00001234567800000000abcd"), bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    plain = b"".join(bytes([value]) * 8 for value in (0xAA, 0xBB, 0xCC, 0xDD, 0xEE, 0xFF, 0xEE, 0xAA))
    text = bytes.fromhex(
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
        "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
    )
    tag = bytes.fromhex("83de3541e4c2b58177e065a9bf7b62ec")
    assert Sm4Gcm(KEY).open(bound, nonce + text + tag) == plain


def test_sm2_example_of_gm_t_0003_5_verifies() -> None:
    pair = Sm2PrivateKey.from_raw(bytes.fromhex("3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8"))
    signature = bytes.fromhex(
        "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
        "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"
    )
    assert pair.point.hex() == (
        "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
        "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
    )
    assert Sm2PublicKey(pair.point).verifies(b"message digest", signature)


def test_core_offers_no_weak_mode() -> None:
    sources = Path(crypto.__file__).parent.glob("*.py")
    assert not [path.name for path in sources if re.search(r"\b(ECB|MD5|TripleDES|CBC)\b", path.read_text())]


def ecb(blocks: bytes) -> bytes:
    encryptor = Cipher(algorithms.SM4(KEY), modes.ECB()).encryptor()  # noqa: S305 - partners' mode, in tests only
    return encryptor.update(blocks) + encryptor.finalize()
