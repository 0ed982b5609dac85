"""
A synthetic population: every resident of it follows from a seed and an identity number, nothing is stored.

Numbers are GB 11643 with a division of Zaozhuang and a birth year of 1900–1949, which keeps away from people living
today. `resident` tells whose a number is; `residents` counts them out, 54 million at most, none twice.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

DIVISIONS = ("370402", "370403", "370404", "370405", "370406", "370481")
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(1949, 12, 31)
DAYS = (LAST_DAY - FIRST_DAY).days + 1
SEQUENCES = 500  # pairs of one number for a man and one for a woman, of which one is used
_FORM = re.compile(r"[0-9]{17}[0-9X]", re.ASCII)
_STRIDE = 7919  # has no divisor in common with DAYS, so that neighbours are born on different days
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)

_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
_COMPOUND = ("欧阳", "司马", "诸葛", "上官", "皇甫", "东方")
_COMPOUND_OF_256, _RARE_OF_256, _TWO_GIVEN_OF_256 = 4, 2, 190  # how many of 256 have such a name
_RARE = "龘𠮷喆犇淼㛃䶮𬭊翀"
_MALE = "伟强磊军勇杰涛明超刚平辉鹏华飞鑫波斌宇浩凯健俊帆帅"
_FEMALE = "芳娜敏静丽艳娟霞秀英玲桂红梅琳燕雪婷颖慧莉晶倩蕾洁"


@dataclass(frozen=True, slots=True)
class Resident:
    """Somebody who does not exist."""

    number: str
    name: str
    sex: str  # GB/T 2261.1: 1 male, 2 female
    birth_date: date


def resident(seed: int, number: str) -> Resident | None:
    """Return whose a number is, or None when it is none of this population's."""
    if not _FORM.fullmatch(number) or number[:6] not in DIVISIONS or number != _number(number[:17]):
        return None
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
    if not FIRST_DAY <= born <= LAST_DAY:
        return None
    sex = "1" if int(number[16]) % 2 else "2"
    return Resident(number, _name(seed, number, sex), sex, born)


def residents(seed: int, count: int, start: int = 0) -> Iterator[Resident]:
    """Yield residents number `start` to `start + count`, the same ones every time."""
    for place in range(start, start + count):
        division = DIVISIONS[place % len(DIVISIONS)]
        pair, around = divmod(place // len(DIVISIONS), DAYS)
        if pair >= SEQUENCES:
            return
        born = FIRST_DAY + timedelta(days=around * _STRIDE % DAYS)
        woman_or_man = _digest(seed, str(place))[0] % 2
        found = resident(seed, _number(f"{division}{born:%Y%m%d}{2 * pair + woman_or_man:03}"))
        if found is not None:
            yield found


def _number(first17: str) -> str:
    total = sum(int(digit) * weight for digit, weight in zip(first17, _WEIGHTS, strict=True))
    return first17 + "10X98765432"[total % 11]


def _name(seed: int, number: str, sex: str) -> str:
    digest = _digest(seed, number)
    surname = (
        _COMPOUND[digest[1] % len(_COMPOUND)] if digest[0] < _COMPOUND_OF_256 else _SURNAMES[digest[1] % len(_SURNAMES)]
    )
    given = _MALE if sex == "1" else _FEMALE
    first = _RARE[digest[3] % len(_RARE)] if digest[2] < _RARE_OF_256 else given[digest[3] % len(given)]
    second = given[digest[5] % len(given)] if digest[4] < _TWO_GIVEN_OF_256 else ""
    return surname + first + second


def _digest(seed: int, text: str) -> bytes:
    return hashlib.sha256(f"{seed}|{text}".encode()).digest()
