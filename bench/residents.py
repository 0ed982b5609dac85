"""Synthetic residents, the n-th the same every time: born from 1900 on at a placeholder division, so that nobody is."""

from datetime import date, timedelta

from healthcloud import people

TODAY = date(2026, 1, 1)
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英文华"
PER_DAY = 900
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def number_of(n: int) -> str:
    """Return the n-th resident's identity number (GB 11643)."""
    first = f"370401{date(1900, 1, 1) + timedelta(days=n // PER_DAY):%Y%m%d}{n % PER_DAY + 1:03}"
    return first + "10X98765432"[sum(int(d) * w for d, w in zip(first, _WEIGHTS, strict=True)) % 11]


def name_of(n: int) -> str:
    """Return the n-th resident's name."""
    return SURNAMES[n % 20] + GIVEN[n // 20 % 25] + GIVEN[n // 500 % 25]


def phone_of(n: int) -> str:
    """Return the n-th resident's phone number, of a range given to nobody."""
    return f"160{n:08}"


def registration_of(n: int) -> people.Registration:
    """Return the n-th resident as somebody at a desk would register them."""
    document = people.DocumentForm("01", number_of(n))
    form = people.RegistrationForm(name=name_of(n), documents=(document,), phone=phone_of(n))
    return people.read_registration(form, TODAY)
