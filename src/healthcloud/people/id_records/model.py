"""
The record of a second-generation resident identity card, as the programs of card readers hand it on.

It has name, sex, ethnic group, birth, address, number, authority and validity, on one line, in almost any order.

Readers differ in separators, in how they write a date, in codes or words for sex and ethnic group, and in labels before
the values; the number is what is sure, so the record must have one. Pure.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

import msgspec

from healthcloud.core.errors import FieldFault, Unacceptable
from healthcloud.people.id_records.ethnic_groups import code_of_group
from healthcloud.people.model import Broken, Sex
from healthcloud.people.numbers.model import ResidentNumber, read_resident_number

LONGEST_LINE = 1000
LONGEST_NAME, LONGEST_ADDRESS, LONGEST_AUTHORITY = 50, 100, 50
FOR_EVER = "长期"
MOST_PARTS = 40
_SEPARATORS = re.compile(r"[\t|;；\r\n^#]+|,(?!\d{3}\b)|，|\s{2,}")
_LABELS = re.compile(
    r"^(?:姓\s*名|性\s*别|民\s*族|出生(?:日期|年月)?|住\s*址|地\s*址|(?:公民)?身份(?:证)?号码?|证件号码|签发机关|发证机关"
    r"|有效期限?(?:起|止|自|至)?|name|sex|gender|nation|ethnic|birth(?:day|date)?|address|id(?:num|no|number)?|police"
    r"|authority|issuer|valid(?:ity|from|to|start|end)?)\s*[:：=]\s*",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?<![0-9A-Z])[0-9]{17}[0-9X](?![0-9A-Z])", re.IGNORECASE | re.ASCII)
_DAY = re.compile(r"(?<!\d)((?:19|20)\d{2})\s*[-./年]?\s*(\d{1,2})\s*[-./月]?\s*(\d{1,2})\s*日?(?!\d)", re.ASCII)
_AUTHORITY = re.compile(r".*(?:公安|派出所|边防|出入境).*")
_NAME = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff·•.\u3007 ]{2,}")
_ADDRESS_SIGN = re.compile(r"[省市县区镇乡村街路号旗盟组室]")
_SEX_CODES = {"1": Sex.MALE, "2": Sex.FEMALE, "男": Sex.MALE, "女": Sex.FEMALE, "男性": Sex.MALE, "女性": Sex.FEMALE}


class IdRecord(msgspec.Struct, frozen=True, array_like=True):
    """What is kept of a card beyond the face, sealed; `valid_to` None is 长期, unlimited. New fields at the end."""

    address: str | None
    authority: str | None
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class CardRecord:
    """A card as read; `ethnicity` is a code of GB/T 3304, `is_unlimited` says 长期."""

    name: str | None
    number: str
    sex: Sex
    birth_date: date
    ethnicity: str | None = None
    address: str | None = None
    authority: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    is_unlimited: bool = False

    def has_expired(self, today: date) -> bool:
        """Tell whether its last day has passed."""
        return self.valid_to is not None and self.valid_to < today

    @property
    def kept(self) -> IdRecord:
        """What is kept beside the registration."""
        return IdRecord(self.address, self.authority, self.valid_from, self.valid_to)


def read_card(line: str, today: date) -> CardRecord:
    """Read what a card reader's program hands on; raise Unacceptable where no valid number is in it, or two are."""
    text = unicodedata.normalize("NFKC", line)
    if len(line) > LONGEST_LINE or any(unicodedata.category(sign) == "Cc" and sign not in "\t\r\n" for sign in text):
        raise _unreadable("is longer, or stranger, than a card's record", "内容过长或含有不该有的字符")
    number = _number(text, today)
    parts = [part for part in (_plain(one) for one in _SEPARATORS.split(text)[:MOST_PARTS]) if part]
    parts = [part for part in parts if number.number not in part.upper()]
    days = _validity(parts, number.birth_date)
    rest = [part for part in parts if not _DAY.search(part) and FOR_EVER not in part]
    group = _group(rest)
    authority = next((part for part in rest if _AUTHORITY.fullmatch(part) and len(part) <= LONGEST_AUTHORITY), None)
    rest = [part for part in rest if part not in (authority, group) and part not in _SEX_CODES]
    address = max((part for part in rest if _is_address(part)), key=len, default=None)
    name = next((part for part in rest if part != address and _is_name(part)), None)
    return CardRecord(
        name=name,
        number=number.number,
        sex=number.sex,
        birth_date=number.birth_date,
        ethnicity=code_of_group(group) if group else None,
        address=address,
        authority=authority,
        valid_from=days[0],
        valid_to=days[1],
        is_unlimited=any(FOR_EVER in part for part in parts),
    )


def _plain(part: str) -> str:
    return _LABELS.sub("", part.strip(" \t\"'<>[]{}:=")).strip()


def _number(text: str, today: date) -> ResidentNumber:
    """Return the one resident number in a text."""
    found = {match.group().upper() for match in _NUMBER.finditer(text)}
    if len(found) != 1:
        raise _unreadable("holds no single identity number", "没有读到唯一的身份证号码")
    try:
        return read_resident_number(found.pop(), today)
    except Broken as broken:
        raise _unreadable(broken.en, broken.zh) from None


def _group(parts: list[str]) -> str | None:
    """Return the part that says the ethnic group: the last that can, since a first one may be a name, as 高山."""
    found = [place for place, part in enumerate(parts) if code_of_group(part)]
    return parts[found[-1]] if found and found != [0] else None


def _validity(parts: list[str], born: date) -> tuple[date | None, date | None]:
    """Return from when to when it is valid: the days other than the birth, in their order; nothing where they clash."""
    days = [day for part in parts for day in _days(part) if day != born]
    first = min(days, default=None)
    last = max(days) if len(days) > 1 else None
    return first, last


def _days(part: str) -> list[date]:
    days = []
    for match in _DAY.finditer(part):
        try:
            days.append(date(*(int(digits) for digits in match.groups())))
        except ValueError:
            continue
    return days


def _is_address(part: str) -> bool:
    return 4 <= len(part) <= LONGEST_ADDRESS and len(_ADDRESS_SIGN.findall(part)) > 1  # noqa: PLR2004 - 区…号 at least


def _is_name(part: str) -> bool:
    return len(part) <= LONGEST_NAME and bool(_NAME.fullmatch(part))


def _unreadable(en: str, zh: str) -> Unacceptable:
    return Unacceptable(faults=(FieldFault("#/record", en, zh),))
