"""
Outside numbers of institutions: GB 11714, GB 32100, WS 218-2002, and numbers without a public rule.

A number is stored in one spelling (NFKC, upper case, no blanks, and no hyphens where the kind has none), so a lookup
is an equality on a key and never a case-insensitive match.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from healthcloud.core.errors import FieldFault
from healthcloud.institutions.numbers.errors import NumberWrong

DIGITS = "0123456789"
CODE_ALPHABET = DIGITS + "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
USCC_ALPHABET = DIGITS + "ABCDEFGHJKLMNPQRTUWXY"
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)

_ORGANISATION = re.compile(r"[0-9A-Z]{8}[0-9X]")
_USCC = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")
_WS218 = re.compile(r"(?P<code>[0-9A-Z]{8}[0-9X])(?P<division>[0-9]{6})[0-9]{2}[A-Z][0-9]{3}[0-9]")
_PLATFORM = re.compile(r"[0-9A-Z]{3,32}")
_TENCENT = re.compile(r"[0-9]{5}")
_OTHER_LENGTH = 64


class NumberKind(StrEnum):
    """Who gave a number, and by which rule."""

    WS218 = "ws218"  # 22 characters: 卫生机构（组织）代码, the number on the practice licence
    USCC = "uscc"  # 18 characters: 统一社会信用代码
    ORGANISATION = "organisation"  # 9 characters: 组织机构代码, shown as 8-1
    PLATFORM = "platform"  # given by a card platform, `KGA…`
    TENCENT = "tencent"  # 5 digits: Tencent's hospitalId
    OTHER = "other"  # whatever else a partner calls this institution


class OutsideNumber(NamedTuple):
    """A number and its kind; `checked` gives it in its one spelling."""

    kind: NumberKind
    number: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a number is refused."""

    en: str
    zh: str


LENGTH_22 = Reason(
    "not 9 characters of organisation code, 6 of division, 2 of economic type, 4 of class, 1 of management",
    "应为22位：9位组织机构代码、6位行政区划、2位经济类型、4位机构类别、1位分类管理",
)
NOT_USCC = Reason("not 18 characters of GB 32100's alphabet", "应为18位，且只用GB 32100规定的字符")
NOT_ORGANISATION = Reason("not 8 characters and a check digit", "应为8位代码加1位校验码")
NOT_PLATFORM = Reason("not 3 to 32 letters and digits", "应为3至32位字母或数字")
NOT_TENCENT = Reason("not 5 digits", "应为5位数字")
NOT_OTHER = Reason("empty, too long (64) or with control characters", "为空、超过64个字符或含控制字符")
WRONG_CHECK = Reason("the check digit does not match (GB 11714)", "组织机构代码校验码不符（GB 11714）")
WRONG_USCC_CHECK = Reason("the last character does not match (GB 32100)", "末位校验码不符（GB 32100）")
WRONG_EMBEDDED = Reason(
    "the organisation code inside (characters 9 to 17) has another check digit (GB 11714)",
    "其中第9至17位组织机构代码的校验码不符（GB 11714）",
)


def plain(text: str) -> str:
    """Return text with full-width forms folded, upper case, outer blanks gone."""
    return unicodedata.normalize("NFKC", text).strip().upper()


def compact(text: str) -> str:
    """Return `plain` text without blanks and hyphens."""
    return re.sub(r"[\s\-‐‑–—−]", "", plain(text))


def organisation_check(body: str) -> str:
    """Return GB 11714's check digit of 8 characters: 11 − Σ mod 11, 10 as X, 11 as 0."""
    total = sum(w * CODE_ALPHABET.index(c) for w, c in zip(ORGANISATION_WEIGHTS, body, strict=True))
    return "0X987654321"[total % 11]


def uscc_check(body: str) -> str:
    """Return GB 32100's check character of 17 characters: (31 − Σ cᵢ·3ⁱ mod 31) mod 31."""
    total = sum(pow(3, i, 31) * USCC_ALPHABET.index(c) for i, c in enumerate(body))
    return USCC_ALPHABET[-total % 31]


def _wrong_organisation(number: str) -> Reason | None:
    if not _ORGANISATION.fullmatch(number):
        return NOT_ORGANISATION
    return None if organisation_check(number[:8]) == number[8] else WRONG_CHECK


def _wrong_uscc(number: str) -> Reason | None:
    if not _USCC.fullmatch(number):
        return NOT_USCC
    if uscc_check(number[:17]) != number[17]:
        return WRONG_USCC_CHECK
    return None if organisation_check(number[8:16]) == number[16] else WRONG_EMBEDDED


def _wrong_ws218(number: str) -> Reason | None:
    parts = _WS218.fullmatch(number)
    return LENGTH_22 if parts is None else _wrong_organisation(parts["code"])


def _wrong_other(number: str) -> Reason | None:
    return None if 0 < len(number) <= _OTHER_LENGTH and number.isprintable() else NOT_OTHER


_RULES: dict[NumberKind, Callable[[str], Reason | None]] = {
    NumberKind.WS218: _wrong_ws218,
    NumberKind.USCC: _wrong_uscc,
    NumberKind.ORGANISATION: _wrong_organisation,
    NumberKind.PLATFORM: lambda number: None if _PLATFORM.fullmatch(number) else NOT_PLATFORM,
    NumberKind.TENCENT: lambda number: None if _TENCENT.fullmatch(number) else NOT_TENCENT,
    NumberKind.OTHER: _wrong_other,
}


def checked(kind: NumberKind, text: str, *, pointer: str = "/numbers") -> OutsideNumber:
    """Return the number in its one spelling, or raise NumberWrong with the reason at `pointer`."""
    number = plain(text) if kind is NumberKind.OTHER else compact(text)
    reason = _RULES[kind](number)
    if reason is not None:
        raise NumberWrong(faults=(FieldFault(pointer, reason.en, reason.zh),), kind=kind.value)
    return OutsideNumber(kind, number)


def spellings(text: str) -> list[str]:
    """Return the spellings under which a number of unknown kind may be stored."""
    return sorted({plain(text), compact(text)} - {""})


def shown(number: OutsideNumber) -> str:
    """Write a number as people know it: an organisation code with its hyphen."""
    if number.kind is NumberKind.ORGANISATION:
        return f"{number.number[:8]}-{number.number[8:]}"
    return number.number
