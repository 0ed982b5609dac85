"""Outside numbers: check digits against the published vectors and a second implementation, one spelling each."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc as second

from healthcloud.institutions.numbers import NumberKind, NumberWrong, OutsideNumber, checked, shown, spellings
from healthcloud.institutions.numbers.model import USCC_ALPHABET, organisation_check, uscc_check


def reason(kind: NumberKind, text: str) -> str:
    with pytest.raises(NumberWrong) as refused:
        checked(kind, text)
    (fault,) = refused.value.faults
    assert fault.zh
    return fault.en


@pytest.mark.parametrize("text", ["49360000-3", "493600003", " ４９３６００００－３ "])
def test_an_organisation_code_is_kept_in_one_spelling(text: str) -> None:
    number = checked(NumberKind.ORGANISATION, text)
    assert number == OutsideNumber(NumberKind.ORGANISATION, "493600003")
    assert shown(number) == "49360000-3"


def test_an_organisation_code_with_another_check_digit_is_refused() -> None:
    assert "check digit" in reason(NumberKind.ORGANISATION, "49360000-4")
    assert "8 characters" in reason(NumberKind.ORGANISATION, "4936000-3")


def test_a_social_credit_code_must_hold_in_both_standards() -> None:
    assert checked(NumberKind.USCC, "12370400mb0000000k").number == "12370400MB0000000K"
    assert "organisation code inside" in reason(NumberKind.USCC, "12370400MB000000AJ")
    assert "last character" in reason(NumberKind.USCC, "12370400MB0000000J")
    assert "alphabet" in reason(NumberKind.USCC, "12370400MB00000I0K")


@given(st.text(USCC_ALPHABET, min_size=9, max_size=9))
def test_the_check_character_is_that_of_a_second_implementation(tail: str) -> None:
    body = "12370402" + tail
    assert second.calc_check_digit(body) == uscc_check(body)


@given(st.from_regex(r"[0-9]{8}", fullmatch=True), st.integers(0, 7))
def test_one_wrong_digit_of_an_organisation_code_is_found(body: str, place: int) -> None:
    other = body[:place] + str((int(body[place]) + 1) % 10) + body[place + 1 :]
    assert organisation_check(body) != organisation_check(other)


def test_a_licence_number_has_22_characters_with_an_organisation_code() -> None:
    body = "PDY90001"
    code = body + organisation_check(body)
    assert checked(NumberKind.WS218, f"{code}37040211A1001".lower()).number == f"{code}37040211A1001"
    wrong = body + ("0" if code[8] != "0" else "1")
    assert "check digit" in reason(NumberKind.WS218, f"{wrong}37040211A1001")
    assert "4 of class" in reason(NumberKind.WS218, f"{code}37040211A100")


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [("platform", "kga370402001", "KG"), ("tencent", "30646", "3064A"), ("other", "a-1", "")],
)
def test_other_kinds_have_their_shape(kind: str, good: str, bad: str) -> None:
    assert checked(NumberKind(kind), good).number == good.upper()
    reason(NumberKind(kind), bad)


def test_a_number_of_unknown_kind_is_looked_for_in_each_spelling() -> None:
    assert spellings(" a-1 b") == ["A-1 B", "A1B"]
    assert spellings("  ") == []
