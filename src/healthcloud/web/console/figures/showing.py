"""What the figures' pages show: numbers, rates, bars and labels, from what was counted; no text of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from healthcloud import figures
from healthcloud.core.clock import SHANGHAI
from healthcloud.core.db import Read
from healthcloud.web.console.institutions.labels import districts_of, scenes_of
from healthcloud.web.wording import CHINESE, Words

WIDTH, HEIGHT = 720, 160  # of the plot, in the SVG's own units
_MANY_LABELS = 8


class Tile(NamedTuple):
    """A figure as a tile: where its page is, its name, its value, and what it is of."""

    href: str
    name: str
    value: str
    note: str


class Bar(NamedTuple):
    """A bar of the chart, with its name and, where there is room, a label beneath it."""

    x: float
    y: float
    width: float
    height: float
    name: str
    label: str
    value: int


@dataclass(frozen=True, slots=True)
class Share:
    """A named count with its share of the greatest, in hundredths."""

    name: str
    count: int
    share: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Labels:
    """What codes are called."""

    words: Words
    scenes: Mapping[str, str]
    districts: Mapping[str, str]

    def key(self, figure: figures.Figure, key: str) -> str:
        """Return what a figure's key is called; the key itself where nobody named it."""
        if figure is figures.Figure.USES:
            return self.scenes.get(key, key)
        if figure is figures.Figure.REFUSALS:
            return self.refusal(key)
        name = f"level.{key}" if figure is figures.Figure.LEVEL else f"figures.key.{figure}.{key}"
        return self.words(name) if name in self.words else key

    def refusal(self, code: str) -> str:
        """Return a problem's sentence by its code."""
        own = f"figures.key.refusals.{code}"
        return self.words(own) if own in self.words else code

    def told(self, told: figures.Told) -> str:
        """Return a definition's words in the page's language."""
        return told.zh if self.words.language == CHINESE else told.en


async def labels_of(read: Read, words: Words) -> Labels:
    """Return what codes are called in this language."""
    return Labels(words, dict(await scenes_of(read, words)), dict(await districts_of(read, words)))


def number(value: int) -> str:
    """Write a count as people read it: 1,234."""
    return f"{value:,}"


def tile(labels: Labels, reading: figures.Reading) -> Tile:
    """Return a figure as a tile."""
    definition, words = reading.definition, labels.words
    name, href = labels.told(definition.name), f"/console/figures/{definition.code}"
    span = words(f"figures.span.{definition.span}")
    if definition.denominator is None:
        return Tile(href, name, number(reading.value), f"{labels.told(definition.unit)} · {span}")
    of = words("figures.of", value=number(reading.value), base=number(reading.base or 0))
    return Tile(href, name, rate(words, reading), f"{of} · {span}")


def rate(words: Words, reading: figures.Reading) -> str:
    """Write a rate; where there is no denominator it says that it cannot be computed."""
    return words("figures.not-computable") if reading.percent is None else f"{reading.percent}%"


def bars(values: Sequence[int], names: Sequence[str], labels: Sequence[str]) -> list[Bar]:
    """Return the bars of a chart, each with its name; of many labels only some are shown."""
    most, step = max([*values, 1]), WIDTH / max(len(values), 1)
    seldom = (len(values) - 1) // _MANY_LABELS + 1
    return [
        Bar(
            round(place * step + step * 0.15, 1),
            round(HEIGHT - HEIGHT * value / most, 1),
            round(step * 0.7, 1),
            round(HEIGHT * value / most, 1),
            name,
            label if place % seldom == 0 else "",
            value,
        )
        for place, (value, name, label) in enumerate(zip(values, names, labels, strict=True))
    ]


def summary_of_days(words: Words, counts: Sequence[int]) -> str:
    """Say a week's uses in one sentence."""
    total = sum(counts)
    return words("figures.days.summary", total=number(total), average=number(round(total / max(len(counts), 1))))


def shares(named: Sequence[tuple[str, int, str]]) -> list[Share]:
    """Return named counts with their share of the greatest."""
    most = max([count for _, count, _ in named] + [1])
    return [Share(name, count, round(100 * count / most), note) for name, count, note in named]


def summary_of_hours(words: Words, hours: Sequence[int]) -> str:
    """Say the day's uses in one sentence."""
    total = sum(hours)
    if not total:
        return words("figures.hours.none")
    most = max(range(len(hours)), key=lambda hour: hours[hour])
    return words("figures.hours.summary", total=number(total), hour=most, most=number(hours[most]))


def clock(instant: datetime) -> str:
    """Write the time of day in Shanghai: 10:42."""
    return f"{instant.astimezone(SHANGHAI):%H:%M}"
