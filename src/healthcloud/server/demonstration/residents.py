"""
The demonstration's residents: the n-th is the same person every time, on every machine; pure.

They are evidently invented. Identity numbers begin with 370401, the placeholder 市辖区 of GB/T 2260 that no register
uses, and count their sequence down from 999; phones begin with 160, a range given to nobody. Ages follow a city's
pyramid up to over a hundred; besides identity cards there are household registers, birth certificates, passports,
permits of Hong Kong, Macau and Taiwan residents and officers' cards, and newborns without any number.
"""

from bisect import bisect_right
from datetime import date, datetime, timedelta
from functools import cache
from itertools import accumulate
from uuid import UUID

from healthcloud import people
from healthcloud.server.demonstration.naming import Chance, Names, names

# The day the youngest is born on; fixed, so that the n-th resident stays who it is.
YOUNGEST = date(2025, 9, 30)
PLACEHOLDER_DIVISION = "370401"
PHONE_PREFIX = "160"
MALE, FEMALE = "1", "2"
MOST = 4_990_000  # then the sequence numbers of a day are used up

# How many of ten thousand are of each age, by the first age of each group.
_GROUPS = {0: 90, 6: 130, 15: 115, 30: 150, 45: 155, 60: 105, 75: 26, 90: 1, 115: 0}
_OF_AGE = [_GROUPS[max(first for first in _GROUPS if first <= age)] for age in range(max(_GROUPS))]
_UP_TO_AGE = list(accumulate(_OF_AGE))
_BLOCK = _UP_TO_AGE[-1]
_STRIDE = 7919  # coprime to a block, so that neighbours are of all ages
_ADULT = 16
_DAYS_APART = 365  # of the births of one age, spread over the year
_MALE_IN_THOUSAND = 511
_MINORITY_IN_THOUSAND = 15
_WITH_PHONE_IN_THOUSAND = 930
# Of a thousand so many have none of our numbers, but: a passport, a permit of Hong Kong or Macau, of Taiwan.
_PASSPORT, _HONG_KONG, _TAIWAN = 2, 3, 4
_NUMBERED = ("01", "02")  # the documents that show a resident number
_OFFICER = 5  # and these show an officer's card
_REGISTER_IN_THOUSAND = 600  # of children: their number stands in the household register only


def registrations(first: int, count: int) -> list[people.Registration]:
    """
    Return `count` residents from the first-th on, counted from 0, as checked registrations; 15 µs each.

    Who shows a resident number is not read as a form is, which takes as long again: a test holds them to it.
    """
    source, chance = names(), Chance()
    forms = [_resident(source, chance, n) for n in range(first, first + count)]
    return [
        people.loading.in_one_spelling(form)
        if form.documents[0].kind in _NUMBERED
        else people.read_registration(form, YOUNGEST)
        for form in forms
    ]


def resident(index: int) -> people.RegistrationForm:
    """Return one of them as a clerk would write it down; raise ValueError beyond MOST."""
    return _resident(names(), Chance(), index)


def newborn(index: int, mother_id: UUID, now: datetime) -> people.RegistrationForm:
    """Return a newborn of this month without name and number, the child of a resident."""
    born = now - timedelta(days=index % 28 + 1, minutes=index % 1440)
    chance = Chance()
    chance.begin(index + MOST)
    sex = _sex(chance)
    return people.RegistrationForm(sex=sex, birth=people.BirthForm(mother_id, born), nationality="CHN")


def may_be_mother(one: people.RegistrationForm) -> bool:
    """Tell whether this resident is a woman of an age to have a newborn."""
    return one.sex == FEMALE and one.birth_date is not None and _age(one.birth_date) in range(22, 41)


def _resident(source: Names, chance: Chance, index: int) -> people.RegistrationForm:
    if not 0 <= index < MOST:
        raise ValueError(index)
    chance.begin(index)
    block, place = divmod(index, _BLOCK)
    born, age, day = _birth((place * _STRIDE + 17) % _BLOCK)
    sex = _sex(chance)
    drawn = chance.below(1000)
    adult = age >= _ADULT
    phone = f"{PHONE_PREFIX}{index:08d}" if adult and chance.below(1000) < _WITH_PHONE_IN_THOUSAND else None
    if drawn < _PASSPORT:
        name, nationality = source.foreign(chance, sex)
        document, ethnicity = people.DocumentForm("03", f"X{index:08d}", nationality), None
    else:
        name, ethnicity = _name_of_ours(source, chance, sex, born.year)
        nationality, document = "CHN", _document(chance, index, drawn, _number(day, block, sex), adult=adult)
    return people.RegistrationForm(
        name=name,
        sex=sex,
        birth_date=born,
        documents=(document,),
        phone=phone,
        ethnicity=ethnicity,
        nationality=nationality,
    )


@cache
def _birth(place: int) -> tuple[date, int, str]:
    """Return the birth date at this place of a block, the age on the youngest's day, and the date as eight digits."""
    group = bisect_right(_UP_TO_AGE, place)
    nth, count = place - (_UP_TO_AGE[group - 1] if group else 0), _OF_AGE[group]
    born = date(YOUNGEST.year - group - 1, 10, 1) + timedelta(days=nth * _DAYS_APART // count)
    return born, _age(born), f"{born:%Y%m%d}"


def _age(born: date) -> int:
    return (YOUNGEST - born).days * 400 // 146097


def _sex(chance: Chance) -> str:
    return MALE if chance.below(1000) < _MALE_IN_THOUSAND else FEMALE


def _name_of_ours(source: Names, chance: Chance, sex: str, year: int) -> tuple[str, str]:
    if chance.below(1000) < _MINORITY_IN_THOUSAND:
        return source.minority(chance, sex)
    return source.han(chance, sex, year), "01"


def _document(chance: Chance, index: int, drawn: int, number: str, *, adult: bool) -> people.DocumentForm:
    if drawn < _HONG_KONG:
        return people.DocumentForm("06", f"H9{index:07d}")
    if drawn < _TAIWAN:
        return people.DocumentForm("07", f"9{index:07d}")
    if drawn < _OFFICER and adult:
        return people.DocumentForm("04", f"军字第9{index:07d}号")
    if not adult and number[6:10] == str(YOUNGEST.year):
        return people.DocumentForm("08", f"Z9{index:08d}")
    by_register = not adult and chance.below(1000) < _REGISTER_IN_THOUSAND
    return people.DocumentForm("02" if by_register else "01", number)


def _number(day: str, block: int, sex: str) -> str:
    """Return an identity number; within a block no two share a birthday, and each block has a sequence of its own."""
    sequence = 998 - 2 * block + (sex == MALE)
    first17 = f"{PLACEHOLDER_DIVISION}{day}{sequence:03d}"
    return first17 + people.check_character(first17)
