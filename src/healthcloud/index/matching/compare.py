"""How far two contents agree, field by field: each comparison gives a level, the same from both sides."""

from datetime import date

from rapidfuzz.distance import OSA
from rapidfuzz.fuzz import ratio

from healthcloud.index.matching.lunar import as_lunar_written
from healthcloud.index.matching.model import Features
from healthcloud.index.matching.readings import UNREADABLE

LEVELS: dict[str, tuple[str, ...]] = {
    "name": (
        "same", "variant", "unreadable", "sound", "near-sound", "order", "close", "one-off", "provisional", "given",
        "part", "surname", "different", "missing",
    ),
    "birth": ("same", "lunar", "swapped", "digit", "placeholder", "day", "year", "different", "missing"),
    "number": ("same", "written", "near", "near-valid", "two-valid", "doubtful", "different", "missing"),
    "sex": ("same", "different", "missing"),
    "phone": ("same", "near", "different", "missing"),
    "address": ("same", "house", "close", "partial", "different", "missing"),
}  # fmt: skip
FIELDS = tuple(LEVELS)

_CLOSE, _PARTIAL, _CLOSE_LATIN, _SAME_STREET = 80.0, 55.0, 80.0, 50.0
_FEWEST_FOR_GIVEN = 2
_FEWEST_NUMBERS = 2


def compare(one: Features, other: Features) -> tuple[str, str, str, str, str, str]:
    """Return the level of each field, in the order of FIELDS."""
    return (
        name_level(one, other),
        birth_level(one, other),
        number_level(one, other),
        _sex_level(one.sex, other.sex),
        phone_level(one.phone, other.phone),
        address_level(one, other),
    )


def name_level(one: Features, other: Features) -> str:  # noqa: C901, PLR0911 - one line a level, best first
    """Compare two names, best level first."""
    a, b = one.name, other.name
    if not a or not b:
        return "missing"
    if a == b:
        if UNREADABLE in a:
            return "unreadable"
        return "same" if one.content.name == other.content.name else "variant"
    if not (one.is_han and other.is_han):
        return "different" if one.is_han or other.is_han else _latin_level(one.sounds, other.sounds)
    if one.is_provisional != other.is_provisional:
        return "provisional"
    if len(a) == len(b):
        if UNREADABLE in a or UNREADABLE in b:
            pairs = [(x, y) for x, y in zip(a, b, strict=True) if UNREADABLE not in (x, y)]
            if pairs and all(x == y for x, y in pairs):
                return "unreadable"
        if one.sounds == other.sounds:
            return "sound"
        if one.blurred == other.blurred:
            return "near-sound"
        if sorted(a) == sorted(b):
            return "order"
    return _apart(one, other)


def _apart(one: Features, other: Features) -> str:
    same_surname = one.surname == other.surname
    if OSA.distance(one.name, other.name, score_cutoff=1) == 1:
        if same_surname and one.given and other.given:
            return "one-off"
        if one.given == other.given and len(one.given) >= _FEWEST_FOR_GIVEN:
            return "given"
    return "surname" if same_surname and one.surname else "different"


def _latin_level(a: tuple[str, ...], b: tuple[str, ...]) -> str:
    best = max(ratio("".join(a), "".join(b)), ratio(" ".join(a), " ".join(b)))
    if best >= _CLOSE_LATIN:
        return "close"
    shared = set(a) & set(b)
    if shared:
        return "part"
    return "part" if any(ratio(x, y) >= _CLOSE for x in a for y in b) else "different"


def birth_level(one: Features, other: Features) -> str:  # noqa: PLR0911 - one line a level, best first
    """Compare two birth dates, best level first."""
    a, b = one.birth, other.birth
    if a is None or b is None:
        return "missing"
    if a == b:
        return "placeholder" if one.is_placeholder else "same"
    if as_lunar_written(a) == (b.year, b.month, b.day) or as_lunar_written(b) == (a.year, a.month, a.day):
        return "lunar"
    if a.year == b.year:
        if a.month == b.day and a.day == b.month:
            return "swapped"
        if one.is_placeholder or other.is_placeholder:
            return "placeholder"
    if _one_digit_apart(a, b):
        return "digit"
    if (a.month, a.day) == (b.month, b.day):
        return "day"
    return "year" if a.year == b.year else "different"


def _one_digit_apart(a: date, b: date) -> bool:
    return OSA.distance(_digits(a), _digits(b), score_cutoff=1) == 1


def _digits(day: date) -> str:
    return str(day.year * 10000 + day.month * 100 + day.day)


def number_level(one: Features, other: Features) -> str:  # noqa: PLR0911 - one line a level, best first
    """Compare two document numbers, as keys where both are valid."""
    a, b = one.number, other.number
    if not a or not b:
        return "missing"
    if one.key and other.key:
        if one.key == other.key:
            return "same"
        if one.is_resident and other.is_resident:
            if not (one.is_certain and other.is_certain):
                return "doubtful"
            # The check character differs with any one digit, so it does not count.
            return "near-valid" if OSA.distance(a[:17], b[:17], score_cutoff=1) == 1 else "two-valid"
        if one.content.document_kind != other.content.document_kind:
            return "missing"
        return "near" if OSA.distance(a, b, score_cutoff=1) == 1 else "different"
    if a == b:
        return "written"
    return "near" if OSA.distance(a, b, score_cutoff=1) == 1 else "different"


def _sex_level(a: str, b: str) -> str:
    if not a or not b:
        return "missing"
    return "same" if a == b else "different"


def phone_level(a: str, b: str) -> str:
    """Compare two phone numbers."""
    if not a or not b:
        return "missing"
    if a == b:
        return "same"
    return "near" if OSA.distance(a, b, score_cutoff=1) == 1 else "different"


def address_level(one: Features, other: Features) -> str:
    """Compare two addresses: the numbers in them, and how alike the rest is."""
    a, b = one.address, other.address
    if not a or not b:
        return "missing"
    if a == b:
        return "same"
    alike = ratio(a, b, score_cutoff=_SAME_STREET)
    if alike >= _SAME_STREET and _same_house(one, other):
        return "house"
    if alike >= _CLOSE:
        return "close"
    return "partial" if alike >= _PARTIAL else "different"


def _same_house(one: Features, other: Features) -> bool:
    """Tell whether one's numbers end in the other's: 光明路 347 号御景新村 2-1602 and 御景新村 2-1602."""
    fewer, more = sorted((one.house, other.house), key=len)
    if not fewer or more[-len(fewer) :] != fewer:
        return False
    return (len(fewer) >= _FEWEST_NUMBERS and len(fewer) == len(more)) or not set(one.places).isdisjoint(other.places)
