"""A line of the report: one promise, measured."""

from dataclasses import dataclass
from statistics import median
from typing import Self

from bench.wrk import Load


@dataclass(frozen=True, slots=True)
class Row:
    """
    What was promised, what was found, and on what: times in milliseconds, None where they say nothing.

    `command` is what anybody can run to see it again; `checked` says what was counted against what.
    """

    name: str
    promise: str
    found: str
    kept: bool
    data: str
    command: str
    p50: float | None = None
    p95: float | None = None
    p99: float | None = None
    beside: str = ""
    checked: str = ""


@dataclass(frozen=True, slots=True)
class Middle:
    """The medians of several runs, and how far they lie apart."""

    per_second: float
    least: float
    most: float
    p50: float
    p95: float
    p99: float

    @classmethod
    def of(cls, loads: list[Load]) -> Self:
        """Take each median by itself."""
        rates = [load.answered_per_second for load in loads]
        times = [median(getattr(load, name) for load in loads) for name in ("p50", "p95", "p99")]
        return cls(median(rates), min(rates), max(rates), *times)

    def said(self, unit: str, each: float = 1) -> str:
        """Say the rate with its span, in units of which each answer brings `each`."""
        rate, least, most = (round(value * each) for value in (self.per_second, self.least, self.most))
        return f"{rate:,} {unit}/s ({least:,}–{most:,})"
