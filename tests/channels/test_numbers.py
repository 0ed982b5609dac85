"""A mobile number has one form, however people write it."""

import pytest

from healthcloud import channels


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("13800000000", "13800000000"),
        ("+86 138-0000-0000", "13800000000"),
        ("8613800000000", "13800000000"),
        ("１３８００００００００", "13800000000"),
        ("(138) 0000 0000", "13800000000"),
        ("+852 6123 4567", "+85261234567"),
        ("12800000000", None),
        ("1380000000", None),
        ("138000000001", None),
        ("+8612345", None),
        ("0632-3314999", None),
        ("", None),
        ("13800000000; DROP", None),
        ("١٣٨٠٠٠٠٠٠٠٠", None),
    ],
)
def test_a_number_has_one_form(written: str, number: str | None) -> None:
    assert channels.mobile_number(written) == number


def test_a_shown_number_is_masked() -> None:
    assert channels.masked_number("13812345678") == "138****5678"
    assert channels.masked_number("+85261234567") == "+****4567"
