"""Every rule, field and level of an explanation has words in both languages."""

import pytest

from healthcloud.core.wording import LANGUAGES, _read
from healthcloud.index.matching.compare import LEVELS
from healthcloud.index.matching.decide import RULES


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rule_field_and_level_has_words_and_no_word_is_left_over(language: str) -> None:
    words = _read(language, "index")
    spoken = {f"index.rule.{rule}" for rule in RULES} | {f"index.field.{field}" for field in LEVELS}
    spoken |= {f"index.level.{field}.{level}" for field, levels in LEVELS.items() for level in levels}

    assert [key for key in spoken if key not in words] == []
    written = {key for key in words if key.startswith(("index.rule.", "index.field.", "index.level."))}
    assert written == spoken
