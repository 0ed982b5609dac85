"""A device-signed code proves city, phone and minute to who holds the city's public key; nothing else passes."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reader import twin
from reader.phones import CARD, NOW, city_key, code_of, phone, stated

from healthcloud_reader import (
    Certificate,
    CertificateMemory,
    DeviceCode,
    PublicKey,
    Reason,
    SignedCertificate,
    Unreadable,
    b45decode,
    b45encode,
    check_device,
    parse,
    revocation_key,
)
from healthcloud_reader.keys import Algorithm, KeyUnreadable

ALGORITHMS = (Algorithm.SM2_SM3, Algorithm.P256_SHA256, Algorithm.ED25519)
CITY, PHONE = city_key(), phone()
GOOD = code_of(CITY, PHONE)
TRUSTED = {CITY.public.id: CITY.public}


def refusal(read: Callable[[], object]) -> Reason | None:
    try:
        read()
    except Unreadable as error:
        return error.reason
    return None


@pytest.mark.parametrize(
    ("data", "text"), [(b"AB", "BB8"), (b"Hello!!", "%69 VD92EX0"), (b"base-45", "UJCLQE7W581"), (b"ietf!", "QED8WEX0")]
)
def test_base45_is_that_of_its_rfc(data: bytes, text: str) -> None:
    assert b45encode(data) == text
    assert b45decode(text) == data


@given(st.binary(max_size=300))
def test_base45_comes_back_and_never_ends_in_a_blank(data: bytes) -> None:
    text = b45encode(data)
    assert b45decode(text) == data
    assert not text.endswith(" ")


@given(st.one_of(st.text(twin.ALPHABET, max_size=12), st.text(max_size=6)))
def test_base45_is_read_as_strictly_as_written_out_slowly(text: str) -> None:
    data = twin.from_base45(text)
    if data is None:
        assert refusal(lambda: b45decode(text)) is Reason.DEVICE_TEXT
    else:
        assert b45decode(text) == data


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_code_under_each_city_algorithm_reads_as_itself_and_is_believed(algorithm: Algorithm) -> None:
    city = city_key(algorithm)
    code = code_of(city, PHONE)
    assert parse(code.text) == code
    assert check_device(code, {city.public.id: city.public}) is None
    assert len(code.text) <= 391


def test_the_longest_code_has_391_characters() -> None:
    assert len(code_of(CITY, PHONE, name="欧" * 12).text) == 391


@given(
    slot=st.integers(1, 254),
    epoch=st.integers(0, 65535),
    issued=st.integers(0, 2**32 - 1),
    lifetime=st.integers(1, 10080),
    level=st.integers(0, 255),
    sex=st.sampled_from([0, 1, 2, 9]),
    birth_year=st.integers(0, 65535),
    name=st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), min_size=1, max_size=9),
    step=st.integers(0, 2**32 - 1),
)
@settings(max_examples=60, deadline=None)
def test_whatever_fits_its_fields_comes_back(step: int, **fields: object) -> None:
    certificate = stated(CITY, PHONE, **fields)
    code = DeviceCode(SignedCertificate(certificate, bytes(64)), step, b"s" * 64)
    assert parse(code.text) == code
    assert Certificate.decode(code.signed.encode()) == code.signed


@pytest.mark.parametrize(
    "changed",
    [
        {"slot": 0},
        {"slot": 255},
        {"lifetime": 10081},
        {"lifetime": 0},
        {"sex": 3},
        {"name": ""},
        {"name": "张" * 13},
        {"name": "张\u202e兰"},
        {"phone_key": b"\4" + bytes(32)},
        {"city_key": "00"},
        {"algorithm": Algorithm.HMAC_SM3},
    ],
)
def test_what_does_not_fit_its_field_is_never_written(changed: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="out of its range"):
        stated(CITY, PHONE, **changed)


def wedged(text: str) -> str:
    return "\ufeff" + "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else "\u3000" for c in text.lower()) + "\r\n"


def test_wedges_input_methods_and_trimming_change_nothing() -> None:
    holed = next(c for step in range(500) if " " in (c := code_of(CITY, PHONE, NOW + step)).text)
    for spoiled in (holed.text.lower(), f"\t {holed.text} \r\n", wedged(holed.text)):
        assert parse(spoiled) == holed


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_a_spoiled_code_is_unreadable_or_not_believed_and_nothing_else(data: st.DataObject) -> None:
    raw = bytearray(b45decode(GOOD.text[5:]))
    kind = data.draw(st.sampled_from(["flip", "cut", "grow", "junk"]))
    if kind == "flip":
        raw[data.draw(st.integers(0, len(raw) - 1))] ^= data.draw(st.integers(1, 255))
    elif kind == "cut":
        del raw[data.draw(st.integers(0, len(raw) - 1)) :]
    elif kind == "grow":
        raw += data.draw(st.binary(min_size=1, max_size=30))
    else:
        raw[1:] = data.draw(st.binary(max_size=400))
    text = "EHC1:" + b45encode(bytes(raw))
    reason = refusal(lambda: parse(text))
    if reason is not None:
        assert reason.value.startswith("device-")
        return
    code = parse(text)
    assert isinstance(code, DeviceCode)
    assert check_device(code, TRUSTED) in {
        Reason.CITY_KEY,
        Reason.CITY_SIGNATURE,
        Reason.DEVICE_KEY,
        Reason.DEVICE_SIGNATURE,
    }


@given(st.text(twin.ALPHABET + "abc１\u3000ſ", max_size=420))
@settings(deadline=None)
def test_whatever_follows_the_prefix_reads_as_the_slow_reader_says(rest: str) -> None:
    reason = refusal(lambda: parse("EHC1:" + rest))
    assert reason is not None
    assert twin.read("EHC1:" + rest) == ("unreadable", reason.value)


def test_each_forgery_is_told_by_what_is_wrong_with_it() -> None:
    other = code_of(CITY, PHONE, NOW + 1)
    unlisted = code_of(city_key(seed=8), PHONE)
    claimed = code_of(replace(city_key(seed=8), public=CITY.public), PHONE)
    off_curve = code_of(CITY, PHONE, phone_key=b"\2" + b"\xff" * 32)
    lent = code_of(CITY, PHONE, phone_key=phone(12).point)
    assert check_device(GOOD._replace(signature=other.signature), TRUSTED) is Reason.DEVICE_SIGNATURE
    assert check_device(GOOD._replace(step=NOW + 1), TRUSTED) is Reason.DEVICE_SIGNATURE
    assert check_device(lent, TRUSTED) is Reason.DEVICE_SIGNATURE
    assert check_device(unlisted, TRUSTED) is Reason.CITY_KEY
    assert check_device(GOOD, {}) is Reason.CITY_KEY
    assert check_device(claimed, TRUSTED) is Reason.CITY_SIGNATURE
    assert check_device(off_curve, TRUSTED) is Reason.DEVICE_KEY


def test_a_remembered_certificate_is_believed_only_while_its_key_is() -> None:
    memory = CertificateMemory(limit=2)
    assert memory.check(GOOD, TRUSTED) is None
    assert memory.check(GOOD._replace(signature=bytes(64)), TRUSTED) is Reason.DEVICE_SIGNATURE
    assert memory.check(GOOD, {}) is Reason.CITY_KEY
    spoiled = SignedCertificate(GOOD.signed.certificate, bytes(64))
    assert memory.check(GOOD._replace(signed=spoiled), TRUSTED) is Reason.CITY_SIGNATURE
    for slot in range(2, 8):
        assert memory.check(code_of(CITY, PHONE, slot=slot), TRUSTED) is None
    assert memory.check(GOOD, TRUSTED) is None


def test_a_second_signature_of_the_same_step_is_the_same_use() -> None:
    """Whoever sees (r, s) on P-256 can write (r, n−s) without any key; the use it names does not change."""
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    s = order - int.from_bytes(GOOD.signature[32:], "big")
    twisted = GOOD._replace(signature=GOOD.signature[:32] + s.to_bytes(32, "big"))
    assert check_device(twisted, TRUSTED) is None
    assert twisted.use == GOOD.use == (CARD, 1, NOW)


def test_a_point_comes_back_from_its_short_form() -> None:
    key = PublicKey.from_point(PHONE.point)
    assert key.compressed() == PHONE.point
    with pytest.raises(KeyUnreadable):
        PublicKey.from_point(b"\2" + b"\xff" * 32)
    assert len(revocation_key(CARD)) == 8
