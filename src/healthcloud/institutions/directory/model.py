"""
What people find an institution by. Pure.

Pinyin initials come from the order of GB 2312: its 3755 characters of level 1 stand by pinyin, so the first character
of each letter tells the rest. Of level 2 only the characters of the city's own place names are known.
"""

from bisect import bisect_right
from dataclasses import dataclass
from uuid import UUID

_LETTERS = "abcdefghjklmnopqrstwxyz"
_FIRSTS = "啊芭擦搭蛾发噶哈击喀垃妈拿哦啪期然撒塌挖昔压匝"
_STARTS = [first.encode("gb2312") for first in _FIRSTS]
_LAST = "座".encode("gb2312")
_LEVEL_TWO = dict(zip("峄滕薛岱邾奚凫崮岚邳邸鑫馨", "ytxdzxfglpdxx", strict=True))
_NOTHING = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """An open institution as the directory shows it."""

    id: UUID
    name: str
    short_name: str | None
    class_code: str
    level_code: str | None
    district_code: str
    address: str | None
    phone: str | None
    has_fever_clinic: bool

    @property
    def place(self) -> tuple[int, UUID]:
        """Where it stands in the list: the highest level first, without a level last."""
        return -int(self.level_code or 0), self.id


@dataclass(frozen=True, slots=True)
class DirectoryWish:
    """What is looked for: words or initials in the name, a district, a level (its first digit), a fever clinic."""

    text: str = ""
    district_code: str | None = None
    level: str | None = None
    fever_clinic: bool = False


def initials_of(name: str) -> str:
    """Return the pinyin initials of a name, 市立医院 → slyy; what is no Chinese character stays, in lower case."""
    return "".join(_initial(character) for character in name)


def fits(one: Listed, wish: DirectoryWish) -> bool:
    """Tell whether an institution is among those looked for."""
    if wish.district_code and one.district_code != wish.district_code:
        return False
    if wish.level and not (one.level_code or _NOTHING).startswith(wish.level):
        return False
    if wish.fever_clinic and not one.has_fever_clinic:
        return False
    text = "".join(wish.text.split()).casefold()
    if not text:
        return True
    names = [name for name in (one.name, one.short_name) if name]
    if any(text in name.casefold() for name in names):
        return True
    return text.isascii() and text.isalpha() and any(text in initials_of(name) for name in names)


def _initial(character: str) -> str:
    if character in _LEVEL_TWO:
        return _LEVEL_TWO[character]
    try:
        code = character.encode("gb2312")
    except UnicodeEncodeError:
        return _NOTHING
    if not _STARTS[0] <= code <= _LAST or len(code) == 1:
        return character.casefold() if character.isalnum() else _NOTHING
    return _LETTERS[bisect_right(_STARTS, code) - 1]
