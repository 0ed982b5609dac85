"""Levels of agreement, field by field; the lunar calendar."""

from datetime import date

import pytest

from healthcloud.index.matching import Written, features_of, read_content
from healthcloud.index.matching.compare import FIELDS, LEVELS, compare
from healthcloud.index.matching.decide import RULES
from healthcloud.index.matching.default import DEFAULT_MODEL
from healthcloud.index.matching.lunar import as_lunar_written


def level(field: str, one: Written, other: Written) -> str:
    a, b = (features_of(read_content(written, date(2026, 1, 1))) for written in (one, other))
    there = compare(a, b)[FIELDS.index(field)]
    assert compare(b, a)[FIELDS.index(field)] == there
    return there


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("张伟", "张伟", "same"),
        ("张伟", "張偉", "variant"),
        ("张龘", "张□", "unreadable"),
        ("张伟", "张薇", "sound"),
        ("张灵", "张林", "near-sound"),
        ("张小明", "张明小", "order"),
        ("张小明", "张大明", "one-off"),
        ("张小明", "张明", "one-off"),
        ("张芳之女", "张雨", "provisional"),
        ("张小明", "李小明", "given"),
        ("欧阳明", "欧阳丽华", "surname"),
        ("张小明", "李大鹏", "different"),
        ("阿依古丽·买买提", "阿依古丽.买买提", "same"),
        ("阿依古丽·买买提", "阿依古丽买买提", "variant"),
        ("John Smith", "SMITH, JOHN", "variant"),
        ("John Smith", "Jon Smith", "close"),
        ("John Smith", "John Bright", "part"),
        ("John Smith", "张伟", "different"),
    ],
)
def test_names(one: str, other: str, found: str) -> None:
    assert level("name", Written(name=one), Written(name=other)) == found


@pytest.mark.parametrize(
    ("other", "found"),
    [
        ("1985-03-12", "same"),
        ("1985-01-21", "lunar"),
        ("1985-12-03", "swapped"),
        ("1985-03-13", "digit"),
        ("1985-01-01", "placeholder"),
        ("1973-03-12", "day"),
        ("1985-09-30", "year"),
        ("1960-09-30", "different"),
        ("", "missing"),
    ],
)
def test_birth_dates(other: str, found: str) -> None:
    assert (
        level("birth", Written(name="张伟", birth_date="1985-03-12"), Written(name="张伟", birth_date=other)) == found
    )


@pytest.mark.parametrize(
    ("other", "found"),
    [
        ("市中区解放路3号2单元501室", "same"),
        ("枣庄市市中区解放路三号楼2-501", "same"),
        ("解放路3号2-501", "house"),
        ("市中区解放路3号2单元502室", "close"),
        ("滕州市上李庄村12号", "different"),
        ("", "missing"),
    ],
)
def test_addresses(other: str, found: str) -> None:
    home = "山东省枣庄市市中区解放路3号2单元501室"

    assert level("address", Written(name="张伟", address=home), Written(name="张伟", address=other)) == found


def test_the_shipped_model_weighs_every_level_and_no_other() -> None:
    assert {field: set(levels) for field, levels in DEFAULT_MODEL.weights.items()} == {
        field: set(levels) for field, levels in LEVELS.items()
    }
    assert len(set(RULES)) == len(RULES)


@pytest.mark.parametrize(
    "new_year",
    [
        (1900, 1, 31),
        (1950, 2, 17),
        (1976, 1, 31),
        (1985, 2, 20),
        (2000, 2, 5),
        (2012, 1, 23),
        (2020, 1, 25),
        (2033, 1, 31),
    ],
)
def test_the_lunar_year_begins_with_its_first_day(new_year: tuple[int, int, int]) -> None:
    assert as_lunar_written(date(*new_year)) == (new_year[0], 1, 1)


def test_a_leap_month_has_the_number_it_repeats() -> None:
    assert as_lunar_written(date(2020, 4, 23)) == as_lunar_written(date(2020, 5, 23)) == (2020, 4, 1)


def test_outside_the_table_there_is_no_lunar_date() -> None:
    assert as_lunar_written(date(1899, 12, 31)) is None
    assert as_lunar_written(date(2060, 1, 1)) is None
