"""
Every word people read, one catalogue a language: words/<language>/<file>.toml; pages, texts to phones and problems.

A file's name is the first part of its keys: `title` in card.toml is `card.title`. A problem's sentences are those of
its class, under `problem.<code>`; problem.toml has the ones that speak of a fact.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from healthcloud.core.errors import Problem

FOLDER = Path(__file__).parents[1] / "words"
CHINESE, ENGLISH = "zh-CN", "en"
LANGUAGES = (CHINESE, ENGLISH)
_PROBLEM = "problem."


@dataclass(frozen=True, slots=True)
class Words:
    """One language's words by key, `file.what`; `{name}` in them is filled in. A file is read when first asked for."""

    language: str

    def __call__(self, key: str, **values: object) -> str:
        """Return the words of a key; a key nobody wrote is a fault of whoever asks: KeyError."""
        text = self._find(key)
        if text is None:
            text = self._of_class(key)
        return text.format(**values) if values else text

    def __contains__(self, key: str) -> bool:
        """Whether somebody wrote this key; for words by a code that may be new."""
        return self._find(key) is not None

    @property
    def texts(self) -> Mapping[str, str]:
        """Every key with its words."""
        return _read_all(self.language)

    def _find(self, key: str) -> str | None:
        return _read(self.language, key.partition(".")[0]).get(key)

    def problem(self, problem: Problem) -> str:
        """Return a problem's sentence; words of this catalogue where the sentence speaks of a fact by its name."""
        own = self._find(f"{_PROBLEM}{problem.code}")
        if own is not None:
            return own.format_map(_Facts(problem.facts | {"detail": problem.detail or ""}))
        return self._sentence(problem)

    def faults(self, problem: Problem) -> list[str]:
        """Return what is wrong with single fields."""
        return [fault.zh if self.language == CHINESE else fault.en for fault in problem.faults]

    def _of_class(self, key: str) -> str:
        if not key.startswith(_PROBLEM):
            raise KeyError(key)
        return self._sentence(kind_of(key.removeprefix(_PROBLEM))())

    def _sentence(self, problem: Problem) -> str:
        return problem.zh if self.language == CHINESE else problem.sentence


class _Facts(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "–"


def kind_of(code: str) -> type[Problem]:
    """Return the problem with this code among those of imported features; raise KeyError."""
    waiting: list[type[Problem]] = [Problem]
    while waiting:
        kind = waiting.pop()
        if kind.code == code and "code" in vars(kind):
            return kind
        waiting += kind.__subclasses__()
    raise KeyError(code)


def words_in(language: str) -> Words:
    """Return the words of a language, Chinese where it is none of ours."""
    return Words(language if language in LANGUAGES else CHINESE)


@cache
def _read(language: str, stem: str) -> Mapping[str, str]:
    file = FOLDER / language / f"{stem}.toml"
    return dict(_flat(f"{stem}.", tomllib.loads(file.read_text(encoding="utf-8")))) if file.is_file() else {}


@cache
def _read_all(language: str) -> Mapping[str, str]:
    stems = sorted(file.stem for file in (FOLDER / language).glob("*.toml"))
    return {key: text for stem in stems for key, text in _read(language, stem).items()}


def _flat(prefix: str, table: Mapping[str, Any]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for key, value in table.items():
        found += _flat(f"{prefix}{key}.", value) if isinstance(value, dict) else [(f"{prefix}{key}", value)]
    return found
