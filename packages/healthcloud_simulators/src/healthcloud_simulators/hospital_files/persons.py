"""
A town of invented persons in households: parents, children and the old, twins, and strangers easily taken for another.

Everybody follows from a seed. Who is already known (residents of the demonstration city) lives there as told.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from random import Random

from healthcloud_simulators.hospital_files.names import FEMALE, HAN, MALE, names
from healthcloud_simulators.hospital_files.numbers import DIVISIONS, PHONE_PREFIX, near_number, number_of
from healthcloud_simulators.hospital_files.places import Home, home

TODAY = date(2025, 9, 30)
_ADULT = 18
_OLD = 70


class Likeness(StrEnum):
    """Why two persons are easily taken for one."""

    TWINS = "twins"
    NAMESAKES = "namesakes"  # of one birthday
    NEAR_NUMBERS = "near-numbers"  # valid ones, one digit apart but for the check


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody a register already has; ethnicity by GB 3304."""

    name: str
    sex: str
    birth_date: date
    number: str
    phone: str | None = None
    ethnicity: str = HAN


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who does not exist; `key` is who it is. `relatives` are keys of the household, the mother first."""

    key: int
    name: str
    sex: str  # GB/T 2261.1
    birth_date: date
    number: str
    phone: str
    home: Home
    ethnicity: str = HAN
    former_phone: str = ""
    former_home: Home | None = None
    relatives: tuple[int, ...] = ()

    @property
    def age(self) -> int:
        """Return the age in whole years, about."""
        return (TODAY - self.birth_date).days * 400 // 146097


@dataclass(frozen=True, slots=True)
class Town:
    """Persons in the order of their keys, and pairs of keys that are not one person though they look it."""

    persons: tuple[Person, ...]
    alike: tuple[tuple[Likeness, int, int], ...]


def town(seed: int, count: int, known: Iterable[Known] = ()) -> Town:
    """Return `count` persons, the known among them first."""
    builder = _Builder(seed)
    for one in known:
        if len(builder.persons) < count:
            builder.add_known(one)
    while len(builder.persons) < count:
        drawn = builder.chance.random()
        if drawn < 0.004 and builder.persons:  # noqa: PLR2004 - households in a thousand
            builder.add_namesake()
        elif drawn < 0.010 and builder.persons:  # noqa: PLR2004 - the same
            builder.add_near_number()
        else:
            builder.add_household()
    # Who came last may have left relatives behind.
    persons = tuple(
        replace(person, relatives=tuple(key for key in person.relatives if key < count))
        for person in builder.persons[:count]
    )
    return Town(persons, tuple(pair for pair in builder.alike if max(pair[1:]) < count))


class _Builder:
    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)  # noqa: S311 - the same every time is the point
        self.names = names()
        self.persons: list[Person] = []
        self.alike: list[tuple[Likeness, int, int]] = []
        self._numbers: set[str] = set()
        self._phones = 0

    def add_known(self, one: Known) -> None:
        """Add a resident of the city, who lives alone."""
        self._numbers.add(one.number)
        place = home(self.chance)
        self._put(one.name, one.sex, one.birth_date, one.number, one.phone or self._phone(), place, one.ethnicity)

    def add_household(self) -> None:
        """Add a couple or a single, children, perhaps a parent of theirs."""
        chance = self.chance
        place, age = home(chance), chance.choices((24, 32, 40, 50, 60, 72, 84), weights=(10, 18, 18, 18, 14, 12, 6))[0]
        first = len(self.persons)
        born = self._birth(age, 6)
        father_surname = None
        paired = chance.random() < 0.7  # noqa: PLR2004 - seven of ten
        if paired or chance.random() < 0.5:  # noqa: PLR2004 - half of the singles
            father_surname = self._adult(MALE, born, place)
        if paired or father_surname is None:
            self._adult(FEMALE, self._birth(max(20, age - chance.randrange(-2, 6)), 1), place)
        if paired and age < 58:  # noqa: PLR2004 - their children have homes of their own then
            self._children(father_surname, age, place)
            if chance.random() < 0.15:  # noqa: PLR2004 - three generations
                self._adult(chance.choice((MALE, FEMALE)), self._birth(age + chance.randrange(22, 32), 2), place)
        self._relate(first)

    def add_namesake(self) -> None:
        """Add somebody of the same name, sex and birthday as another, and nothing besides."""
        other = self.chance.choice(self.persons)
        number = self._number(other.birth_date, other.sex)
        self._put(other.name, other.sex, other.birth_date, number, self._phone(), home(self.chance), other.ethnicity)
        self.alike.append((Likeness.NAMESAKES, other.key, self.persons[-1].key))

    def add_near_number(self) -> None:
        """Add somebody whose valid number is one digit away from another's, at times of the same surname."""
        other = self.chance.choice(self.persons)
        number = near_number(self.chance, other.number)
        if number in self._numbers:
            return
        self._numbers.add(number)
        surname = other.name[0] if self.chance.random() < 0.3 else None  # noqa: PLR2004 - three of ten
        name, group = self.names.person(self.chance, other.sex, other.birth_date.year, surname)
        self._put(name, other.sex, other.birth_date, number, self._phone(), home(self.chance), group)
        self.alike.append((Likeness.NEAR_NUMBERS, other.key, self.persons[-1].key))

    def _children(self, surname: str | None, age: int, place: Home) -> None:
        chance = self.chance
        for _ in range(chance.choices((0, 1, 2, 3), weights=(15, 45, 33, 7))[0]):
            born = self._birth(max(0, age - chance.randrange(22, 38)), 1)
            twins = chance.random() < 0.03  # noqa: PLR2004 - more than there are, to meet some
            sexes = [chance.choice((MALE, FEMALE))] * 2 if chance.random() < 0.6 else [MALE, FEMALE]  # noqa: PLR2004 - identical ones
            number = self._number(born, sexes[0])
            self._child(sexes[0], born, surname, number, place)
            if twins:
                elder = self.persons[-1]
                self._child(sexes[1], born, surname, self._next(elder.number, sexes[1]), place, twin=elder)
                self.alike.append((Likeness.TWINS, elder.key, self.persons[-1].key))

    def _adult(self, sex: str, born: date, place: Home) -> str | None:
        name, group = self.names.person(self.chance, sex, born.year)
        self._put(name, sex, born, self._number(born, sex), self._phone(), place, group)
        return (name[:2] if len(name) > 3 else name[0]) if group == HAN else None  # noqa: PLR2004 - a compound surname

    def _child(
        self, sex: str, born: date, surname: str | None, number: str, place: Home, twin: Person | None = None
    ) -> None:
        name, group = self.names.person(self.chance, sex, born.year, surname)
        if twin and surname and len(twin.name) == len(surname) + 2 and self.chance.random() < 0.7:  # noqa: PLR2004 - of one generation's name
            name = twin.name[:-1] + self.names.given(self.chance, sex, born.year)[-1]
        if twin and name == twin.name:
            name = name[:-1] + ("二" if name[-1] != "二" else "三")
        self._put(name, sex, born, number, self._phone(), place, group)

    def _put(self, name: str, sex: str, born: date, number: str, phone: str, place: Home, ethnicity: str) -> None:
        chance = self.chance
        former_phone = self._phone() if chance.random() < 0.35 else ""  # noqa: PLR2004 - of a hundred
        former_home = home(chance) if chance.random() < 0.25 else None  # noqa: PLR2004 - the same
        key = len(self.persons)
        self.persons.append(Person(key, name, sex, born, number, phone, place, ethnicity, former_phone, former_home))

    def _relate(self, first: int) -> None:
        """Tell the household who belongs to it: children have a parent's phone, the very old their child's."""
        ours = self.persons[first:]
        grown = [one for one in ours if one.age >= _ADULT]
        heads = sorted(grown, key=lambda one: (one.age >= _OLD, one.sex != FEMALE, one.key))
        for place, one in enumerate(ours, first):
            others = tuple(head.key for head in heads if head.key != one.key)
            leans = one.age < _ADULT or (one.age >= _OLD and len(grown) > 1 and self.chance.random() < 0.5)  # noqa: PLR2004 - half
            phone = self.persons[others[0]].phone if leans and others else one.phone
            self.persons[place] = replace(one, phone=phone, relatives=others)

    def _birth(self, age: int, spread: int) -> date:
        years = max(0, age + self.chance.randrange(-spread, spread + 1))
        return TODAY - timedelta(days=years * 365 + self.chance.randrange(30, 395))

    def _number(self, born: date, sex: str) -> str:
        while True:
            sequence = 2 * self.chance.randrange(1, 400) + (sex == MALE)
            number = number_of(self.chance.choice(DIVISIONS), born, sequence)
            if number not in self._numbers:
                self._numbers.add(number)
                return number

    def _next(self, number: str, sex: str) -> str:
        """Return the number after another's, of this sex: twins are registered one after the other."""
        sequence = int(number[14:17]) + 1
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
        while True:
            if sequence % 2 == (sex == MALE):
                found = number_of(number[:6], born, sequence)
                if found not in self._numbers:
                    self._numbers.add(found)
                    return found
            sequence += 1

    def _phone(self) -> str:
        self._phones += 1
        return f"{PHONE_PREFIX}{self._phones * 7_368_787 % 100_000_000:08d}"
