"""
How a hospital writes a person down: what it leaves out, mistakes, and takes from somebody else.

Each row says what befell it (`marks`), so that what matching misses can be counted by kind.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from healthcloud_simulators.hospital_files.lunar import lunar_written
from healthcloud_simulators.hospital_files.names import LOST, names
from healthcloud_simulators.hospital_files.numbers import (
    full_width,
    mistyped,
    mistyped_and_valid,
    mistyped_phone,
    short,
)
from healthcloud_simulators.hospital_files.persons import Person
from healthcloud_simulators.hospital_files.places import written

_Become = Callable[[], str]
_CHILD, _OLD = 14, 60
_LONGEST_SHORT = 1999  # the last year of birth with a number of fifteen digits


@dataclass(frozen=True, slots=True)
class Hand:
    """How often, of a row, something befalls it; the first that is drawn of each field."""

    number_missing: float = 0.06
    number_short: float = 0.012  # of those old enough
    number_mistyped: float = 0.012
    number_mistyped_valid: float = 0.0012
    number_relative: float = 0.006
    number_wide: float = 0.006
    name_sound: float = 0.008
    name_form: float = 0.006
    name_lost: float = 0.4  # of names with a character systems have trouble with
    name_mistyped: float = 0.003
    birth_first_of_january: float = 0.04  # of the old
    birth_lunar: float = 0.04  # of the old
    birth_mistyped: float = 0.006
    birth_missing: float = 0.01
    sex_wrong: float = 0.003
    sex_missing: float = 0.01
    phone_missing: float = 0.08
    phone_former: float = 0.5  # of those who had another
    phone_relative: float = 0.06
    phone_mistyped: float = 0.008
    address_missing: float = 0.1
    address_former: float = 0.4  # of those who moved
    child_number_missing: float = 0.2
    dates: str = "%Y-%m-%d"
    male: str = "男"
    female: str = "女"


COUNTER = Hand()  # a reader for identity cards at each counter
OLD_SYSTEM = Hand(
    number_missing=0.12,
    number_short=0.03,
    number_mistyped=0.02,
    number_relative=0.01,
    name_sound=0.014,
    name_lost=0.7,
    phone_missing=0.15,
    address_missing=0.15,
    dates="%Y%m%d",
    male="1",
    female="2",
)


@dataclass(slots=True)
class Writing:
    """What is written of a person: fields as text, empty where missing, and what befell it."""

    name: str
    sex: str
    birth_date: str
    number: str
    phone: str
    address: str
    ethnicity: str
    marks: list[str] = field(default_factory=list)


def write_down(chance: Random, hand: Hand, person: Person, town: tuple[Person, ...]) -> Writing:
    """Write a person down as this hand does."""
    marks: list[str] = []
    relative = town[person.relatives[0]] if person.relatives else None
    number = _number(chance, hand, person, relative, marks)
    name = _name(chance, hand, person, marks)
    birth = _birth(chance, hand, person, marks)
    sex = {"1": hand.male, "2": hand.female}[person.sex]
    if _once(chance, hand.sex_missing, marks, "sex-missing"):
        sex = ""
    elif _once(chance, hand.sex_wrong, marks, "sex-wrong"):
        sex = hand.female if sex == hand.male else hand.male
    phone = _phone(chance, hand, person, relative, marks)
    address = _address(chance, hand, person, marks)
    return Writing(name, sex, birth, number, phone, address, person.ethnicity, marks)


def _number(chance: Random, hand: Hand, person: Person, relative: Person | None, marks: list[str]) -> str:
    number, child = person.number, person.age < _CHILD
    may_be_short = person.birth_date.year <= _LONGEST_SHORT
    befalls: tuple[tuple[str, float, _Become], ...] = (
        ("number-missing", hand.child_number_missing if child else hand.number_missing, str),
        (
            "number-relative",
            hand.number_relative * (4 if child else 1) if relative else 0,
            lambda: relative.number if relative else "",
        ),
        ("number-short", hand.number_short if may_be_short else 0, lambda: short(number)),
        ("number-mistyped", hand.number_mistyped, lambda: mistyped(chance, number)),
        ("number-mistyped-valid", hand.number_mistyped_valid, lambda: mistyped_and_valid(chance, number)),
        ("number-wide", hand.number_wide, lambda: full_width(number)),
    )
    for mark, rate, become in befalls:
        if _once(chance, rate, marks, mark):
            return become()
    return number.lower() if chance.random() < 0.05 else number  # noqa: PLR2004 - an x


def _name(chance: Random, hand: Hand, person: Person, marks: list[str]) -> str:
    source, name = names(), person.name
    rare = [place for place, character in enumerate(name) if source.is_rare(character)]
    if rare and _once(chance, hand.name_lost, marks, "name-lost"):
        return name[: rare[0]] + chance.choice(LOST) + name[rare[0] + 1 :]
    if "·" in name:
        return _foreign_name(chance, name, marks)
    found = _changed(chance, name, source.homophones, hand.name_sound, marks, "name-sound") or _changed(
        chance, name, source.forms, hand.name_form, marks, "name-form"
    )
    if found:
        return found
    if _once(chance, hand.name_mistyped, marks, "name-mistyped"):
        place = chance.randrange(1, len(name))
        return name[:place] + source.given(chance, person.sex, person.birth_date.year)[0] + name[place + 1 :]
    wide = len(name) == 2 and chance.random() < 0.05  # noqa: PLR2004 - set wide to stand in a column
    return f"{name[0]}{chance.choice((' ', '　'))}{name[1]}" if wide else name


def _foreign_name(chance: Random, name: str, marks: list[str]) -> str:
    drawn = chance.random()
    if drawn < 0.25:  # noqa: PLR2004 - other dots
        return name.replace("·", chance.choice(".・•．"))
    if drawn < 0.33:  # noqa: PLR2004 - or none
        marks.append("name-joined")
        return name.replace("·", chance.choice(("", " ")))
    if drawn < 0.37:  # noqa: PLR2004 - its first part alone
        marks.append("name-part")
        return name.partition("·")[0]
    return name


def _changed(chance: Random, name: str, others: dict[str, str], rate: float, marks: list[str], mark: str) -> str | None:
    places = [place for place, character in enumerate(name) if others.get(character)]
    # Few names have another spelling: those that have are written with it as much more often.
    if not places or not _once(chance, rate * 1.3, marks, mark):
        return None
    place = chance.choice(places)
    return name[:place] + chance.choice(others[name[place]]) + name[place + 1 :]


def _birth(chance: Random, hand: Hand, person: Person, marks: list[str]) -> str:
    born, old = person.birth_date, person.age >= _OLD
    if _once(chance, hand.birth_missing, marks, "birth-missing"):
        return ""
    if old and _once(chance, hand.birth_first_of_january, marks, "birth-first-of-january"):
        return born.replace(month=1, day=1).strftime(hand.dates)
    if old and (lunar := lunar_written(born)) and _once(chance, hand.birth_lunar, marks, "birth-lunar"):
        return lunar.strftime(hand.dates)
    if _once(chance, hand.birth_mistyped, marks, "birth-mistyped"):
        if born.day <= 12 and chance.random() < 0.3:  # noqa: PLR2004 - day and month exchanged
            return born.replace(month=born.day, day=born.month).strftime(hand.dates)
        return born.replace(**_one_digit(chance, born.year, born.day)).strftime(hand.dates)
    return born.strftime(hand.dates)


def _one_digit(chance: Random, year: int, day: int) -> dict[str, int]:
    if chance.random() < 0.5:  # noqa: PLR2004 - the year or the day
        return {"year": year - year % 10 + (year + chance.randrange(1, 10)) % 10} if year % 4 else {"year": year - 4}
    return {"day": day % 9 + 1 if day < 10 else 10 + (day + 3) % 9}  # noqa: PLR2004 - its last digit


def _phone(chance: Random, hand: Hand, person: Person, relative: Person | None, marks: list[str]) -> str:
    if _once(chance, hand.phone_missing, marks, "phone-missing"):
        return ""
    if relative and _once(chance, hand.phone_relative, marks, "phone-relative"):
        return relative.phone
    if _once(chance, hand.phone_mistyped, marks, "phone-mistyped"):
        return mistyped_phone(chance, person.phone)
    phone = person.phone
    if person.former_phone and _once(chance, hand.phone_former, marks, "phone-former"):
        phone = person.former_phone
    drawn = chance.random()
    if drawn < 0.03:  # noqa: PLR2004 - forms of the same
        return "+86" + phone
    return f"{phone[:3]} {phone[3:7]} {phone[7:]}" if drawn < 0.05 else phone  # noqa: PLR2004 - the same


def _address(chance: Random, hand: Hand, person: Person, marks: list[str]) -> str:
    if _once(chance, hand.address_missing, marks, "address-missing"):
        return ""
    if person.former_home and _once(chance, hand.address_former, marks, "address-former"):
        return written(chance, person.former_home)
    return written(chance, person.home)


def _once(chance: Random, rate: float, marks: list[str], mark: str) -> bool:
    if chance.random() >= rate:
        return False
    marks.append(mark)
    return True
