"""How a name sounds and is spelled: one reading a character, without tones; variants and the region's sounds folded."""

import re
import tomllib
from functools import cache
from pathlib import Path

from healthcloud import people

UNREADABLE = "?"  # stands for a character a system could not keep

# Readings a character has as a surname only.
SURNAME_READINGS = {
    "单": "shan", "仇": "qiu", "解": "xie", "曾": "zeng", "查": "zha", "盖": "ge", "区": "ou", "朴": "piao",
    "任": "ren", "华": "hua", "尉": "wei", "召": "shao", "覃": "qin", "洗": "xian", "冼": "xian", "员": "yun",
    "乐": "yue", "缪": "miao", "秘": "bi", "折": "she", "黑": "he", "繁": "po", "种": "chong", "重": "chong",
    "晟": "cheng", "瞿": "qu", "翟": "zhai", "谌": "chen", "逄": "pang", "隗": "wei", "纪": "ji", "哈": "ha",
    "葛": "ge", "柏": "bai", "过": "guo", "那": "na", "撒": "sa", "卜": "bu", "燕": "yan", "幺": "yao", "牟": "mu",
    "佴": "nai", "阚": "kan", "郇": "xun", "鲍": "bao", "臧": "zang", "令": "ling", "宓": "mi", "祭": "zhai",
}  # fmt: skip
COMPOUND_READINGS = {"尉迟": ("yu", "chi"), "万俟": ("mo", "qi"), "单于": ("chan", "yu"), "澹台": ("tan", "tai")}


_JOINTS = str.maketrans({"-": "", "'": "", ".": "", " ": "", people.MIDDLE_DOT: ""})
_INITIALS = re.compile(r"^(zh|ch|sh|n(?!$)|r)")
_FOLDED_INITIALS = {"zh": "z", "ch": "c", "sh": "s", "n": "l", "r": "l"}
_FINALS = re.compile(r"(?<=[ie])ng$")


@cache
def _spelling() -> dict[int, str]:
    """Return what becomes of each sign of a name that is not compared as it stands."""
    groups = tomllib.loads(Path(__file__).with_name("variants.toml").read_text(encoding="utf-8"))["forms"].split()
    return _JOINTS | {ord(form): group[0] for group in groups for form in group[1:]}


@cache
def _table() -> dict[str, str]:
    """Return every character's reading; read once, 9 ms."""
    by_reading = tomllib.loads(Path(__file__).with_name("readings.toml").read_text(encoding="utf-8"))
    return {character: reading for reading, characters in by_reading.items() for character in characters}


def fold_variants(name: str) -> str:
    """Return a name with each character in the form compared, without dots, hyphens and spaces."""
    return name.translate(_spelling())


def sounds_of(surname: str, given: str) -> tuple[str, ...]:
    """Return a reading for each character; one without a known reading stands for itself."""
    table = _table()
    first = COMPOUND_READINGS.get(surname) or tuple([SURNAME_READINGS.get(c) or table.get(c, c) for c in surname])
    return (*first, *[table.get(character, character) for character in given])


@cache
def blur(sound: str) -> str:
    """Fold what the region's speech does not tell apart: n/l/r, zh/z, ch/c, sh/s, in/ing, en/eng."""
    if not sound.isascii():
        return sound
    folded = _INITIALS.sub(lambda found: _FOLDED_INITIALS[found.group()], sound)
    return _FINALS.sub("n", folded)
