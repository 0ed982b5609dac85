"""Names for invented persons, as often as such names are; and how they are written by ear or in another form."""

import re
import tomllib
from functools import cache
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import TypedDict

MALE, FEMALE = "1", "2"
HAN = "01"
MINORITY_IN_THOUSAND = 15
LOST = ("?", "□", "*", "？")  # what systems put where they cannot keep a character
_FLATTENING = 6  # how much more frequent the first given characters are than the last


class _Surnames(TypedDict):
    common: str
    rare: str
    compound: str
    rare_in_thousand: int
    compound_in_thousand: int


class _Given(TypedDict):
    until: int
    male: str
    female: str
    one_character: int


class _People(TypedDict):
    ethnicity: str
    joined: str
    male: str
    female: str


class _Rare(TypedDict):
    characters: str
    in_thousand: int


class Names:
    """Draws names; read once from names.toml."""

    def __init__(self) -> None:
        told = tomllib.loads(Path(__file__).with_name("names.toml").read_text(encoding="utf-8"))
        self._surnames: _Surnames = told["surnames"]
        self._given: list[_Given] = told["given"]
        self._peoples: list[_People] = told["peoples"]
        self._rare: _Rare = told["rare"]
        common = re.findall(r"(\D)(\d+)", "".join(self._surnames["common"].split()))
        self._common: list[str] = [name for name, _ in common]
        self._shares = list(accumulate(int(share) for _, share in common))
        self._rare_characters = self._rare["characters"].split()
        self.homophones = _alternatives(told["spelling"]["homophones"])
        self.forms = _alternatives(told["spelling"]["forms"])

    def person(self, chance: Random, sex: str, year: int, surname: str | None = None) -> tuple[str, str]:
        """Return a name and the ethnic group (GB 3304); a child is given its father's surname."""
        if surname is None and chance.randrange(1000) < MINORITY_IN_THOUSAND:
            people = chance.choice(self._peoples)
            first = chance.choice((people["male"] if sex == MALE else people["female"]).split())
            return first + people["joined"] + chance.choice(people["male"].split()), people["ethnicity"]
        return (surname or self.surname(chance)) + self.given(chance, sex, year), HAN

    def surname(self, chance: Random) -> str:
        """Return a surname, as often as it is borne."""
        drawn = chance.randrange(1000)
        if drawn < self._surnames["compound_in_thousand"]:
            return chance.choice(self._surnames["compound"].split())
        if drawn < self._surnames["rare_in_thousand"]:
            return chance.choice(self._surnames["rare"].split())
        return chance.choices(self._common, cum_weights=self._shares)[0]

    def given(self, chance: Random, sex: str, year: int) -> str:
        """Return a given name of the time."""
        time = next(one for one in self._given if year <= one["until"])
        characters = time["male"] if sex == MALE else time["female"]
        count = 1 if chance.randrange(100) < time["one_character"] else 2
        drawn = chance.choices(characters, cum_weights=_falling(len(characters)), k=count)
        if chance.randrange(1000) < self._rare["in_thousand"]:
            drawn[-1] = chance.choice(self._rare_characters)
        return "".join(drawn)

    def is_rare(self, character: str) -> bool:
        """Tell whether systems have trouble with a character."""
        return character in self._rare_characters


@cache
def names() -> Names:
    """Return the names."""
    return Names()


@cache
def _falling(count: int) -> list[float]:
    return list(accumulate(1 / (rank + _FLATTENING) for rank in range(count)))


def _alternatives(text: str) -> dict[str, str]:
    return {one: group.replace(one, "") for group in text.split() for one in group}
