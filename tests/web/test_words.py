"""Every word of every page, in both languages, and none in a template."""

import re
import string

import pytest
from jinja2 import Environment, nodes

from healthcloud.cards.verification.errors import ClockOff, CodeUnreadable
from healthcloud.web.page import _PAGES
from healthcloud.web.wording import LANGUAGES, words_in

CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
TEMPLATES = sorted(_PAGES.list_templates())


def test_both_languages_have_the_same_keys_with_the_same_blanks() -> None:
    chinese, english = (words_in(language).texts for language in LANGUAGES)
    assert chinese.keys() == english.keys()
    told_apart = {"problem.code-unreadable"}  # each language has its own fact

    def blanks(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    assert {key for key in chinese if blanks(chinese[key]) != blanks(english[key])} == told_apart


def test_chinese_words_are_chinese() -> None:
    assert [key for key, text in words_in("zh-CN").texts.items() if not CHINESE.search(text)] == ["language.en"]


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_holds_no_words_of_its_own(name: str) -> None:
    source = _PAGES.loader.get_source(_PAGES, name)[0] if _PAGES.loader else ""
    assert CHINESE.search(source) is None
    bare = re.sub(r"\{[%{].*?[%}]\}|<[^>]*>|[\w-]+=\"[^\"]*\"", " ", source, flags=re.DOTALL)
    assert re.findall(r"[A-Za-z]{2,}", bare) == []


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_key_a_template_asks_for_is_there(name: str) -> None:
    source = _PAGES.loader.get_source(_PAGES, name)[0] if _PAGES.loader else ""
    known = words_in("zh-CN").texts
    asked = [
        call.args[0].value
        for call in Environment(autoescape=True).parse(source).find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name == "words" and isinstance(call.args[0], nodes.Const)
    ]
    assert [key for key in asked if key not in known] == []


def test_a_problem_that_speaks_of_a_fact_is_told_with_the_fact() -> None:
    assert "5 分钟" in words_in("zh-CN").problem(ClockOff(minutes=5, direction="behind"))
    assert "5 minutes" in words_in("en").problem(ClockOff(minutes=5, direction="behind"))
    unreadable = CodeUnreadable("Nothing was scanned.", reason="empty", reason_zh="没有扫到内容。")
    assert words_in("zh-CN").problem(unreadable).endswith("没有扫到内容。")
    assert words_in("en").problem(unreadable).endswith("Nothing was scanned.")


def test_an_unknown_language_is_chinese() -> None:
    assert words_in("fr").language == "zh-CN"
