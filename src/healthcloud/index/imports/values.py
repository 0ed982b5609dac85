"""Values as hospitals write them, in words or codes of their own, put into those of the standards. Pure."""

import re
import unicodedata
from datetime import date, timedelta

from healthcloud.core.cells import unguarded

_SAYS_NOTHING = r"- -- --- / \ . * ? 无 空 暂无 NULL NONE N/A NA \N (NULL) UNKNOWN"
_NOTHING = frozenset(_SAYS_NOTHING.split()) | {""}
# GB/T 2261.1
_SEXES = {
    "1": "男 男性 M MALE MAN 1 01 先生 1.男 1男 男1",
    "2": "女 女性 F FEMALE WOMAN 2 02 女士 2.女 2女 女2",
    "0": "未知 未知的性别 不详 未知性别 U UNKNOWN 0 00 3 性别不详",
    "9": "未说明 未说明的性别 其他 O OTHER 9 09",
}
# CV02.01.101, with 08 of the electronic health card
_KINDS = {
    "01": "居民身份证 身份证 二代身份证 第二代身份证 一代身份证 公民身份证 大陆身份证 中国居民身份证 IDCARD ID SFZ",
    "02": "居民户口簿 户口簿 户口本 户口薄 居民户口薄",
    "03": "护照 外国护照 中国护照 外籍护照 PASSPORT",
    "04": "军官证 士兵证 军人证 警官证 军人证件 文职干部证",
    "05": "驾驶证 驾照 机动车驾驶证",
    "06": "港澳居民来往内地通行证 港澳通行证 港澳居民通行证 回乡证 港澳回乡证",
    "07": "台湾居民来往内地通行证 台湾居民来往大陆通行证 台胞证 台湾通行证",
    "08": "出生医学证明 出生证 出生证明 出生医学证",
    "99": "其他法定有效证件 其他 其他证件 其它 其它证件 OTHER",
}
_SEX_OF = {word: code for code, words in _SEXES.items() for word in words.split()}
_KIND_OF = (
    {word: code for code, words in _KINDS.items() for word in words.split()}
    | {code.lstrip("0"): code for code in _KINDS}
    | {code: code for code in _KINDS}
)
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T].*)?", re.ASCII)
_PLAIN_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\d{6})?", re.ASCII)
_MONTH_FIRST = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?: .*)?", re.ASCII)
_SERIAL = re.compile(r"\d{5}(?:\.0+)?", re.ASCII)
_LAST_SERIAL = 60_000  # of spreadsheets: days since 1899-12-30; those of four digits look like years
_EPOCH = date(1899, 12, 30)
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[Ee]\+?\d{1,2}", re.ASCII)
_PHONE_SIGNS = re.compile(r"[+\-]?[\d()（）\s\-]{5,}")
_FORMULA = re.compile(r"[=@\t\r＝＠]|[+\-＋－](?![\d\s()\-]*$)")


def said(cell: str) -> str | None:
    """Return what a cell says, without its guarding apostrophe and outer spaces; None for nothing."""
    text = unguarded(cell).strip(" \t\r\n\u3000\ufeff\xa0")
    return None if unicodedata.normalize("NFKC", text).upper() in _NOTHING else text


def is_formula(text: str) -> bool:
    """Tell whether a spreadsheet would run this; a phone number with its country's code is none."""
    return _FORMULA.match(text) is not None and _PHONE_SIGNS.fullmatch(text) is None


def is_scientific(text: str) -> bool:
    """Tell whether a spreadsheet has written a long number as 3.70402E+17: its digits are lost."""
    return _SCIENTIFIC.fullmatch(text) is not None


def sex_of(text: str) -> str | None:
    """Return the code of GB/T 2261.1, None for what is no sex."""
    return _SEX_OF.get(_folded(text))


def kind_of(text: str) -> str | None:
    """Return the code of CV02.01.101, None for a kind not known."""
    word = _folded(text)
    if word in _KIND_OF:
        return _KIND_OF[word]
    return next((code for known, code in _KIND_OF.items() if len(known) > 2 and known in word), None)  # noqa: PLR2004 - no code


def date_of(text: str) -> str | None:
    """Return YYYY-MM-DD as written, be it a day that does not exist; None for what is no date."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if found := _DATE.fullmatch(plain) or _PLAIN_DATE.fullmatch(plain):
        year, month, day = found.groups()[:3]
    elif found := _MONTH_FIRST.fullmatch(plain):
        month, day, year = found.groups()
    elif _SERIAL.fullmatch(plain) and (serial := int(float(plain))) <= _LAST_SERIAL:
        return (_EPOCH + timedelta(serial)).isoformat()
    else:
        return None
    return f"{int(year):04}-{int(month):02}-{int(day):02}"


def is_part_of_date(text: str) -> bool:
    """Tell whether this is a year, or a year with a month and no day (出生年月): no birth date."""
    return re.fullmatch(r"(18|19|20)\d\d[-/.年]?((0?[1-9]|1[0-2])月?)?", text, re.ASCII) is not None


def _folded(text: str) -> str:
    return re.sub(r"[\s()（）_-]", "", unicodedata.normalize("NFKC", text)).upper()
