"""Names for the demonstration's residents, by chance from data/demonstration/names.toml; pure but for reading it."""

import tomllib
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cache
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import TypeVar

import msgspec

from healthcloud.server.demonstration.plan import DEMONSTRATION

MALE = "1"
Thing = TypeVar("Thing")


class Surnames(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Frequent ones with their shares, the rest with `least_share` each."""

    common: str
    shares: tuple[int, ...]
    least_share: int
    rare: str
    compound: str
    rare_in_thousand: int
    compound_in_thousand: int


class Given(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Characters given to those born up to a year; `one_character` of a hundred have a single one."""

    until: int
    male: str
    female: str
    one_character: int


class Rare(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Characters that systems have trouble with."""

    characters: str
    in_thousand: int


class Minority(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whole names of a people, GB 3304."""

    ethnicity: str
    male: tuple[str, ...]
    female: tuple[str, ...]


class Foreign(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whole names of a country, alpha-3."""

    nationality: str
    male: tuple[str, ...]
    female: tuple[str, ...]


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    surnames: Surnames
    given: tuple[Given, ...]
    rare: Rare
    minority: tuple[Minority, ...]
    foreign: tuple[Foreign, ...]


class Chance:
    """A chance that begins with a number: the same draws every time, on every Python, at half the cost of random."""

    __slots__ = ("_bits", "_seed", "random")

    def __init__(self) -> None:
        chance = Random()  # noqa: S311 - the same every time is the point
        self._seed, self._bits, self.random = chance.seed, chance.getrandbits, chance.random

    def begin(self, number: int) -> None:
        """Begin anew."""
        self._seed(number)

    def below(self, count: int) -> int:
        """Draw one of so many numbers from 0 on."""
        bits = count.bit_length()
        drawn = self._bits(bits)
        while drawn >= count:
            drawn = self._bits(bits)
        return drawn

    def choice(self, things: Sequence[Thing]) -> Thing:
        """Draw one of these."""
        return things[self.below(len(things))]

    def at_fraction(self, things: Sequence[str]) -> str:
        """Draw one of these by a fraction, as names' characters are drawn."""
        return things[int(self.random() * len(things))]


class Names:
    """Everything a name can be made from."""

    def __init__(self, file: _File) -> None:
        common = file.surnames.common.split()
        shares = file.surnames.shares + (file.surnames.least_share,) * (len(common) - len(file.surnames.shares))
        self._common, self._steps = common, list(accumulate(shares))
        self._rare_surnames = file.surnames.rare.split()
        self._compound = file.surnames.compound.split()
        self._rare_until = file.surnames.rare_in_thousand
        self._compound_until = self._rare_until + file.surnames.compound_in_thousand
        self._given = [(one.until, one.male.split(), one.female.split(), one.one_character) for one in file.given]
        self._until = [until for until, *_ in self._given]
        self._rare_characters, self._rare_share = file.rare.characters.split(), file.rare.in_thousand
        self._minorities, self._foreigners = file.minority, file.foreign

    def han(self, chance: Chance, sex: str, year: int) -> str:
        """Return a Han name as given to those born in this year."""
        _, male, female, one_character = self._given[bisect_left(self._until, year)]
        characters = male if sex == MALE else female
        alone = chance.below(100) < one_character
        first = chance.at_fraction(characters)
        second = "" if alone else chance.at_fraction(characters)
        if chance.below(1000) < self._rare_share:
            rare = chance.choice(self._rare_characters)
            first, second = (rare, "") if alone else (first, rare)
        return self._surname(chance) + first + second

    def minority(self, chance: Chance, sex: str) -> tuple[str, str]:
        """Return a name of another people, and the people."""
        people = chance.choice(self._minorities)
        return chance.choice(people.male if sex == MALE else people.female), people.ethnicity

    def foreign(self, chance: Chance, sex: str) -> tuple[str, str]:
        """Return a foreigner's name, and the country."""
        country = chance.choice(self._foreigners)
        return chance.choice(country.male if sex == MALE else country.female), country.nationality

    def _surname(self, chance: Chance) -> str:
        drawn = chance.below(1000)
        if drawn < self._rare_until:
            return chance.choice(self._rare_surnames)
        if drawn < self._compound_until:
            return chance.choice(self._compound)
        return self._common[bisect_right(self._steps, chance.random() * self._steps[-1])]


@cache
def names(folder: Path = DEMONSTRATION) -> Names:
    """Read the file, once."""
    with (folder / "names.toml").open("rb") as toml:
        return Names(msgspec.convert(tomllib.load(toml), _File))
