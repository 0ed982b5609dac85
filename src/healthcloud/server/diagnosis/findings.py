"""One finding: what was looked at, how it stands, and the remedy; pure."""

from dataclasses import dataclass
from enum import StrEnum

from healthcloud.core.errors import Problem


class State(StrEnum):
    """How a thing stands."""

    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """`remedy` is one thing to do; empty where nothing is to be done."""

    check: str
    state: State
    words: str
    remedy: str = ""


def good(check: str, words: str) -> Finding:
    """Say that this is as it should be."""
    return Finding(check, State.GOOD, words)


def problem_found(check: str, problem: Problem) -> Finding:
    """Say what a problem says; its sentence tells what to do."""
    what, _, remedy = problem.zh.replace("；", "：", 1).partition("：")
    return Finding(check, State.BAD, " ".join(filter(None, (what, problem.detail))), remedy or problem.sentence)
