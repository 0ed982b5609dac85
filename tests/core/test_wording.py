"""The catalogue: one a language, a file read when first asked for, a problem's sentences from its class."""

import pytest

from healthcloud.core.errors import Conflict, TooMany
from healthcloud.core.wording import LANGUAGES, words_in


class Clash(Conflict):
    """It clashes with {facts}."""

    code = "test-clash"
    zh = "与{facts}冲突。"


def test_a_language_that_is_none_of_ours_is_chinese() -> None:
    assert words_in("fr") == words_in("zh-CN")
    assert words_in("../en").language == "zh-CN"


def test_blanks_are_filled_and_a_key_nobody_wrote_is_a_fault() -> None:
    assert "123456" in words_in("en")("texts.sign-in", code="123456", minutes=5)
    with pytest.raises(KeyError):
        words_in("en")("texts.nothing")
    with pytest.raises(KeyError):
        words_in("en")("no-file.nothing")
    assert "texts.sign-in" in words_in("en")
    assert "texts.nothing" not in words_in("en")


def test_a_problem_speaks_by_its_class_or_by_its_code() -> None:
    assert words_in("zh-CN").problem(TooMany()) == words_in("zh-CN")("problem.too-many")
    assert words_in("en").problem(TooMany()) == TooMany().sentence
    assert words_in("en")("problem.test-clash") == "It clashes with {facts}."


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_to_a_phone_fits_what_an_aggregator_takes(language: str) -> None:
    texts = {key: text for key, text in words_in(language).texts.items() if key.startswith("texts.")}
    assert texts
    assert all(len(text) <= 400 for text in texts.values())
