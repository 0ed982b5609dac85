"""Both kinds of keys sign as the city does."""

import json
from base64 import b64encode
from pathlib import Path
from uuid import UUID

import pytest

from healthcloud import access
from healthcloud_sdk import Key, KeyUnusable, authorization

SECRET = bytes(range(32))
KEY_ID = "0198c0de-0000-7000-8000-000000000001"
SIGNED = {
    "HMAC-SM3": (
        'HC1-HMAC-SM3 key="0198c0de-0000-7000-8000-000000000001",timestamp="1800000000",nonce="0123456789abcdef",'
        'signature="tQSIgrZcGyFmRdrdY4YjzfHgiTFr/hmrX3pIbBJZceY="'
    ),
    "HMAC-SHA-256": (
        'HC1-HMAC-SHA256 key="0198c0de-0000-7000-8000-000000000001",timestamp="1800000000",nonce="0123456789abcdef",'
        'signature="m1T0Woe18m1fTjT5VUB86CSWKRVS4zL+2t4wU68A9i4="'
    ),
}


@pytest.mark.parametrize("algorithm", SIGNED)
def test_the_published_vectors_come_out(algorithm: str) -> None:
    key = Key(KEY_ID, algorithm, SECRET)
    body = b'{"code":"1","terminal":"T1"}'
    made = authorization(key, "POST", "/api/v1/cards/verify", body, at=1800000000, nonce="0123456789abcdef")
    assert made == SIGNED[algorithm]


@pytest.mark.parametrize("algorithm", SIGNED)
def test_the_city_would_have_signed_alike(algorithm: str) -> None:
    key = Key(KEY_ID, algorithm, SECRET)
    how = {"timestamp": 1800000001, "nonce": "n" * 20, "algorithm": access.Algorithm(algorithm)}
    theirs = access.sign_request(UUID(KEY_ID), SECRET, "GET", "/a?b=%E5%81%A5", b"", **how)  # type: ignore[arg-type] # a dict of mixed values
    assert authorization(key, "GET", "/a?b=%E5%81%A5", at=1800000001, nonce="n" * 20) == theirs


def test_each_signature_has_a_nonce_of_its_own() -> None:
    key = Key(KEY_ID, "HMAC-SM3", SECRET)
    assert authorization(key, "GET", "/", at=1) != authorization(key, "GET", "/", at=1)


def test_a_key_file_is_read_and_its_secret_is_not_shown(tmp_path: Path) -> None:
    path = tmp_path / "his.json"
    told = {"key_id": KEY_ID, "algorithm": "HMAC-SM3", "secret": b64encode(SECRET).decode(), "expires_at": None}
    path.write_text(json.dumps(told))
    key = Key.read(path)
    assert (key.key_id, key.secret, key.scheme) == (KEY_ID, SECRET, "HC1-HMAC-SM3")
    assert str(SECRET) not in repr(key)


@pytest.mark.parametrize(
    "text", ["", "[]", '{"key_id": "a"}', '{"key_id": "a", "algorithm": "MD5", "secret": "AA=="}', '{"secret": "€"}']
)
def test_what_is_no_key_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "his.json"
    path.write_text(text)
    with pytest.raises(KeyUnusable):
        Key.read(path)
