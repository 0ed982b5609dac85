"""
Persons nobody knows yet, the n-th the same every time: born before the oldest of the demonstration's residents.

Their numbers are of a placeholder division and their phones of a range given to nobody, so that nobody is one of them.
"""

from datetime import date, timedelta

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英文华"
PER_DAY = 900
MOST = PER_DAY * (date(1910, 1, 1) - date(1900, 1, 1)).days
PHONES_FROM = 50_000_000  # below them are the residents' own
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def number_of(n: int) -> str:
    """Return the n-th person's identity number (GB 11643); raise ValueError when there are no more."""
    if n >= MOST:
        raise ValueError(n)
    first = f"370401{date(1900, 1, 1) + timedelta(days=n // PER_DAY):%Y%m%d}{n % PER_DAY + 1:03}"
    return first + "10X98765432"[sum(int(d) * w for d, w in zip(first, _WEIGHTS, strict=True)) % 11]


def name_of(n: int) -> str:
    """Return the n-th person's name."""
    return SURNAMES[n % 20] + GIVEN[n // 20 % 25] + GIVEN[n // 500 % 25]


def phone_of(n: int) -> str:
    """Return the n-th person's phone number."""
    return f"160{PHONES_FROM + n:08}"
