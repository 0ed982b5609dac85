"""A token is good in its minute and the ones beside it, is told by its clock within half an hour, else is a forgery."""

import json
from pathlib import Path
from typing import Any

import pytest
from gmssl import func, sm3
from hypothesis import given, settings
from hypothesis import strategies as st
from reader import twin

from healthcloud_reader import (
    Algorithm,
    ClockOff,
    DynamicCode,
    Token,
    check_token,
    make_token,
    masters_of,
    parse,
    period_of,
    slot_secrets,
    step_at,
    step_start,
    token_of,
)

VECTORS: list[dict[str, Any]] = json.loads((Path(__file__).parent / "vectors.json").read_text())["tokens"]
KEYS = [b"k" * 32, b"l" * 32]
MASTERS = masters_of(*KEYS)
CARD = bytes(range(32))
NOW = 29_833_333
MONTHS_END = 691 * 43_200


def token_at(step: int, *, slot: int = 0, key: bytes = KEYS[0], age: int = 0, with_: Algorithm | None = None) -> Token:
    secret = slot_secrets(masters_of(key), CARD, slot, 1, period_of(step) - age)[0]
    return make_token(secret, CARD, slot, 1, step, with_)


def checked(token: Token, step: int = NOW, *, window: int = 1) -> int | ClockOff | None:
    return check_token(MASTERS, CARD, token, step * 60 + 59.9, window)


@pytest.mark.parametrize("vector", VECTORS, ids=[v["what"] for v in VECTORS])
def test_a_published_token_is_made_and_checked_here(vector: dict[str, Any]) -> None:
    master, card_id = masters_of(bytes.fromhex(vector["master"])), bytes.fromhex(vector["card_id"])
    secret = slot_secrets(master, card_id, vector["slot"], vector["epoch"], vector["period"])[0]
    made = make_token(secret, card_id, vector["slot"], vector["epoch"], vector["step"], Algorithm(vector["algorithm"]))
    assert secret.hex() == vector["secret"]
    assert made.hex == vector["token"]
    assert DynamicCode(card_id, made).text == vector["code"]
    read = parse(vector["code"])
    assert isinstance(read, DynamicCode)
    assert check_token(master, read.card_id, read.token, vector["step"] * 60) == vector["step"]


@pytest.mark.parametrize("vector", VECTORS, ids=[v["what"] for v in VECTORS])
def test_a_published_token_is_made_by_the_second_implementation(vector: dict[str, Any]) -> None:
    card_id = bytes.fromhex(vector["card_id"])
    secret = twin.secret_of(bytes.fromhex(vector["master"]), card_id, vector["slot"], vector["epoch"], vector["period"])
    name = {"HMAC-SM3": "sm3", "HMAC-SHA-256": "sha256"}[vector["algorithm"]]
    assert secret.hex() == vector["secret"]
    assert vector["token"].endswith(twin.mac_of(name, secret, card_id, vector["step"]).hex().upper())


def test_a_third_implementation_of_sm3_agrees() -> None:
    vector = VECTORS[0]
    secret, message = bytes.fromhex(vector["secret"]), b"EHC-TOKEN-1" + bytes.fromhex(vector["card_id"])
    padded = secret.ljust(64, b"\0")
    inner = sm3.sm3_hash(
        func.bytes_to_list(bytes(b ^ 0x36 for b in padded) + message + vector["step"].to_bytes(8, "big"))
    )
    outer = sm3.sm3_hash(func.bytes_to_list(bytes(b ^ 0x5C for b in padded) + bytes.fromhex(inner)))
    assert vector["token"] == "000000" + outer[:26].upper()


@pytest.mark.parametrize("offset", [-1, 0, 1])
@pytest.mark.parametrize("slot", [0, 1, 254])
def test_a_token_is_good_in_its_minute_and_the_ones_beside_it(slot: int, offset: int) -> None:
    assert checked(token_at(NOW + offset, slot=slot)) == NOW + offset


def test_a_wider_window_takes_what_a_narrow_one_names() -> None:
    old = token_at(NOW - 4, slot=1)
    assert checked(old, window=5) == NOW - 4
    assert checked(old) == ClockOff(4, "behind")


@pytest.mark.parametrize(
    ("offset", "found"),
    [
        (-5, ClockOff(5, "behind")),
        (5, ClockOff(5, "ahead")),
        (-30, ClockOff(30, "behind")),
        (30, ClockOff(30, "ahead")),
        (-31, None),
        (31, None),
    ],
)
def test_a_clock_that_is_off_is_named_within_half_an_hour(offset: int, found: ClockOff | None) -> None:
    assert checked(token_at(NOW + offset, slot=1)) == found
    assert checked(token_at(NOW + offset)) == found


def test_either_algorithm_is_taken_from_any_slot() -> None:
    for slot in (0, 1):
        for algorithm in Algorithm:
            assert checked(token_at(NOW, slot=slot, with_=algorithm)) == NOW


def test_the_secret_of_the_period_before_is_good_and_an_older_one_is_not() -> None:
    assert checked(token_at(NOW, slot=1, age=1)) == NOW
    assert checked(token_at(NOW, slot=1, age=2)) is None


def test_a_period_may_change_between_making_and_checking() -> None:
    assert period_of(MONTHS_END - 1) + 1 == period_of(MONTHS_END)
    assert checked(token_at(MONTHS_END - 1), MONTHS_END) == MONTHS_END - 1
    assert checked(token_at(MONTHS_END), MONTHS_END - 1) == MONTHS_END


def test_two_masters_are_live_while_one_replaces_the_other() -> None:
    assert checked(token_at(NOW, key=KEYS[1])) == NOW
    assert check_token(masters_of(KEYS[0]), CARD, token_at(NOW, key=KEYS[1]), NOW * 60) is None


def test_another_card_slot_or_epoch_makes_it_a_forgery() -> None:
    good = token_at(NOW)
    assert check_token(MASTERS, CARD[::-1], good, NOW * 60) is None
    assert checked(good._replace(slot=1)) is None
    assert checked(good._replace(epoch=2)) is None
    assert checked(good._replace(mac=good.mac[:-1] + bytes([good.mac[-1] ^ 1]))) is None


def test_a_step_is_the_minute_it_begins() -> None:
    assert step_at(step_start(NOW)) == NOW
    assert step_start(NOW).second == 0


sent = st.builds(
    lambda key, slot, step, age, algorithm, epoch: make_token(
        slot_secrets(masters_of(key), CARD, slot, epoch, period_of(step) - age)[0], CARD, slot, epoch, step, algorithm
    ),
    st.sampled_from([*KEYS, b"x" * 32]),
    st.sampled_from([0, 1, 255]),
    st.integers(MONTHS_END - 40, MONTHS_END + 40),
    st.integers(0, 2),
    st.sampled_from(Algorithm),
    st.sampled_from([0, 65535]),
)


@settings(max_examples=60, deadline=None)
@given(
    st.one_of(sent, st.binary(min_size=16, max_size=16).map(token_of)),
    st.integers((MONTHS_END - 10) * 60, (MONTHS_END + 10) * 60),
    st.integers(0, 5),
)
def test_any_token_is_judged_as_the_slow_checker_judges(token: Token, now: int, window: int) -> None:
    found = check_token(MASTERS, CARD, token, now, window)
    expected = twin.verdict(KEYS, twin.Sent(CARD, *token), now, window)
    match found:
        case None:
            assert expected == ("forged", 0)
        case ClockOff(minutes, direction):
            assert expected == (direction, minutes)
        case step:
            assert expected == ("genuine", step)
