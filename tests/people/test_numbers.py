"""Resident identity numbers against a slow twin, python-stdnum, and the vectors of the domain page."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from people.makers import TODAY, WEIGHTS, number_of
from stdnum.cn import ric

from healthcloud.people.model import Broken, Sex
from healthcloud.people.numbers.model import read_resident_number

days = st.dates(date(1900, 1, 1), date(2026, 11, 1))
zaozhuang = st.sampled_from(["370402", "370403", "370404", "370405", "370406", "370481"])


def twin_accepts(number: str) -> bool:
    """GB 11643 word by word: the sum of each digit times 2^(18-i) mod 11, the check digit included, leaves 1."""
    if len(number) != 18 or not number[:17].isdigit() or number[17] not in "0123456789X":
        return False
    values = [*map(int, number[:17]), 10 if number[17] == "X" else int(number[17])]
    total = sum(value * pow(2, 17 - place) for place, value in enumerate(values))
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return total % 11 == 1 and date(1850, 1, 1) <= born <= TODAY


def accepts(number: str) -> bool:
    try:
        read_resident_number(number, TODAY)
    except Broken:
        return False
    return True


@given(zaozhuang, days, st.integers(0, 999))
def test_every_well_made_number_is_read_as_stdnum_reads_it(division: str, born: date, sequence: int) -> None:
    number = number_of(born, sequence, division)
    read = read_resident_number(number, TODAY)
    assert ric.calc_check_digit(number) == number[17]
    assert ric.is_valid(number) or born.year < 2000  # stdnum also knows when each division was founded
    assert read.birth_date == born == ric.get_birth_date(number)
    assert read.sex == (Sex.MALE if sequence % 2 else Sex.FEMALE)


@given(zaozhuang, days, st.integers(0, 999), st.integers(0, 17), st.sampled_from("0123456789X"))
def test_one_wrong_character_is_seen_exactly_when_the_slow_twin_sees_it(
    division: str, born: date, sequence: int, place: int, character: str
) -> None:
    number = number_of(born, sequence, division)
    mistyped = number[:place] + character + number[place + 1 :]
    if mistyped[:2] == "37":
        assert accepts(mistyped) == twin_accepts(mistyped)
    assert accepts(mistyped) <= twin_accepts(mistyped)


@given(zaozhuang, days, st.integers(0, 999), st.integers(0, 16))
def test_two_neighbours_swapped_are_seen(division: str, born: date, sequence: int, place: int) -> None:
    number = number_of(born, sequence, division)
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert swapped == number or not accepts(swapped)


@given(zaozhuang, st.dates(date(1900, 1, 1), date(1999, 12, 31)), st.integers(0, 999))
def test_an_old_number_folds_into_the_new_one(division: str, born: date, sequence: int) -> None:
    assert read_resident_number(f"{division}{born:%y%m%d}{sequence:03}", TODAY).number == number_of(
        born, sequence, division
    )


def test_the_vectors_of_the_domain_page() -> None:
    assert read_resident_number("370402190001010015", TODAY).sex is Sex.MALE
    assert read_resident_number("370402000101001", TODAY).number == "370402190001010015"
    assert read_resident_number("810000190001010018", TODAY).birth_date == date(1900, 1, 1)
    with pytest.raises(Broken, match="birth date that does not exist"):
        read_resident_number("370481190002290026", TODAY)


@pytest.mark.parametrize(
    ("number", "told"),
    [
        ("370402190001010014", "check character"),
        ("37040219000101001", "18 characters"),
        ("３７０４０２190001010015", "18 characters"),
        ("37040219000101001x", "18 characters"),
        (number_of(date(1849, 12, 31), 1), "cannot be"),
        (number_of(TODAY + timedelta(days=1), 1), "cannot be"),
        (number_of(date(1900, 1, 1), 1, "000402"), "18 characters"),
        (number_of(date(1900, 1, 1), 1, "990402"), "no division"),
        (number_of(date(1900, 1, 1), 1, "160402"), "no division"),
        ("370402001301001", "does not exist"),
        ("", "18 characters"),
    ],
)
def test_a_wrong_number_is_refused_with_its_reason(number: str, told: str) -> None:
    with pytest.raises(Broken, match=told) as broken:
        read_resident_number(number, TODAY)
    assert not number or number not in broken.value.en + broken.value.zh


def test_a_foreigners_permanent_residence_card_of_2023_is_read() -> None:
    read = read_resident_number(number_of(date(1980, 5, 6), 12, "937840"), TODAY)
    assert read.sex is Sex.FEMALE
    assert read.birth_date == date(1980, 5, 6)


def test_the_test_counts_weights_as_the_standard_does() -> None:
    assert [pow(2, 17 - place) % 11 for place in range(17)] == WEIGHTS
