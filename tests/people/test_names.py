"""Names: one spelling, rare characters kept, other signs refused in words, masked by the table."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthcloud.people.model import Broken, Sex
from healthcloud.people.names.model import is_provisional, mask_name, name_of_child, normalise_name, same_name

han = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)
rare = st.sampled_from("𠮷𪚥𫖯𬭊𮧵𰻞" + chr(0x31350) + chr(0x323AF))
latin = st.characters(codec="latin-1", categories=["Lu", "Ll"])


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("张三", "张三"),
        ("张 三", "张三"),
        ("张\u3000三", "张三"),
        ("\ufeff张三\u200b ", "张三"),
        ("张三\U000e0100", "张三"),
        ("阿依古丽•买买提", "阿依古丽·买买提"),
        ("阿依古丽・买买提", "阿依古丽·买买提"),
        ("阿依古丽 · 买买提", "阿依古丽·买买提"),
        ("阿依古丽.买买提", "阿依古丽·买买提"),
        ("阿依古丽．买买提", "阿依古丽·买买提"),
        ("ＪＯＨＮ　ＳＭＩＴＨ", "JOHN SMITH"),
        ("John  Smith\n", "John Smith"),
        ("Jose\u0301 Núñez", "José Núñez"),
        ("O’Brien", "O'Brien"),
        ("⼩明", "小明"),
        ("𠮷田", "𠮷田"),
        ("王〇〇", "王〇〇"),
        ("J. R. R. Tolkien", "J. R. R. Tolkien"),
        ("王" + chr(0x31350), "王" + chr(0x31350)),
        ("ᠮᠣᠩᠭᠣᠯ", "ᠮᠣᠩᠭᠣᠯ"),
    ],
)
def test_a_name_has_one_spelling(written: str, stored: str) -> None:
    assert normalise_name(written) == stored


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("", "empty"),
        (" \u3000\u200b", "empty"),
        ("张\ue000", "private use character at place 2"),
        ("张\U000f0001", "private use"),
        ("张三😀", "at place 3"),
        ("张\x00三", "at place 2"),
        ("张\u202e三", "at place 2"),
        ("张<b>", "at place 2"),
        ("=1+1", "at place 1"),
        ("张\ud800", "at place 2"),
        ("12345", "letter"),
        ("···", "letter"),
        ("张" * 101, "at most 100"),
        ("⺀三", "at place 1"),
    ],
)
def test_what_no_name_holds_is_refused_in_both_languages(written: str, told: str) -> None:
    with pytest.raises(Broken, match=told) as broken:
        normalise_name(written)
    assert broken.value.zh
    assert "张" not in broken.value.en


@given(st.text(st.one_of(han, rare), min_size=1, max_size=100))
def test_chinese_names_of_any_length_stay_as_they_are(name: str) -> None:
    assert normalise_name(name) == name


@given(st.text(min_size=0, max_size=120))
def test_normalising_twice_changes_nothing_and_never_fails_otherwise(text: str) -> None:
    try:
        once = normalise_name(text)
    except Broken:
        return
    assert normalise_name(once) == once
    assert 1 <= len(once) <= 100
    assert unicodedata.is_normalized("NFC", once)
    once.encode()


def twin_of_latin_names(name: str) -> set[str]:
    """Slow and obvious: the letters of each part, without accents, whatever the order."""
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    return set(plain.replace("-", " ").replace(",", " ").split())


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("John Smith", "SMITH JOHN", True),
        ("José Núñez", "NUNEZ, JOSE", True),
        ("Anne-Marie O'Brien", "OBRIEN ANNE MARIE", True),
        ("John Smith", "John Smyth", False),
        ("张三", "张叁", False),
        ("阿依古丽·买买提", "阿依古丽·买买提", True),
        ("张三", "三张", False),
    ],
)
def test_two_spellings_of_one_name(one: str, other: str, *, same: bool) -> None:
    assert same_name(one, other) is same


@given(st.lists(st.text(st.sampled_from("abcéñö"), min_size=1, max_size=5), min_size=1, max_size=4, unique=True))
def test_latin_names_compare_as_the_slow_twin_does(parts: list[str]) -> None:
    written, machine = " ".join(parts).title(), ", ".join(reversed(parts)).upper()
    assert same_name(written, machine) is (twin_of_latin_names(written) == twin_of_latin_names(machine))


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("张三", "张*"),
        ("张三丰", "张**"),
        ("张", "*"),
        ("欧阳小花", "欧阳**"),
        ("司马光", "司马*"),
        ("欧阳", "欧*"),
        ("𠮷田", "𠮷*"),
        ("阿依古丽·买买提", "阿***·***"),
        ("John Smith", "J*** S****"),
        ("Anne-Marie", "A***-M****"),
        ("王芳之女", "王***"),
    ],
)
def test_a_masked_name(name: str, masked: str) -> None:
    assert mask_name(name) == masked


def test_a_newborn_goes_by_its_mothers_name_and_twins_differ() -> None:
    assert name_of_child("王芳", Sex.FEMALE, 1, of_several=False) == "王芳之女"
    assert name_of_child("王芳", Sex.MALE, 2, of_several=True) == "王芳之子乙"
    assert name_of_child("王芳", Sex.UNKNOWN, 1, of_several=False) == "王芳之婴"
    assert is_provisional("王芳之子乙")
    assert not is_provisional("王之涣")
