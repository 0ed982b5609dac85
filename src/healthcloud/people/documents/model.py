"""
An identity document: its kind (CV02.01.101, WS 364.3, and 08 of the electronic health card), number and issuer.

A document's `key` is what makes two documents one: a resident identity number is the same number on an identity card,
in a household register, on a driving licence or a residence permit, in 15 digits or 18.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from healthcloud.people.documents.countries import CHINA, normalise_country
from healthcloud.people.model import Broken, Sex
from healthcloud.people.numbers.model import ResidentNumber, looks_like_resident_number, read_resident_number

LONGEST_NUMBER = 32
RESIDENT_NUMBER_LENGTH = 18


class DocumentKind(StrEnum):
    """证件类型 CV02.01.101."""

    IDENTITY_CARD = "01"  # 居民身份证
    HOUSEHOLD_REGISTER = "02"  # 居民户口簿
    PASSPORT = "03"  # 护照
    OFFICER_CARD = "04"  # 军官证
    DRIVING_LICENCE = "05"  # 驾驶证
    HONG_KONG_MACAU_PERMIT = "06"  # 港澳居民来往内地通行证
    TAIWAN_PERMIT = "07"  # 台湾居民来往内地通行证
    BIRTH_CERTIFICATE = "08"  # 出生医学证明
    OTHER = "99"  # 其他法定有效证件


ALWAYS_RESIDENT_NUMBER = frozenset({DocumentKind.IDENTITY_CARD, DocumentKind.HOUSEHOLD_REGISTER})
ALSO_RESIDENT_NUMBER = frozenset({DocumentKind.DRIVING_LICENCE, DocumentKind.OTHER})
NAMES_ITS_ISSUER = frozenset({DocumentKind.PASSPORT, DocumentKind.OTHER})


@dataclass(frozen=True, slots=True)
class Document:
    """A checked document; `resident` is what its number says of the holder, where it is a resident number."""

    kind: DocumentKind
    number: str
    issuer: str | None = None  # alpha-3: of passports always, of other documents where it is not China
    resident: ResidentNumber | None = None
    valid_from: date | None = None
    valid_to: date | None = None

    @property
    def key(self) -> str:
        """The text whose fingerprint only one person may have."""
        if self.resident:
            return f"resident-id|{self.resident.number}"
        return f"{self.kind}|{self.issuer or CHINA}|{self.number}"


@dataclass(frozen=True, slots=True)
class _Form:
    """How numbers of one kind look, once normalised."""

    pattern: re.Pattern[str]
    en: str
    zh: str


_FORMS: dict[DocumentKind, _Form] = {
    DocumentKind.PASSPORT: _Form(
        re.compile(r"[0-9A-Z]{5,20}", re.ASCII), "must have 5–20 letters and digits", "应为 5–20 位字母和数字"
    ),
    DocumentKind.OFFICER_CARD: _Form(
        re.compile(r"[\u4e00-\u9fff]{0,4}[0-9A-Z]{4,12}"),
        "must look like 军字第1234567号",
        "格式应如 军字第1234567号",
    ),
    DocumentKind.DRIVING_LICENCE: _Form(
        re.compile(r"[0-9A-Z]{6,20}", re.ASCII), "must have 6–20 letters and digits", "应为 6–20 位字母和数字"
    ),
    DocumentKind.HONG_KONG_MACAU_PERMIT: _Form(
        re.compile(r"[HM][0-9]{8}", re.ASCII), "must be H or M with 8 digits", "应为 H 或 M 加 8 位数字"
    ),
    DocumentKind.TAIWAN_PERMIT: _Form(
        re.compile(r"[0-9]{8}|[0-9]{10}", re.ASCII),
        "must have 8 digits, or 10 of the old form",
        "应为 8 位数字，或旧式 10 位",
    ),
    DocumentKind.BIRTH_CERTIFICATE: _Form(
        re.compile(r"[A-Z][0-9]{9}", re.ASCII), "must be a letter with 9 digits", "应为 1 位字母加 9 位数字"
    ),
    DocumentKind.OTHER: _Form(
        re.compile(r"(?=.*[0-9A-Z])[0-9A-Z\u4e00-\u9fff/.]{3,32}"),
        "must have 3–32 letters, digits or Chinese characters",
        "应为 3–32 位字母、数字或汉字",
    ),
}
_NOISE = re.compile(r"[\s\u00ad\u200b-\u200d\u2060\ufeff\-‐‑‒–—_]+")


def read_document(
    kind: DocumentKind,
    number: str,
    today: date,
    *,
    issuer: str | None = None,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> Document:
    """Normalise and check a document; raise Broken with the reason."""
    written = normalise_number(kind, number)
    country = _issuer(kind, issuer)
    if valid_from and valid_to and valid_to < valid_from:
        raise Broken("ends before it begins to be valid", "有效期止早于有效期起")
    resident = _resident_number(kind, written, today)
    if resident:
        return Document(kind, resident.number, None, resident, valid_from, valid_to)
    form = _FORMS[kind]
    if not form.pattern.fullmatch(written):
        raise Broken(form.en, form.zh)
    return Document(kind, written, country, None, valid_from, valid_to)


def stored_document(kind: str, number: str, issuer: str | None) -> Document:
    """Return a document as it was once read and stored; its key is the one it was registered under."""
    return read_document(DocumentKind(kind), number, date.max, issuer=issuer)


def normalise_number(kind: DocumentKind, number: str) -> str:
    """Return a number in its one spelling: half width, upper case, without spaces, hyphens and marks of re-issue."""
    written = _NOISE.sub("", unicodedata.normalize("NFKC", number)).upper()
    if kind is DocumentKind.OFFICER_CARD:
        written = written.replace("字第", "").removesuffix("号").removesuffix("號")
    elif kind is DocumentKind.HONG_KONG_MACAU_PERMIT and re.fullmatch(r"[HM][0-9]{10}", written, re.ASCII):
        written = written[:9]  # the last two count re-issues; the holder's number is before them
    elif kind is DocumentKind.TAIWAN_PERMIT:
        written = re.sub(r"\(?[A-Z0-9]?\)?$", "", written) if re.search(r"[A-Z)]$", written) else written
    if not written:
        raise Broken("must not be empty", "不能为空")
    if len(written) > LONGEST_NUMBER:
        raise Broken(f"must have at most {LONGEST_NUMBER} characters", f"最多 {LONGEST_NUMBER} 个字符")
    return written


def _issuer(kind: DocumentKind, issuer: str | None) -> str | None:
    if kind not in NAMES_ITS_ISSUER:
        return None
    if issuer:
        country = normalise_country(issuer)
        return None if kind is DocumentKind.OTHER and country == CHINA else country
    if kind is DocumentKind.PASSPORT:
        raise Broken("needs the issuing country: two countries may use one number", "护照须注明签发国家")
    return None


def _resident_number(kind: DocumentKind, number: str, today: date) -> ResidentNumber | None:
    if kind in ALWAYS_RESIDENT_NUMBER:
        return read_resident_number(number, today)
    if kind in ALSO_RESIDENT_NUMBER and looks_like_resident_number(number):
        try:
            return read_resident_number(number, today)
        except Broken:
            # 18 characters of this form are a resident number wherever they stand; 15 digits may be something else.
            if len(number) == RESIDENT_NUMBER_LENGTH:
                raise
    return None


def disagreement(document: Document, sex: Sex, birth_date: date | None) -> tuple[str, Broken] | None:
    """Tell in which field ("sex" or "birth_date") a person differs from what their number says; None if nowhere."""
    said = document.resident
    if said is None:
        return None
    if birth_date is not None and birth_date != said.birth_date:
        return "birth_date", Broken("differs from the one in the identity number", "与证件号码中的出生日期不一致")
    if sex.is_stated and sex is not said.sex:
        return "sex", Broken("differs from the one in the identity number", "与证件号码中的性别不一致")
    return None


def mask_number(number: str) -> str:
    """Mask a document number (脱敏): 370402190001010015 → 3704**********0015; shorter ones keep less."""
    if len(number) >= 15:  # noqa: PLR2004 - long enough to keep four at each end
        return number[:4] + "*" * (len(number) - 8) + number[-4:]
    kept = max(len(number) // 4, 1) if len(number) > 2 else 0  # noqa: PLR2004 - two characters hide nothing
    return number[:kept] + "*" * (len(number) - 2 * kept) + number[len(number) - kept :]
