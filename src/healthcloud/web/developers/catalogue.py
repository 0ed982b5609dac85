"""
The catalogue of errors: every problem of the city, whose turn it is, and how; from the problems' own classes.

What to do comes from `how.toml` where somebody wrote it for this code, else from who must act. Each face's
own result code comes from `gateway.FACES`.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from healthcloud import gateway
from healthcloud.core.errors import OutcomeUnknown, Problem, TooMany, Unavailable
from healthcloud.core.wording import CHINESE, Words

FILE = Path(__file__).parent / "data" / "how.toml"


@dataclass(frozen=True, slots=True)
class Entry:
    """One problem as the page shows it: whether the same request may be sent again, and what to do."""

    code: str
    status: int
    sentence: str
    other: str
    who: str
    again: str
    how: str
    faces: tuple[tuple[str, str], ...]


@cache
def _written() -> dict[str, dict[str, str]]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def written_codes() -> list[str]:
    """Return the codes somebody wrote advice for."""
    return sorted(_written())


def entries(kinds: Iterable[type[Problem]], words: Words) -> list[Entry]:
    """Return every problem once, by code."""
    known = {kind.code: kind for kind in kinds}
    return [_entry(known[code], words) for code in sorted(known)]


def _entry(kind: type[Problem], words: Words) -> Entry:
    problem = kind()
    chinese = words.language == CHINESE
    one, other = (problem.zh, problem.sentence) if chinese else (problem.sentence, problem.zh)
    written = _written().get(kind.code)
    how = written["zh" if chinese else "en"] if written else words(f"developers.how.{kind.who_acts}")
    faces = tuple((face.zh if chinese else face.name, face.of(problem)) for face in gateway.FACES)
    return Entry(kind.code, kind.status, one, other, words(f"kit.acts.{kind.who_acts}"), again(kind), how, faces)


def again(kind: type[Problem]) -> str:
    """Tell whether the same request may be sent again: same, later or never."""
    if issubclass(kind, OutcomeUnknown):
        return "same"
    if issubclass(kind, Unavailable | TooMany) or kind.status == Problem.status:
        return "later"
    return "never"
