"""What changed in the interface, from `changelog.toml`: added, changed, deprecated until a date, removed."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from healthcloud.core.wording import CHINESE

FILE = Path(__file__).parent / "data" / "changelog.toml"
KINDS = ("added", "changed", "deprecated", "removed")


@dataclass(frozen=True, slots=True)
class Change:
    """One change; `ends` is the day a deprecated thing is removed at the earliest, `operation` what it is about."""

    on: date
    kind: str
    zh: str
    en: str
    operation: str = ""
    ends: date | None = None

    def said(self, language: str) -> str:
        """Return it in a language."""
        return self.zh if language == CHINESE else self.en


@cache
def changes() -> tuple[Change, ...]:
    """Return every change, the newest first."""
    told = tomllib.loads(FILE.read_text(encoding="utf-8"))["changes"]
    return tuple(sorted((Change(**one) for one in told), key=lambda one: one.on, reverse=True))


def deprecated() -> list[Change]:
    """Return what will go, the soonest first; what is removed already is no longer among it."""
    removed = {one.operation for one in changes() if one.kind == "removed"}
    going = [one for one in changes() if one.kind == "deprecated" and one.ends and one.operation not in removed]
    return sorted(going, key=lambda one: one.ends or one.on)
