"""Every text a scanner may send is told apart, or refused with its reason."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reader import twin

from healthcloud_reader import (
    BareCardId,
    DeviceCode,
    DynamicCode,
    InsuranceVoucher,
    Reading,
    Reason,
    ResidentId,
    StaticCode,
    Unreadable,
    parse,
)

VECTORS: list[dict[str, Any]] = json.loads((Path(__file__).parent / "vectors.json").read_text())["texts"]
HEX = "0123456789abcdefABCDEF"


def told(text: str) -> tuple[str, ...]:
    try:
        return spelled(parse(text))
    except Unreadable as error:
        return "unreadable", error.reason.value


def spelled(reading: Reading) -> tuple[str, ...]:
    match reading:
        case DeviceCode(signed, step, signature):
            return "device", (signed.encode() + step.to_bytes(4, "big") + signature).hex()
        case DynamicCode(card_id, token, issuer, payment):
            return "dynamic", card_id.hex().upper(), token.hex, issuer, payment
        case StaticCode(card_id, issuer, payment):
            return "static", card_id.hex().upper(), issuer, payment
        case BareCardId(card_id):
            return "bare", card_id.hex().upper()
        case InsuranceVoucher(text):
            return "voucher", text
        case ResidentId(number):
            return "resident", number


@pytest.mark.parametrize("vector", VECTORS, ids=[v["what"] for v in VECTORS])
def test_a_published_text_reads_as_published(vector: dict[str, Any]) -> None:
    assert list(told(vector["text"])) == vector["reading"]
    assert list(twin.read(vector["text"])) == vector["reading"]


def test_what_we_emit_is_five_segments_and_reads_as_itself() -> None:
    dynamic = parse("AB" * 32 + ":0:" + "CD" * 16)
    static = parse("AB" * 32 + ":1")
    assert isinstance(dynamic, DynamicCode)
    assert isinstance(static, StaticCode)
    assert dynamic.text == "AB" * 32 + ":0:" + "CD" * 16 + "::"
    assert len(dynamic.text) == 101
    assert static.text == "AB" * 32 + ":1:::"
    assert parse(dynamic.text) == dynamic
    assert parse(static.text) == static


def test_every_reason_has_words_in_both_languages() -> None:
    assert all(reason.en.endswith(".") and reason.zh.endswith("。") for reason in Reason)


# Texts near the border: pieces of codes joined and spoiled in the ways wedges and people spoil them.
pieces = st.one_of(
    st.text(HEX, min_size=64, max_size=64),
    st.text(HEX, min_size=32, max_size=32),
    st.sampled_from(["", "0", "1", "2", "EHC1", "HC1", "5100A0013", "370402190001010015", "37040219000101004x", "９"]),
    st.text(HEX, max_size=70),
    st.text("0123456789", min_size=17, max_size=18),
    st.text(max_size=5),
)
joined = st.lists(pieces, min_size=1, max_size=7).map(":".join)


@st.composite
def spoiled(draw: st.DrawFn) -> str:
    text = draw(joined)
    if draw(st.booleans()):
        text = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(text)))
        text = text[:place] + draw(st.sampled_from("\r\n\t \u3000\ufeff\u200b\x02\x1d:：\x00\u2028")) + text[place:]
    return text


@given(st.one_of(spoiled(), st.text(max_size=140), st.from_regex(r"[0-9]{17}[0-9X]", fullmatch=True)))
def test_any_text_reads_as_the_slow_reader_says(text: str) -> None:
    assert told(text) == twin.read(text)
