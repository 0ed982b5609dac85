"""
Records as tokens: 64 bits of a keyed hash for each thing that may be equal in two records, in the columns of `levels`.

The key is made for one run and forgotten with it: tokens of two runs have nothing in common, and none can be looked up
afterwards. Tokens of two columns differ where the texts are the same, unless levels compare these columns.
"""

from array import array
from datetime import date
from functools import lru_cache
from hashlib import blake2b
from uuid import UUID

from healthcloud.index.linkage import levels
from healthcloud.index.linkage.levels import COLUMNS, NO, YES
from healthcloud.index.matching import Features
from healthcloud.index.matching.lunar import as_lunar_written
from healthcloud.index.matching.readings import UNREADABLE

KEY_SIZE = 32
_TOKEN, _LEAST = 8, -(1 << 63)
_REMEMBERED = 1 << 17
_TWO = 2
_PLACES = {name: place for place, name in enumerate(COLUMNS)}
_WIDTH = len(COLUMNS)

_NAME_AT = _PLACES[levels.WRITTEN]
_BIRTH_AT = _PLACES[levels.BIRTH]
_NUMBER_AT = _PLACES[levels.KEY]
_SEX_AT = _PLACES[levels.SEX]
_GIVEN_LETTER = "given letter"


class Encoder:
    """Encodes records under one run's key; what comes again and again (a date, two characters) is hashed once."""

    def __init__(self, key: bytes) -> None:
        self._hash = blake2b(key=key, digest_size=_TOKEN)
        self._wide = blake2b(key=key, digest_size=_TOKEN * len(levels.STREETS))
        self._birth = lru_cache(_REMEMBERED)(self._birth_tokens)
        self._short = lru_cache(_REMEMBERED)(self.token)
        self._street = lru_cache(_REMEMBERED)(self._street_tokens)

    def token(self, column: str, text: str) -> int:
        """Return a column's token of a text: 0 of an empty one, never 0 of another."""
        if not text:
            return 0
        made = self._hash.copy()
        made.update(f"{column}\0{text}".encode())
        return int.from_bytes(made.digest(), "little", signed=True) or 1

    def row(self, record_id: UUID, person_id: UUID | None, features: Features) -> "array[int]":
        """Return a record's values, in the order of COLUMNS."""
        one = features
        birth = self._birth(one.birth) if one.birth else _NO_BIRTH
        row = array("q", bytes(_TOKEN * _WIDTH))
        row[0], row[1] = _halves(record_id)
        row[2] = self.token("person", person_id.hex) if person_id else 0
        values = (*self._name(one), *birth, *self._number(one), self._short(levels.SEX, one.sex))
        values += (*self._phone(one.phone), *self._address(one.address, one.house))
        row[3:] = array("q", values)
        return row

    def _name(self, one: Features) -> tuple[int, ...]:
        if not one.name:
            return _NO_NAME
        token, short = self.token, self._short
        written = token(levels.WRITTEN, one.content.name or "") if UNREADABLE not in one.name else 0
        name = token(levels.NAME, one.name)
        if not one.is_han:
            return (written, name, 0, 0, 0, 0, 0, 0, 0, 0, levels.LATIN, NO)
        given, count = one.given, len(one.given)
        return (
            written,
            name,
            token(levels.SOUND, " ".join(one.sounds)),
            token(levels.BLUR, " ".join(one.blurred)),
            token(levels.ORDER, "".join(sorted(one.name))),
            short(levels.SURNAME, one.surname),
            token(levels.GIVEN, given) if count >= _TWO else 0,
            short(_GIVEN_LETTER, given) if count == 1 else 0,
            short(_GIVEN_LETTER, given[0]) if count == _TWO else 0,
            short(_GIVEN_LETTER, given[1]) if count == _TWO else 0,
            levels.HAN,
            YES if one.is_provisional else NO,
        )

    def _birth_tokens(self, day: date) -> tuple[int, ...]:
        token = self.token
        lunar = as_lunar_written(day)
        written = day.strftime("%Y%m%d")
        return (
            token(levels.BIRTH, written),
            token(levels.YEAR, written[:4]),
            token(levels.DAY, written[4:]),
            token(levels.BIRTH, "{:04}{:02}{:02}".format(*lunar)) if lunar else 0,
            token(levels.BIRTH, f"{written[:4]}{written[6:]}{written[4:6]}") if day.day != day.month else 0,
            YES if day.month == day.day == 1 else NO,
            *(token(gap, written[:at] + written[at + 1 :]) for at, gap in enumerate(levels.BIRTH_GAPS)),
        )

    def _number(self, one: Features) -> tuple[int, ...]:
        if not one.number:
            return _NO_NUMBER
        number, token = one.number, self.token
        state = levels.INVALID
        if one.key:
            state = levels.OTHER_VALID if not one.is_resident else levels.CERTAIN if one.is_certain else levels.RESIDENT
        body = number[:17]
        gaps = [
            token(gap, f"{body[:begin]}-{body[end:]}")
            for gap, (begin, end) in zip(levels.NUMBER_GAPS, levels.NUMBER_CUTS, strict=True)
        ]
        return (token(levels.KEY, one.key or ""), token(levels.NUMBER, number), state, *gaps)

    def _phone(self, phone: str) -> tuple[int, ...]:
        if not phone:
            return _NO_PHONE
        token = self.token
        gaps = [
            token(gap, f"{phone[:begin]}-{phone[end:]}")
            for gap, (begin, end) in zip(levels.PHONE_GAPS, levels.PHONE_CUTS, strict=True)
        ]
        return (token(levels.PHONE, phone), *gaps)

    def _address(self, address: str, house: tuple[str, ...]) -> tuple[int, ...]:
        if not address:
            return _NO_ADDRESS
        pairs = {address[at : at + _TWO] for at in range(max(1, len(address) - 1))}
        least = map(min, zip(*map(self._street, pairs), strict=True))
        return (
            self.token(levels.ADDRESS, address),
            self.token(levels.HOUSE, "-".join(house)) if len(house) >= _TWO else 0,
            *(one or 1 for one in least),
        )

    def _street_tokens(self, pair: str) -> tuple[int, ...]:
        made = self._wide.copy()
        made.update(pair.encode())
        digest = made.digest()
        return tuple(
            int.from_bytes(digest[at : at + _TOKEN], "little", signed=True) for at in range(0, len(digest), _TOKEN)
        )


_NO_NAME = (0,) * (_BIRTH_AT - _NAME_AT)
_NO_BIRTH = (0,) * (_NUMBER_AT - _BIRTH_AT)
_NO_NUMBER = (0,) * (_SEX_AT - _NUMBER_AT)
_NO_PHONE = (0,) * (1 + len(levels.PHONE_GAPS))
_NO_ADDRESS = (0,) * (2 + len(levels.STREETS))


def _halves(record_id: UUID) -> tuple[int, int]:
    """Return an id as two signed integers."""
    high, low = record_id.int >> 64, record_id.int & ((1 << 64) - 1)
    return high + 2 * _LEAST if high >= -_LEAST else high, low + 2 * _LEAST if low >= -_LEAST else low
