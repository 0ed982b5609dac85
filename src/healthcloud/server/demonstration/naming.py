"""Names for the demonstration's residents, by chance from data/demonstration/names.toml; pure but for reading it."""

import tomllib
from bisect import bisect_left
from functools import cache
from itertools import accumulate
from pathlib import Path
from random import Random

import msgspec

from healthcloud.server.demonstration.plan import DEMONSTRATION

MALE = "1"


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

    def han(self, chance: Random, sex: str, year: int) -> str:
        """Return a Han name as given to those born in this year."""
        _, male, female, one_character = self._given[bisect_left(self._until, year)]
        characters = male if sex == MALE else female
        count = 1 if chance.randrange(100) < one_character else 2
        given = chance.choices(characters, k=count)
        if chance.randrange(1000) < self._rare_share:
            given[-1] = chance.choice(self._rare_characters)
        return self._surname(chance) + "".join(given)

    def minority(self, chance: Random, sex: str) -> tuple[str, str]:
        """Return a name of another people, and the people."""
        people = chance.choice(self._minorities)
        return chance.choice(people.male if sex == MALE else people.female), people.ethnicity

    def foreign(self, chance: Random, sex: str) -> tuple[str, str]:
        """Return a foreigner's name, and the country."""
        country = chance.choice(self._foreigners)
        return chance.choice(country.male if sex == MALE else country.female), country.nationality

    def _surname(self, chance: Random) -> str:
        drawn = chance.randrange(1000)
        if drawn < self._rare_until:
            return chance.choice(self._rare_surnames)
        if drawn < self._compound_until:
            return chance.choice(self._compound)
        return chance.choices(self._common, cum_weights=self._steps)[0]


@cache
def names(folder: Path = DEMONSTRATION) -> Names:
    """Read the file, once."""
    with (folder / "names.toml").open("rb") as toml:
        return Names(msgspec.convert(tomllib.load(toml), _File))
