"""
Sequence diagrams, made from data (diagrams.toml): who takes part, and who tells whom what.

They are drawn as SVG by the template; `steps` says the same in words for who does not see it.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from healthcloud.core.wording import CHINESE

FILE = Path(__file__).parent / "data" / "diagrams.toml"
LANE, MARGIN, HEAD, STEP = 230, 70, 52, 56


@dataclass(frozen=True, slots=True)
class Message:
    """One arrow; `answer` is drawn dashed. x1, x2 and y are where it stands; `own` is told by somebody to themself."""

    number: int
    sender: str
    receiver: str
    text: str
    answer: bool
    x1: int
    x2: int
    y: int

    @property
    def own(self) -> bool:
        """Whether it stays with who tells it."""
        return self.x1 == self.x2

    @property
    def middle(self) -> int:
        """Where its text stands."""
        return (self.x1 + self.x2) // 2

    @property
    def tip(self) -> int:
        """How far the arrow's head reaches back, in its direction."""
        return 8 if self.x1 > self.x2 else -8


@dataclass(frozen=True, slots=True)
class Diagram:
    """A scene: its parties from left to right with their x, and its messages from top to bottom."""

    name: str
    title: str
    parties: tuple[tuple[str, int], ...]
    messages: tuple[Message, ...]

    @property
    def width(self) -> int:
        """How wide it is drawn."""
        last = self.parties[-1][1]
        beside = any(step.own and step.x1 == last for step in self.messages)
        return last + MARGIN + (LANE if beside else 20)

    @property
    def height(self) -> int:
        """How high it is drawn."""
        return HEAD + STEP * (len(self.messages) + 1) - 20


@cache
def diagram(language: str, name: str) -> Diagram:
    """Return a diagram in a language; raise KeyError where there is none of this name."""
    told = _read()[name]
    say = "zh" if language == CHINESE else "en"
    place = {key: MARGIN + 10 + LANE * number for number, key in enumerate(told["parties"])}
    names = {key: _parties()[key][say] for key in told["parties"]}
    messages = []
    for number, step in enumerate(told["steps"], 1):
        sender, receiver = step["from"], step["to"]
        y = HEAD + STEP * number - 8
        text, answer = step[say], step.get("answer", False)
        at = place[sender], place[receiver]
        messages.append(Message(number, names[sender], names[receiver], text, answer, *at, y))
    return Diagram(name, told[say], tuple((names[key], place[key]) for key in place), tuple(messages))


def names() -> list[str]:
    """Return the names of all diagrams."""
    return sorted(_read())


@cache
def _file() -> dict[str, dict[str, dict[str, Any]]]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def _read() -> dict[str, dict[str, Any]]:
    return _file()["scenes"]


def _parties() -> dict[str, dict[str, Any]]:
    return _file()["parties"]
