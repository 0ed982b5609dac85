"""
Identity numbers of invented persons (GB 11643), and how they are mistyped.

Divisions are placeholders 市辖区 of GB/T 2260, which no register uses, so that a number of any birth date is nobody's;
the demonstration's residents have another (370401). Phones begin with 160, a range given to nobody.
"""

from datetime import date
from random import Random

DIVISIONS = ("370301", "370801", "371301", "320301", "411401")
PHONE_PREFIX = "160"
CENTURY = "19"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_SEQUENCE = slice(14, 17)
_FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")


def with_check(first17: str) -> str:
    """Return a number with its check character (ISO 7064 MOD 11-2)."""
    total = sum(int(digit) * weight for digit, weight in zip(first17, _WEIGHTS, strict=True))
    return first17 + "10X98765432"[total % 11]


def number_of(division: str, born: date, sequence: int) -> str:
    """Return the number of the sequence-th registered that day; odd ones are men's."""
    return with_check(f"{division}{born:%Y%m%d}{sequence:03d}")


def near_number(chance: Random, number: str) -> str:
    """Return another valid number one digit away, of the same sex and birth date."""
    place = chance.choice((14, 15))
    return with_check(_mistyped(chance, number[:17], place))


def short(number: str) -> str:
    """Return the former number of fifteen digits, which those born before 2000 had."""
    return number[:6] + number[8:17]


def full_width(number: str) -> str:
    """Return a number as an input method in Chinese writes it."""
    return number.translate(_FULL_WIDTH)


def mistyped(chance: Random, number: str) -> str:
    """Return a number with a digit wrong or two exchanged; its check character tells."""
    place = chance.randrange(16)
    if number[place] != number[place + 1] and chance.random() < 0.3:  # noqa: PLR2004 - three of ten errors
        return number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    return _mistyped(chance, number[:17], place) + number[17]


def mistyped_and_valid(chance: Random, number: str) -> str:
    """Return a number with a digit of its sequence wrong that is valid nevertheless: the system made its check."""
    return with_check(_mistyped(chance, number[:17], chance.randrange(_SEQUENCE.start, _SEQUENCE.stop - 1)))


def mistyped_phone(chance: Random, phone: str) -> str:
    """Return a phone with a digit wrong."""
    return _mistyped(chance, phone, chance.randrange(3, len(phone)))


def _mistyped(chance: Random, digits: str, place: int) -> str:
    other = (int(digits[place]) + chance.randrange(1, 10)) % 10
    return f"{digits[:place]}{other}{digits[place + 1 :]}"
