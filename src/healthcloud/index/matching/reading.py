"""From what a source wrote to a content: lenient, since a wrong value is evidence too."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from typing import TypeVar

from healthcloud import people
from healthcloud.core.errors import FieldFault, Unacceptable
from healthcloud.index.matching.model import Content, Written

LONGEST = {"name": 100, "number": 64, "phone": 64, "address": 400, "birth_date": 40, "other": 40}

_NOTHING = frozenset({"", "-", "--", "/", "无", "不详", "未知", "空", "null", "none", "nan", "n/a", "暂无", "未填"})
_SEXES = {
    "1": "1", "男": "1", "男性": "1", "m": "1", "male": "1", "2": "2", "女": "2", "女性": "2", "f": "2",
    "female": "2", "0": "0", "未知": "0", "未知的性别": "0", "9": "9", "未说明": "9", "未说明的性别": "9", "u": "0",
}  # fmt: skip
_KINDS = {
    "居民身份证": "01", "身份证": "01", "居民户口簿": "02", "户口簿": "02", "护照": "03", "军官证": "04",
    "驾驶证": "05", "港澳居民来往内地通行证": "06", "台湾居民来往内地通行证": "07", "出生医学证明": "08",
    "其他法定有效证件": "99", "其他": "99",
}  # fmt: skip
_DATE = re.compile(r"(\d{4})[^\d]*?(\d{1,2})[^\d]+(\d{1,2})(?!\d)|(\d{4})(\d{2})(\d{2})", re.ASCII)
_COUNTRY = re.compile(r"[A-Z]{3}", re.ASCII)
_RESIDENT_KIND = "01"

Value = TypeVar("Value")


def read_content(written: Written, today: date) -> Content:
    """
    Read what a source wrote; raise Unacceptable with every field that cannot be read at all.

    What is merely wrong is kept as written: a number whose check character fails, a date that does not exist.
    """
    faults: list[FieldFault] = []

    def read(field: str, text: str | None, how: Callable[[str], Value]) -> Value | None:
        told = _tidy(text)
        if told is None:
            return None
        try:
            return how(_not_longer(told, LONGEST.get(field, LONGEST["other"])))
        except people.Broken as broken:
            faults.append(FieldFault(f"#/{field}", broken.en, broken.zh))
            return None

    born = read("birth_date", written.birth_date, lambda text: _birth(text, today))
    kind = read("document_kind", written.document_kind, _kind)
    number = read("number", written.number, lambda text: _number(kind or _RESIDENT_KIND, text, today, written.issuer))
    content = Content(
        name=read("name", written.name, _name),
        sex=read("sex", written.sex, _sex) or "0",
        birth_date=born[0] if born else None,
        document_kind=(kind or _RESIDENT_KIND) if number else None,
        number=number,
        phone=read("phone", written.phone, _phone),
        address=read("address", written.address, lambda text: text),
        ethnicity=read("ethnicity", written.ethnicity, _ethnicity),
        nationality=read("nationality", written.nationality, _nationality),
        birth_written=born[1] if born else None,
        issuer=read("issuer", written.issuer, _nationality),
    )
    if not faults and content.name is None:
        faults.append(FieldFault("#/name", "must not be empty", "不能为空"))
    if faults:
        raise Unacceptable(faults=tuple(faults))
    return content


def certain(content: Content, today: date = date.max) -> bool:
    """Tell whether a card may be made ready: a sound name, and a valid document that agrees with sex and birth date."""
    if not content.name or content.birth_written or not content.number or not _is_sound(content.name):
        return False
    document = document_of(content, today)
    if document is None or people.is_provisional(content.name):
        return False
    if document.resident is None and (content.birth_date is None or not people.Sex(content.sex).is_stated):
        return False
    return people.disagreement(document, people.Sex(content.sex), content.birth_date) is None


def document_of(content: Content, today: date = date.max) -> people.Document | None:
    """Return a content's document when its number is valid."""
    if not content.number or not content.document_kind:
        return None
    try:
        kind = people.DocumentKind(content.document_kind)
        return people.read_document(kind, content.number, today, issuer=content.issuer)
    except (people.Broken, ValueError):
        return None


def _tidy(text: str | None) -> str | None:
    if text is None:
        return None
    told = text.strip("\ufeff\u200b \t\r\n\u3000'`")
    return None if told.casefold() in _NOTHING else told


def _not_longer(text: str, longest: int) -> str:
    if len(text) > longest:
        raise people.Broken(f"must have at most {longest} characters", f"最多 {longest} 个字符")
    return text


def _is_sound(name: str) -> bool:
    try:
        return people.normalise_name(name) == name
    except people.Broken:
        return False


def _name(text: str) -> str:
    try:
        return people.normalise_name(text)
    except people.Broken:
        kept = " ".join(unicodedata.normalize("NFC", text).split())
        # A character the source's system could not keep is no reason to lose the person.
        if any(unicodedata.category(character)[0] == "L" for character in kept):
            return kept
        raise


def _sex(text: str) -> str:
    sex = _SEXES.get(unicodedata.normalize("NFKC", text).casefold())
    if sex is None:
        raise people.Broken("must be 0, 1, 2 or 9 (GB/T 2261.1), 男 or 女", "应为 0、1、2、9（GB/T 2261.1）或 男、女")
    return sex


def _birth(text: str, today: date) -> tuple[date | None, str | None]:
    found = _DATE.search(unicodedata.normalize("NFKC", text))
    if found is None:
        raise people.Broken("must be a date, such as 1985-03-12", "应为日期，如 1985-03-12")
    year, month, day = (int(part) for part in found.groups() if part)
    try:
        born = date(year, month, day)
    except ValueError:
        return None, text
    return (born, None) if date(1850, 1, 1) <= born <= today else (None, text)


def _kind(text: str) -> str:
    named = _KINDS.get(text)
    if named:
        return named
    try:
        return people.DocumentKind(text.zfill(2)).value
    except ValueError:
        raise people.Broken(
            "must be a kind of CV02.01.101: 01–08 or 99", "应为证件类型 CV02.01.101：01–08 或 99"
        ) from None


def _number(kind: str, text: str, today: date, issuer: str | None) -> str:
    written = people.normalise_number(people.DocumentKind(kind), text)
    try:
        return people.read_document(people.DocumentKind(kind), text, today, issuer=_tidy(issuer)).number
    except people.Broken:
        return written


def _phone(text: str) -> str:
    try:
        return people.normalise_phone(text)
    except people.Broken:
        return " ".join(unicodedata.normalize("NFKC", text).split())


def _ethnicity(text: str) -> str | None:
    return people.code_of_group(text)


def _nationality(text: str) -> str | None:
    code = text.upper()
    return "CHN" if text in {"中国", "156", "CN"} else code if _COUNTRY.fullmatch(code) else None
