"""The resident identity number: 18 characters with a check digit (GB 11643-1999)."""

import re
from datetime import date

_SHAPE = re.compile(r"[0-9]{17}[0-9X]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"


def has_form(text: str) -> bool:
    """Tell whether this looks like a number of 18 characters; nothing is said of its check digit."""
    return _SHAPE.fullmatch(text) is not None


def is_sound(number: str) -> bool:
    """Tell whether the check digit is right and the birth date exists."""
    if not has_form(number):
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number[:17], strict=True))
    if _CHECK_DIGITS[total % 11] != number[17]:
        return False
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return True
