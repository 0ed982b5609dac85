"""A content made ready to be compared: names taken apart and sounded, numbers checked, placeholders set aside."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from functools import cache

from healthcloud import people
from healthcloud.index.matching.model import Content, Features, Key
from healthcloud.index.matching.reading import document_of
from healthcloud.index.matching.readings import UNREADABLE, blur, fold_variants, sounds_of

_HAN = re.compile("[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd]")
_LOST = re.compile("[?？*＊□■●○�\ue000-\uf8ff\U000f0000-\U0010fffd]")
_PARTS = re.compile(r"[^\W_]+")
_SAME_SIGN = re.compile(r"(.)\1{7,}$")
_DIGITS = re.compile(r"\d+")
_DIVISIONS = re.compile(r"^(?:中国)?(?:[^\d省]{2,7}(?:省|自治区))?(?:[^\d市]{2,4}市)?")
_SIGNS = re.compile(r"[\W_]+")
_STREET = re.compile(
    "([^\\d\\W路街巷村庄苑园区镇乡县市省州]{1,2})(?:路|街|大道|巷|胡同|村|庄|苑|园|小区|花园|家属院|公寓|城)"
)
_WORDS = re.compile(r"[^\W\d_]+")
_VOWELS = str.maketrans("", "", "aeiouyhw")
_MOST_WORDS, _MOST_STREETS = 6, 2
_BIRTH_IN_NUMBER = slice(6, 14)
_NUMERALS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_HOUSE_WORDS = str.maketrans("", "", "号楼单元室栋幢座层户院路街村组")
_MOBILE_LENGTH, _SHORTEST_PHONE = 11, 7
_RUN_OF_DIGITS = "01234567890123456789"


def features_of(content: Content) -> Features:
    """Make a content ready to be compared; pure, about 20 µs."""
    name, surname, given, is_han = _take_apart(content.name or "")
    sounds = sounds_of(surname, given) if is_han else tuple(name.split())
    document = document_of(content)
    resident = document.resident if document else None
    sex = content.sex if content.sex in {"1", "2"} else ""
    born = content.birth_date
    birth = born or (resident.birth_date if resident else None)
    number = document.number if document else _number(content.number or "")
    agrees = resident is not None and born in {None, resident.birth_date} and sex in {"", resident.sex.value}
    address, places, house = _address(content.address) if content.address else ("", (), ())
    return Features(
        content=content,
        name=name,
        surname=surname,
        given=given,
        sounds=sounds,
        blurred=tuple([blur(sound) for sound in sounds]) if is_han else sounds,
        is_han=is_han,
        is_provisional=is_han and people.is_provisional(content.name or ""),
        sex=sex or (resident.sex.value if resident else ""),
        birth=birth,
        hinted_birth=birth or _birth_in(number),
        is_placeholder=birth is not None and birth.day == 1 and birth.month == 1,
        number=number,
        key=Key(document.key) if document else None,
        is_resident=resident is not None,
        is_certain=agrees and UNREADABLE not in name,
        number_birth=resident.birth_date if resident else None,
        phone=_phone(content.phone or ""),
        address=address,
        places=places,
        house=house,
    )


@cache
def _compounds() -> frozenset[str]:
    return frozenset(fold_variants(surname) for surname in people.COMPOUND_SURNAMES)


def _take_apart(name: str) -> tuple[str, str, str, bool]:
    """Return a name as compared, its surname and given name, and whether it is written in Han characters."""
    if not _HAN.search(name):
        bare = "".join(c for c in unicodedata.normalize("NFD", name.casefold()) if not unicodedata.combining(c))
        parts = sorted(_PARTS.findall(bare.replace("'", "")))
        return " ".join(parts), "", "", False
    folded = fold_variants(_LOST.sub(UNREADABLE, name))
    if people.MIDDLE_DOT in name:
        return folded, "", folded, True
    kept = 2 if len(folded) > 2 and folded[:2] in _compounds() else 1  # noqa: PLR2004 - two make the surname
    return folded, folded[:kept], folded[kept:], True


def _number(written: str) -> str:
    """Return a number that is not valid as it is compared; what somebody typed to fill the field is none."""
    if len(written) < 5 or _SAME_SIGN.search(written) or written in _RUN_OF_DIGITS:  # noqa: PLR2004 - shorter tells nothing
        return ""
    return f"{written[:6]}19{written[6:]}" if len(written) == 15 and written.isdigit() else written  # noqa: PLR2004


def _birth_in(number: str) -> date | None:
    """Return the date in a number of 18 characters whatever else is wrong with it."""
    if len(number) != 18:  # noqa: PLR2004 - GB 11643
        return None
    try:
        return date.fromisoformat(number[_BIRTH_IN_NUMBER])
    except ValueError:
        return None


def _phone(written: str) -> str:
    if len(written) < _SHORTEST_PHONE or _SAME_SIGN.search(written) or written[-8:] in _RUN_OF_DIGITS:
        return ""
    return written


def _address(written: str) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """Return an address as compared, the words in it that tell one place from another, and its numbers."""
    plain = unicodedata.normalize("NFKC", written).casefold().translate(_NUMERALS)
    house = tuple(_DIGITS.findall(plain))
    if not _HAN.search(plain):
        words = _WORDS.findall(plain)
        longest = sorted(set(words), key=lambda word: (-len(word), word))[:_MOST_WORDS]
        return " ".join([*sorted(words), *house]), tuple(sorted({skeleton((word,)) for word in longest})), house
    local = _DIVISIONS.sub("", plain, count=1)
    return (
        _SIGNS.sub("", local.translate(_HOUSE_WORDS)),
        tuple(sorted(set(_STREET.findall(local)[:_MOST_STREETS]))),
        house,
    )


def skeleton(parts: Sequence[str]) -> str:
    """Return what spelling errors and another order leave of Latin parts: their consonants, each once."""
    return "".join(sorted(set("".join(parts).translate(_VOWELS))))
