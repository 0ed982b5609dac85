"""The vectors of the domain pages, both ways, and against a second implementation."""

import hashlib
from base64 import b64encode

import pytest
from gateway.second import decrypted, digest, encrypted
from hypothesis import given, settings
from hypothesis import strategies as st

from healthcloud.core.crypto import sm3
from healthcloud.gateway import family_b, family_c, sm4
from healthcloud.gateway.family_c import envelope
from healthcloud.gateway.neutral import Document

KEY = bytes.fromhex("0123456789abcdeffedcba9876543210")
VECTORS = [
    (KEY, "681edf34d206965e86b3e94f536e4246"),
    (b"01370402190001010015", "d2f47309669185adc139f57a84d3e0fcedc9971d2fc868da852feef2e5327df5"),
    (b'{"a":"1"}', "72cb240576bdca229f531dba47b5f379"),
]
DIGEST = "c251d98688711edb4c7b0fc7015968789b7206147d8fe01c8e3f3830a4d25ba8"
SECRET = b"0123456789ABCDEF"
C = {
    "app_id": "APP",
    "biz_content": "",
    "digest_type": "SM3",
    "enc_type": "SM4",
    "method": "ehc.ehealthcode.verify",
    "term_id": "T1",
    "timestamp": "1600000000000",
    "version": "X.M.0.1",
}


@pytest.mark.parametrize(("plain", "sealed"), VECTORS)
def test_sm4_agrees_with_the_vectors_both_ways(plain: bytes, sealed: str) -> None:
    assert sm4.write(KEY, plain) == sealed
    assert sm4.read(KEY, sealed) == (plain, sm4.Spelling.HEX)
    assert sm4.read(KEY, b64encode(bytes.fromhex(sealed)).decode()) == (plain, sm4.Spelling.BASE64)
    assert encrypted(KEY, plain).hex() == sealed


@settings(max_examples=30, deadline=None)
@given(st.text(min_size=1, max_size=60).filter(lambda text: not text.endswith("\0")))
def test_sm4_agrees_with_a_second_implementation(text: str) -> None:
    plain = text.encode()
    assert sm4.encrypt(KEY, plain) == encrypted(KEY, plain)
    assert sm4.decrypt(KEY, encrypted(KEY, plain)) == plain == decrypted(KEY, sm4.encrypt(KEY, plain))


def test_what_is_no_ciphertext_is_told() -> None:
    for text in ("zz", "00", "0" * 31, "AAAA", "=" * 32, "乱码"):
        with pytest.raises(sm4.NotCiphertext):
            sm4.read(KEY, text)


def test_the_digest_of_family_c_agrees_with_the_vector() -> None:
    text = family_c.string_to_sign(C, b'{"a":"1"}') + b"&app_secret=" + SECRET
    assert sm3(text).hex() == digest(text) == DIGEST
    sent = envelope.Envelope(C | {"digest": DIGEST.upper(), "biz_content": sm4.write(SECRET, b'{"a":"1"}')})
    assert envelope.opened(sent, SECRET) == (b'{"a":"1"}', sm4.Spelling.HEX)


def test_the_bare_secret_of_one_city_is_taken_too() -> None:
    fields = {**C, "digest_type": "SHA256"}
    text = family_c.string_to_sign(fields, b"{}") + SECRET
    sent = envelope.Envelope(
        fields | {"digest": hashlib.sha256(text).hexdigest(), "biz_content": sm4.write(SECRET, b"{}")}
    )
    assert envelope.opened(sent, SECRET)[0] == b"{}"


def test_the_concatenations_of_family_b_are_plugs() -> None:
    head = {"version": "V2.0.0", "appId": "A", "nonceStr": "n", "timestamp": "1", "empty": ""}
    assert family_b.joined(head) == b"appId=A&nonceStr=n&timestamp=1&version=V2.0.0"
    signs = {name: family_b.sign(head, SECRET, one) for name, one in family_b.CONCATENATIONS.items()}
    assert signs["key"] == digest(b"appId=A&nonceStr=n&timestamp=1&version=V2.0.0&key=" + SECRET).upper()
    assert len(set(signs.values())) == len(signs)


def test_no_number_is_shown_by_accident() -> None:
    assert "370402" not in repr(Document("01", "370402190001010015"))
