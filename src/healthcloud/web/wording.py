"""
The words of every page, by language: words/<language>/<file>.toml; templates hold none of their own.

A file's name is the first part of its keys: `title` in card.toml is `card.title`.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from healthcloud.core.errors import Problem

FOLDER = Path(__file__).parent / "words"
CHINESE, ENGLISH = "zh-CN", "en"
LANGUAGES = (CHINESE, ENGLISH)


@dataclass(frozen=True, slots=True)
class Words:
    """One language's words by key, `file.what`; `{name}` in them is filled in."""

    language: str
    texts: Mapping[str, str]

    def __call__(self, key: str, **values: object) -> str:
        """Return the words of a key; a key nobody wrote is a fault of the page."""
        return self.texts[key].format(**values) if values else self.texts[key]

    def problem(self, problem: Problem) -> str:
        """Return a problem's sentence; words of this catalogue where the sentence speaks of a fact by its name."""
        own = self.texts.get(f"problem.{problem.code}")
        if own is not None:
            return own.format_map(_Facts(problem.facts | {"detail": problem.detail or ""}))
        return problem.zh if self.language == CHINESE else problem.sentence

    def faults(self, problem: Problem) -> list[str]:
        """Return what is wrong with single fields."""
        return [fault.zh if self.language == CHINESE else fault.en for fault in problem.faults]


class _Facts(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "–"


@cache
def words_in(language: str) -> Words:
    """Return the words of a language, Chinese where it is none of ours."""
    known = language if language in LANGUAGES else CHINESE
    texts: dict[str, str] = {}
    for file in sorted((FOLDER / known).glob("*.toml")):
        texts.update(_flat(f"{file.stem}.", tomllib.loads(file.read_text())))
    return Words(known, texts)


def _flat(prefix: str, table: Mapping[str, Any]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for key, value in table.items():
        found += _flat(f"{prefix}{key}.", value) if isinstance(value, dict) else [(f"{prefix}{key}", value)]
    return found
