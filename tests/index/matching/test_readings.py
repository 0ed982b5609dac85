"""Names as they sound and as they are spelled."""

import pytest
from pypinyin import Style, lazy_pinyin
from pypinyin.pinyin_dict import pinyin_dict

from healthcloud.index.matching.readings import _table, blur, fold_variants, sounds_of


def test_each_characters_reading_is_pypinyins_first_without_its_tone() -> None:
    told = {chr(code): lazy_pinyin(chr(code), style=Style.NORMAL)[0] for code in pinyin_dict}

    assert _table() == {character: reading for character, reading in told.items() if reading.isascii()}


@pytest.mark.parametrize(
    ("surname", "given", "sounds"),
    [
        ("单", "雄信", ("shan", "xiong", "xin")),
        ("仇", "英", ("qiu", "ying")),
        ("解", "珍", ("xie", "zhen")),
        ("曾", "巩", ("zeng", "gong")),
        ("查", "良", ("zha", "liang")),
        ("盖", "叫天", ("ge", "jiao", "tian")),
        ("区", "寿年", ("ou", "shou", "nian")),
        ("尉迟", "恭", ("yu", "chi", "gong")),
        ("吕", "布", ("lv", "bu")),
    ],
)
def test_a_surname_is_read_as_a_surname(surname: str, given: str, sounds: tuple[str, ...]) -> None:
    assert sounds_of(surname, given) == sounds


def test_a_reading_of_a_surname_does_not_change_given_names() -> None:
    assert sounds_of("王", "解") == ("wang", "jie")


def test_a_character_nobody_can_read_stands_for_itself() -> None:
    assert sounds_of("张", "\U000323b0") == ("zhang", "\U000323b0")


@pytest.mark.parametrize(
    ("one", "other"),
    [("张伟", "張偉"), ("李峰", "李峯"), ("王升", "王昇"), ("刘群", "劉羣"), ("陈启国", "陳啟國"), ("萧丽", "肖麗")],
)
def test_variants_and_traditional_forms_are_one_spelling(one: str, other: str) -> None:
    assert fold_variants(one) == fold_variants(other)


def test_what_only_sounds_alike_is_no_variant() -> None:
    assert fold_variants("李喆") != fold_variants("李哲")
    assert fold_variants("沈") != fold_variants("沉")


def test_folding_twice_changes_nothing() -> None:
    names = "".join(_table())

    assert fold_variants(fold_variants(names)) == fold_variants(names)


@pytest.mark.parametrize(
    ("one", "other"),
    [("zhang", "zang"), ("shi", "si"), ("nan", "lan"), ("lin", "ling"), ("chen", "cheng"), ("ren", "len")],
)
def test_what_the_region_does_not_tell_apart_is_blurred(one: str, other: str) -> None:
    assert blur(one) == blur(other)


def test_blurring_keeps_other_sounds_apart() -> None:
    assert len({blur(sound) for sound in ("wang", "wan", "hang", "han", "zhou", "zhao", "n")}) == 7
