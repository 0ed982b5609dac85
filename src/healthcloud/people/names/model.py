"""
A name is stored in one spelling: NFC, no stray spaces or invisible signs, one middle dot (U+00B7).

Rare characters stay as they are, up to CJK extension J; compatibility decomposition (NFKC) would change them. A private
use character means something else in every system, so it is refused and the sentence says what to do.
"""

import re
import unicodedata

from healthcloud.people.model import Broken, Sex

LONGEST = 100
MIDDLE_DOT = "·"

_INVISIBLE = re.compile("[\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200d\u2060\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef]")
_DOTS = re.compile("[\u2022\u2027\u2219\u22c5\u2e31\u2e33\u30fb\uff65\u16eb]")
_SPACES = re.compile(r"\s+")
_HAN_RANGES = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"
_HAN = re.compile(f"[{_HAN_RANGES}]")
# A full stop typed for the dot between the parts of a minority name: 阿依古丽.买买提.
_STOP_BETWEEN_HAN = re.compile(f"(?<=[{_HAN_RANGES}]) ?\\. ?(?=[{_HAN_RANGES}])")
_SPACE_BETWEEN_HAN = re.compile(f"(?<=[{_HAN_RANGES}]) (?=[{_HAN_RANGES}])")
_SPACE_AT_DOT = re.compile(f" ?{MIDDLE_DOT} ?")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0x2019: 0x27, 0x2018: 0x27}
_KANGXI = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)}
_PUNCTUATION = frozenset(f"-'.,() {MIDDLE_DOT}")
_LATIN_PART = re.compile(r"[^\s,·-]+")
_PROVISIONAL = re.compile(r"之[子女婴][甲乙丙丁戊己庚辛]?$")
_OF_MULTIPLES = "甲乙丙丁戊己庚辛"
_CHILD_OF = {Sex.MALE: "之子", Sex.FEMALE: "之女"}

# The two-character surnames in use. A name of just two such characters is a surname and a given name.
_COMPOUND = (
    "欧阳 上官 皇甫 令狐 诸葛 司马 司徒 司空 夏侯 尉迟 东方 慕容 长孙 宇文 公孙 轩辕 独孤 南宫 西门 端木 百里 呼延 "
    "申屠 太史 闻人 澹台 公冶 宗政 濮阳 淳于 单于 仲孙 钟离 鲜于 闾丘 亓官 司寇 子车 颛孙 乐正 拓跋 万俟 赫连 公羊 "
    "第五 左丘 东郭 南门 羊舌 微生 梁丘 纳兰 完颜 耶律 叶赫 那拉 歐陽 諸葛 司馬 東方 長孫 公孫 軒轅 獨孤"
)
COMPOUND_SURNAMES = frozenset(_COMPOUND.split())


def normalise_name(text: str) -> str:
    """Return the one spelling of a name, 1–100 characters; raise Broken with the reason."""
    name = unicodedata.normalize("NFC", text.translate(_FULL_WIDTH).translate(_KANGXI))
    name = _DOTS.sub(MIDDLE_DOT, _INVISIBLE.sub("", name))
    name = _SPACES.sub(" ", name).strip()
    name = _STOP_BETWEEN_HAN.sub(MIDDLE_DOT, name)
    name = _SPACE_AT_DOT.sub(MIDDLE_DOT, _SPACE_BETWEEN_HAN.sub("", name))
    if not name:
        raise Broken("must not be empty", "不能为空")
    if len(name) > LONGEST:
        raise Broken(f"must have at most {LONGEST} characters", f"最多 {LONGEST} 个字符")
    for position, character in enumerate(name, start=1):
        _check_character(character, position)
    if not any(_is_letter(character) for character in name):
        raise Broken("must hold a letter or a Chinese character", "至少要有一个汉字或字母")
    return name


def _check_character(character: str, position: int) -> None:
    if character in _PUNCTUATION or _is_letter(character):
        return
    category = unicodedata.category(character)
    if category == "Co":
        raise Broken(
            f"has a private use character at place {position}: enter its standard form (GB 18030-2022), "
            "or pinyin as the police station certifies it",
            f"第 {position} 个字是自造字，各系统不能互认：请输入 GB 18030-2022 中的标准字，或公安机关核定的拼音",
        )
    if category[0] not in "MN":
        raise Broken(f"has a sign at place {position} that no name holds", f"第 {position} 个字符不能用于姓名")


def _is_letter(character: str) -> bool:
    # Extensions H to J are newer than this Python's character data, so Han goes by range.
    return bool(_HAN.match(character)) or unicodedata.category(character)[0] == "L"


def name_key(name: str) -> str:
    """
    Return what two spellings of one name have in common, to compare a normalised name with another.

    Latin names compare without case, accents, hyphens and the order of their parts (a passport's machine-readable
    lines have neither accents nor a fixed order); names with a Chinese character compare as they stand.
    """
    if _HAN.search(name):
        return name
    bare = "".join(c for c in unicodedata.normalize("NFD", name.casefold()) if not unicodedata.combining(c))
    parts = re.split(r"[^\w]+", bare.replace("'", "").replace(MIDDLE_DOT, " "))
    return " ".join(sorted(part for part in parts if part))


def same_name(one: str, other: str) -> bool:
    """Tell whether two normalised names are spellings of one."""
    return one == other or name_key(one) == name_key(other)


def mask_name(name: str) -> str:
    """
    Mask a name (脱敏): the first character of each part, or a compound surname, stays.

    张三 → 张*, 欧阳小花 → 欧阳**, 阿依古丽·买买提 → 阿***·***, John Smith → J*** S****.
    """
    if len(name) == 1:
        return "*"
    if not _HAN.match(name):
        return _LATIN_PART.sub(lambda part: part.group()[0] + "*" * (len(part.group()) - 1), name)
    kept = 2 if name[:2] in COMPOUND_SURNAMES and len(name) > 2 else 1  # noqa: PLR2004 - two make the surname
    hidden = name[kept:]
    if MIDDLE_DOT not in hidden:
        return name[:kept] + "*" * len(hidden)
    return name[:kept] + "".join(sign if sign == MIDDLE_DOT else "*" for sign in hidden)


def name_of_child(mother: str, sex: Sex, order: int, *, of_several: bool) -> str:
    """Return the name a newborn goes by until it has its own: 张芳之女, of twins 张芳之女甲 and 张芳之子乙."""
    return mother + _CHILD_OF.get(sex, "之婴") + (_OF_MULTIPLES[order - 1] if of_several else "")


def is_provisional(name: str) -> bool:
    """Tell whether this is a newborn's name made from its mother's."""
    return bool(_PROVISIONAL.search(name))
