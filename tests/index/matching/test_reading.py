"""From what a source wrote to a content, leniently; and who is certain enough for a card."""

from datetime import date

import pytest

from healthcloud.core.errors import Unacceptable
from healthcloud.index.matching import Content, Written, certain, features_of, read_content

TODAY = date(2026, 1, 1)
NUMBER = "370402190001010015"


def read(**fields: str) -> Content:
    return read_content(Written(**{"name": "张伟", **fields}), TODAY)


def test_spaces_width_and_prefixes_are_tidied() -> None:
    content = read(
        name=" 张　伟 ",
        sex="男",
        birth_date="1985年3月12日",
        number="３７０４０２１９０００１０１００１５",
        phone="+86 139-0632-0001",
    )

    assert content == Content("张伟", "1", date(1985, 3, 12), "01", NUMBER, "13906320001")


def test_fifteen_digits_become_eighteen() -> None:
    assert read(number="370402850312001").number == "370402198503120018"


@pytest.mark.parametrize(
    "text", ["1985-03-12", "19850312", "1985/3/12", "1985.03.12", "1985-03-12 00:00:00", "１９８５年3月12日"]
)
def test_a_birth_date_is_read_in_the_forms_hospitals_write(text: str) -> None:
    assert read(birth_date=text).birth_date == date(1985, 3, 12)


def test_a_date_that_does_not_exist_is_kept_as_written() -> None:
    content = read(birth_date="1985-02-30")

    assert (content.birth_date, content.birth_written) == (None, "1985-02-30")


def test_a_wrong_number_is_kept_as_evidence() -> None:
    content = read(number="370402190001010016")

    assert content.number == "370402190001010016"
    assert features_of(content).key is None


@pytest.mark.parametrize("filler", ["", "无", "不详", "-", "NULL"])
def test_words_for_nothing_are_nothing(filler: str) -> None:
    assert read(number=filler, phone=filler, address=filler) == Content("张伟")


@pytest.mark.parametrize("filler", ["00000000000", "13800000000", "12345678", "1"])
def test_a_phone_typed_to_fill_the_field_finds_nobody(filler: str) -> None:
    assert features_of(read(phone=filler)).phone == ""


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"name": ""}, "#/name"),
        ({"name": "12345"}, "#/name"),
        ({"name": "张" * 101}, "#/name"),
        ({"sex": "甲"}, "#/sex"),
        ({"birth_date": "去年"}, "#/birth_date"),
        ({"document_kind": "55"}, "#/document_kind"),
        ({"number": "3" * 1_000_000}, "#/number"),
        ({"address": "路" * 1_000_000}, "#/address"),
    ],
)
def test_what_cannot_be_read_is_told_by_field_and_never_repeated(fields: dict[str, str], pointer: str) -> None:
    with pytest.raises(Unacceptable) as refused:
        read(**fields)

    (fault,) = refused.value.faults
    assert fault.pointer == pointer
    assert all(value not in fault.en + fault.zh for value in fields.values() if value)


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(Unacceptable) as refused:
        read(sex="甲", birth_date="去年")

    assert [fault.pointer for fault in refused.value.faults] == ["#/birth_date", "#/sex"]


def test_a_name_with_a_character_lost_on_the_way_is_kept() -> None:
    assert read(name="张□伟").name == "张□伟"
    assert not certain(read(name="张□伟", number=NUMBER))


@pytest.mark.parametrize(
    ("fields", "is_certain"),
    [
        ({"number": NUMBER}, True),
        ({"number": NUMBER, "sex": "1", "birth_date": "19000101"}, True),
        ({"number": NUMBER, "sex": "2"}, False),
        ({"number": NUMBER, "birth_date": "19000102"}, False),
        ({"number": NUMBER, "birth_date": "19000230"}, False),
        ({"number": "370402190001010016"}, False),
        ({}, False),
        ({"number": NUMBER, "name": "张芳之女"}, False),
        ({"document_kind": "03", "number": "E12345678"}, False),
        ({"document_kind": "03", "number": "E12345678", "issuer": "CHN", "sex": "1", "birth_date": "19000101"}, True),
    ],
)
def test_only_a_sound_name_with_a_number_that_agrees_is_certain(fields: dict[str, str], is_certain: bool) -> None:  # noqa: FBT001 - a parameter of pytest
    assert certain(read(**fields)) is is_certain
