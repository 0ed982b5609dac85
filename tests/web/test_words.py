"""Every word of every page, in both languages, and none in a template."""

import re
import string
from collections.abc import Mapping

import pytest
from jinja2 import Environment, nodes

from healthcloud.cards.verification.errors import ClockOff, CodeUnreadable
from healthcloud.core.wording import CHINESE as CHINESE_LANGUAGE
from healthcloud.core.wording import ENGLISH, FOLDER, LANGUAGES, _read, words_in
from healthcloud.server.reference import every_problem
from healthcloud.web.rendering import PAGES

CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
TEMPLATES = sorted(PAGES.list_templates())
FILES = sorted({file.stem for file in FOLDER.glob("*/*.toml")})
SAME_IN_BOTH = {"language.en", "language.zh-CN", "sandbox.face.fhir", "sandbox.journal.status"}


def texts_of(language: str, name: str) -> Mapping[str, str]:
    return _read(language, name)


def tree_of(name: str) -> nodes.Template:
    return Environment(autoescape=True).parse(source_of(name))


def source_of(name: str) -> str:
    return PAGES.loader.get_source(PAGES, name)[0] if PAGES.loader else ""


@pytest.mark.parametrize("name", FILES)
def test_both_languages_have_the_same_keys_with_the_same_blanks(name: str) -> None:
    chinese, english = (texts_of(language, name) for language in LANGUAGES)
    assert chinese.keys() == english.keys()
    told_apart = {"problem.code-unreadable"}  # each language has its own fact
    assert {key for key in chinese if blanks(chinese[key]) != blanks(english[key])} <= told_apart


def blanks(text: str) -> set[str]:
    return {blank for _, blank, _, _ in string.Formatter().parse(text) if blank}


@pytest.mark.parametrize("name", FILES)
def test_each_language_is_written_in_itself(name: str) -> None:
    def wrong(language: str, found: re.Pattern[str], *, there: bool) -> list[str]:
        bare = {key: re.sub(r"\{\w*\}", "", text) for key, text in texts_of(language, name).items()}
        spoken = {key: text for key, text in bare.items() if re.search(r"[A-Za-z]{2}|[\u4e00-\u9fff]", text)}
        return [key for key, text in spoken.items() if bool(found.search(text)) is there and key not in SAME_IN_BOTH]

    assert wrong(CHINESE_LANGUAGE, CHINESE, there=False) == []
    assert wrong(ENGLISH, CHINESE, there=True) == []


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_holds_no_words_of_its_own(name: str) -> None:
    source = source_of(name)
    assert CHINESE.search(source) is None
    bare = re.sub(r"\{[%{].*?[%}]\}|<[^>]*>|[\w-]+=\"[^\"]*\"", " ", source, flags=re.DOTALL)
    assert re.findall(r"[A-Za-z]{2,}", bare) == []


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_key_a_template_asks_for_is_there(name: str) -> None:
    known = words_in("zh-CN")
    asked = [
        call.args[0].value
        for call in tree_of(name).find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name == "words" and isinstance(call.args[0], nodes.Const)
    ]
    assert [key for key in asked if key not in known] == []


def test_every_key_is_used() -> None:
    code = "\n".join(path.read_text() for path in sorted(FOLDER.parent.rglob("*.py")))
    told = "\n".join(source_of(name) for name in TEMPLATES) + code
    begun = tuple(set(re.findall(r"\"([a-z][a-z-]*\.[a-z0-9.-]*[.-])(?=[\"{%])", told)))
    ended = tuple(set(re.findall(r"\}([.-][a-z-]+)(?=\")", told)))
    within = tuple(set(re.findall(r"\"([a-z][a-z.-]*[.-])(?=\{)", told)))
    parts = set(re.split(r"[^A-Za-z0-9_-]+", told)) | {kind.code for kind in every_problem()}

    def used(key: str) -> bool:
        return (
            f'"{key}"' in told
            or key.startswith(begun)
            or key.endswith(ended)
            or key.partition(".")[2].startswith(within)
            or set(key.split(".")[1:]) <= parts
        )

    assert [key for key in words_in("zh-CN").texts if not used(key)] == []


def test_a_problems_sentence_is_in_the_catalogue_under_its_code() -> None:
    assert words_in("zh-CN")("problem.too-many") == "操作过于频繁，请稍后再试。"
    assert words_in("en")("problem.too-many").startswith("Too many tries")
    with pytest.raises(KeyError):
        words_in("en")("problem.nothing-like-that")


def test_a_problem_that_speaks_of_a_fact_is_told_with_the_fact() -> None:
    assert "5 分钟" in words_in("zh-CN").problem(ClockOff(minutes=5, direction="behind"))
    assert "5 minutes" in words_in("en").problem(ClockOff(minutes=5, direction="behind"))
    unreadable = CodeUnreadable("Nothing was scanned.", reason="empty", reason_zh="没有扫到内容。")
    assert words_in("zh-CN").problem(unreadable).endswith("没有扫到内容。")
    assert words_in("en").problem(unreadable).endswith("Nothing was scanned.")


def test_an_unknown_language_is_chinese() -> None:
    assert words_in("fr").language == "zh-CN"
