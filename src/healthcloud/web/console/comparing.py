"""Values of several records beside each other: which signs of each differ from the first record's, and how; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby

SAME, DIFFERENT, MISSING = "same", "different", "missing"
# Least weights in bits of the words for them: `console-questions.weight.<name>`, with `for` or `against` before it.
_STRONG, _CLEAR, _SLIGHT = 6.0, 2.5, 0.5


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a value, and whether it differs from what it is compared with."""

    text: str
    differs: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """
    One field of the records compared.

    `sign` says how the values stand to each other (same, different, missing), `level` the same in the words of the
    matching, `weight` what that speaks for, in words; both empty where the matching did not compare them.
    """

    label: str
    values: tuple[tuple[Piece, ...], ...]
    sign: str
    level: str = ""
    weight: str = ""
    bits: str = ""


def beside(values: Sequence[str]) -> tuple[tuple[tuple[Piece, ...], ...], str]:
    """Return the values in pieces, each marked where it differs from the first that is there, and their sign."""
    said = [value for value in values if value]
    if len(said) < len(values):
        return tuple((Piece(value),) if value else () for value in values), MISSING
    if len(set(said)) == 1:
        return tuple((Piece(value),) for value in values), SAME
    first = values[0]
    other = next(value for value in values if value != first)
    return tuple(_marked(value, other if value == first else first) for value in values), DIFFERENT


def _marked(value: str, other: str) -> tuple[Piece, ...]:
    """Return a value in pieces against another; one that shares hardly anything with it is marked whole."""
    pieces = _by_place(value, other) if len(value) == len(other) else _by_parts(value, other)
    if 2 * sum(len(one.text) for one in pieces if not one.differs) < min(len(value), len(other)):
        return (Piece(value, differs=True),)
    return pieces


def _by_place(value: str, other: str) -> tuple[Piece, ...]:
    """Compare sign by sign: a wrong digit, two that changed places."""
    runs = groupby(zip(value, other, strict=True), lambda signs: signs[0] != signs[1])
    return tuple(Piece("".join(sign for sign, _ in run), differs) for differs, run in runs)


def _by_parts(value: str, other: str) -> tuple[Piece, ...]:
    """Compare what has signs more or less."""
    parts = SequenceMatcher(None, other, value, autojunk=False).get_opcodes()
    return tuple(Piece(value[start:end], tag != "equal") for tag, _, _, start, end in parts if end > start)


def strength(weight: float) -> str:
    """Return the name of a weight in bits: for-strong, for-clear, for-slight, none, against-slight, …"""
    size = abs(weight)
    if size < _SLIGHT:
        return "none"
    word = "strong" if size >= _STRONG else "clear" if size >= _CLEAR else "slight"
    return f"{'for' if weight > 0 else 'against'}-{word}"


def signed(weight: float) -> str:
    """Return a weight in bits as shown: with its sign and one decimal."""
    return f"{weight:+.1f}".replace("-", "−")
