"""A case, what it expects, and what came of it; pure."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from healthcloud.conformance.seen import OWN, Seen


class Verdict(StrEnum):
    """What came of a case; `not-run` is no pass."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_RUN = "not-run"


class Who(StrEnum):
    """Whose turn it is."""

    HOSPITAL = "hospital"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Words:
    """A sentence in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Expectation:
    """What was to be seen, whether it was, and by which calls of the journal (their ids)."""

    zh: str
    en: str
    met: bool
    evidence: tuple[str, ...] = ()


class NotRun(Exception):
    """A case cannot be tried; not the same as failing it."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.why = Words(zh, en)


@dataclass(frozen=True, slots=True)
class Acted:
    """What the hospital said of an act, good for numbers it gave only, and what the city saw meanwhile."""

    told: dict[str, Any]
    seen: list[Seen]

    def of(self, deed: str) -> list[Seen]:
        """Return what was done of this kind."""
        return [one for one in self.seen if one.deed == deed]

    def done(self, deed: str, **facts: str) -> list[Seen]:
        """Return what was done of this kind, taken by the city, with these facts."""
        return [one for one in self.of(deed) if one.ok and all(one.facts.get(k) == v for k, v in facts.items())]


Play = Callable[[Any], Awaitable[Sequence[Expectation]]]


@dataclass(frozen=True, slots=True)
class Case:
    """One case: its sentence, how it is played, on which faces there is such a thing, which cases must pass first."""

    id: str
    chapter: str
    zh: str
    en: str
    play: Play = field(repr=False)
    faces: tuple[str, ...] = (OWN, "family-c")
    needs: tuple[str, ...] = ("trust.nonce",)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a case."""

    case: Case
    verdict: Verdict
    why: Words
    who: Who
    expectations: tuple[Expectation, ...] = ()
    applies: bool = True


def expect(zh: str, en: str, found: Sequence[Seen]) -> Expectation:
    """Return an expectation that is met by whatever was found."""
    return Expectation(zh, en, bool(found), evidence(found))


def expect_none(zh: str, en: str, found: Sequence[Seen]) -> Expectation:
    """Return an expectation that whatever was found breaks."""
    return Expectation(zh, en, not found, evidence(found))


def evidence(found: Sequence[Seen]) -> tuple[str, ...]:
    """Return the calls these were seen in, each once."""
    return tuple(dict.fromkeys(one.call for one in found))
