"""
GB 11643-1999: 6 digits division, 8 birth date, 3 sequence (odd male, even female), 1 check character.

Residence permits of Hong Kong (81), Macau (82) and Taiwan (83) residents use the same form. The permanent residence
card for foreigners of 2023 does too, with 9, two digits of the issuing province and three of the country in front.
"""

import re
from dataclasses import dataclass
from datetime import date
from operator import mul

from healthcloud.people.model import Broken, Sex

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"
_ZEROES = ord("0") * sum(WEIGHTS)  # digits are summed as their characters' codes
EARLIEST_BIRTH = date(1850, 1, 1)

_NEW_FORM = re.compile(r"[1-9][0-9]{16}[0-9X]", re.ASCII)
_OLD_FORM = re.compile(r"[1-9][0-9]{14}", re.ASCII)
_PROVINCE_CODES = (
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83"
)
_PROVINCES = frozenset(_PROVINCE_CODES.split())
_FOREIGNERS = "9"


@dataclass(frozen=True, slots=True)
class ResidentNumber:
    """A checked resident identity number, in the form of 18, with what it says of its holder."""

    number: str
    birth_date: date
    sex: Sex


def check_character(first17: str) -> str:
    """Return the eighteenth character of a number."""
    return CHECK_CHARACTERS[(sum(map(mul, first17.encode(), WEIGHTS)) - _ZEROES) % 11]


def looks_like_resident_number(number: str) -> bool:
    """Tell whether a normalised number has the form of 18 characters or 15 digits."""
    return bool(_NEW_FORM.fullmatch(number) or _OLD_FORM.fullmatch(number))


def read_resident_number(number: str, today: date) -> ResidentNumber:
    """Read a normalised number of 18 or 15 characters; raise Broken with the reason."""
    if _OLD_FORM.fullmatch(number):
        number = number[:6] + "19" + number[6:]
        number += check_character(number)
    if not _NEW_FORM.fullmatch(number):
        raise Broken("must have 18 characters, or 15 digits of the old form", "应为 18 位，或旧式 15 位数字")
    if number[17] != check_character(number[:17]):
        raise Broken("has a wrong check character; look for a typing error", "校验码不符，请核对是否输错")
    province = number[1:3] if number.startswith(_FOREIGNERS) else number[:2]
    if province not in _PROVINCES:
        raise Broken("begins with no division of GB/T 2260", "前几位不是 GB/T 2260 行政区划")
    return ResidentNumber(number, _birth_date(number, today), Sex.MALE if int(number[16]) % 2 else Sex.FEMALE)


def _birth_date(number: str, today: date) -> date:
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise Broken("holds a birth date that does not exist", "其中的出生日期不存在") from None
    if not EARLIEST_BIRTH <= born <= today:
        raise Broken("holds a birth date that cannot be", "其中的出生日期不可能") from None
    return born
