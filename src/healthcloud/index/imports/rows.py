"""From a row of a file to what is handed to the index, or to why it can't be; pure."""

from collections.abc import Callable, Sequence
from collections.abc import Mapping as Words
from dataclasses import dataclass

import msgspec

from healthcloud.index.imports.columns import REQUIRED, TITLES, Field, Mapping, looks_like
from healthcloud.index.imports.table import MOST_CELL, MOST_LINE, Flaw, RawRow
from healthcloud.index.imports.values import date_of, is_formula, is_part_of_date, is_scientific, kind_of, said, sex_of
from healthcloud.index.matching.model import Written

MOST_SHIFTED_COLUMNS_UNNOTICED = 1


class Reason(msgspec.Struct, array_like=True, frozen=True):
    """Why a row was rejected, in both languages; `code` is stable, `field` the column it is about."""

    code: str
    zh: str
    en: str
    field: str = ""


_FLAWS: dict[str, tuple[str, str]] = {
    Flaw.CELL_LONG: (
        f"有单元格超过 {MOST_CELL} 个字符（已截断）",
        f"a cell has over {MOST_CELL} characters (cut here)",
    ),
    Flaw.LINE_LONG: (f"整行超过 {MOST_LINE} 个字符（已截断）", f"the line has over {MOST_LINE} characters (cut here)"),
    Flaw.QUOTE_OPEN: ("引号没有闭合", "a quote is not closed"),
    Flaw.CUT: ("文件在此处中断，末行不完整", "the file ends in the middle of this row"),
    Flaw.TOO_FEW: ("列数少于表头", "has fewer columns than the header"),
    Flaw.TOO_MANY: ("列数多于表头", "has more columns than the header"),
    Flaw.UNREADABLE: ("有无法识别的字符（编码损坏）", "has signs that cannot be read (damaged encoding)"),
    Flaw.NUL: ("含有空字符（NUL）", "holds a NUL character"),
}
_FAULTS: dict[str, tuple[str, str]] = {
    "missing": ("必填", "is required"),
    "formula": ("是公式，请粘贴为值", "is a formula: paste it as a value"),
    "digits-lost": (
        "被表格软件存成数字，末几位已丢失，请按文本格式重新导出",
        "was kept as a number and lost digits: export as text",
    ),
    "not-understood": ("无法识别", "is not understood"),
    "too-long": ("过长", "is too long"),
    "other-institution": ("属于其他机构", "names another institution"),
}
SHIFTED = "shifted"
TWICE = "number-twice"
_SHIFTED = ("{} 列的内容不像该列，疑似串列", "columns {} do not hold what they should: shifted perhaps")
_TWICE = (
    "同一患者号在第 {} 行出现且内容不同，两行都未采用",
    "the same local number stands in line {} with other content: neither was taken",
)


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row read: what it says under which number, or the reasons why it is rejected."""

    n: int
    number: str
    written: Written
    reasons: tuple[Reason, ...] = ()


def fault(field: Field, code: str) -> Reason:
    """Return what is wrong with one field."""
    (zh, en), (title_zh, title_en) = _FAULTS[code], TITLES[field]
    return Reason(code, f"{title_zh}：{zh}", f"{title_en} {en}", field.value)


def twice(others: Sequence[int]) -> Reason:
    """Return that a number stands elsewhere too, with another content."""
    lines = ", ".join(map(str, others[:5]))
    return Reason(TWICE, _TWICE[0].format(lines), _TWICE[1].format(lines), Field.LOCAL_NUMBER.value)


def read_row(row: RawRow, mapping: Mapping, is_own: Callable[[str], bool]) -> ReadRow:
    """Read a row by a mapping; `is_own` tells whether a text names the institution that hands it in."""
    if row.flaw is not None:
        zh, en = _FLAWS[row.flaw]
        return ReadRow(row.n, "", Written(), (Reason(row.flaw, zh, en),))
    texts = {field: said(row.cells[place]) for field in Field if (place := mapping.place(field)) is not None}
    reasons = [*_shifted(texts), *_spoilt(row, mapping, texts)]
    if not reasons:
        reasons += [fault(field, "missing") for field in REQUIRED if texts.get(field) is None]
    institution = texts.get(Field.INSTITUTION)
    if institution is not None and not is_own(institution):
        reasons.append(fault(Field.INSTITUTION, "other-institution"))
    written, wrong = _written(texts)
    return ReadRow(row.n, texts.get(Field.LOCAL_NUMBER) or "", written, tuple(reasons) or wrong)


def _spoilt(row: RawRow, mapping: Mapping, texts: Words[Field, str | None]) -> list[Reason]:
    reasons = []
    for field, text in texts.items():
        place = mapping.place(field)
        if place in row.formulas or (text is not None and is_formula(text)):
            reasons.append(fault(field, "formula"))
        elif place in row.numeric or (text is not None and is_scientific(text)):
            reasons.append(fault(field, "digits-lost"))
    return reasons


def _shifted(texts: Words[Field, str | None]) -> list[Reason]:
    """Tell of columns that evidently hold what belongs into another one."""
    odd = []
    for field, text in texts.items():
        if text is None or field not in _SHAPED or _fits(field, text):
            continue
        if any(looks_like(other, text) for other in _SHAPED if other is not field and other in texts):
            odd.append(TITLES[field])
    if len(odd) <= MOST_SHIFTED_COLUMNS_UNNOTICED:
        return []
    zh, en = _SHIFTED
    return [Reason(SHIFTED, zh.format("、".join(one[0] for one in odd)), en.format(", ".join(one[1] for one in odd)))]


_SHAPED = (Field.NAME, Field.SEX, Field.BIRTH_DATE, Field.NUMBER, Field.PHONE)


def _fits(field: Field, text: str) -> bool:
    match field:
        case Field.SEX:
            return sex_of(text) is not None
        case Field.BIRTH_DATE:
            return date_of(text) is not None or is_part_of_date(text)
        case Field.NAME:
            return not any(looks_like(other, text) for other in _SHAPED if other is not Field.NAME)
        case Field.NUMBER:
            return looks_like(field, text) or not any(
                looks_like(other, text) for other in (Field.NAME, Field.SEX, Field.BIRTH_DATE)
            )
        case _:
            return looks_like(field, text)


def _written(texts: Words[Field, str | None]) -> tuple[Written, tuple[Reason, ...]]:
    """Put values into codes; what cannot be understood is told."""
    wrong = []
    sex, birth, kind = texts.get(Field.SEX), texts.get(Field.BIRTH_DATE), texts.get(Field.DOCUMENT_KIND)
    number = texts.get(Field.NUMBER)
    if sex is not None and (sex := sex_of(sex)) is None:
        wrong.append(fault(Field.SEX, "not-understood"))
    if birth is not None and is_part_of_date(birth):
        birth = None  # 出生年月: evidence of nothing that is compared
    elif birth is not None and (birth := date_of(birth)) is None:
        wrong.append(fault(Field.BIRTH_DATE, "not-understood"))
    if kind is not None and (kind := kind_of(kind)) is None and number is not None:
        wrong.append(fault(Field.DOCUMENT_KIND, "not-understood"))
    nationality = texts.get(Field.NATIONALITY)
    written = Written(
        name=texts.get(Field.NAME),
        sex=sex,
        birth_date=birth,
        document_kind=kind if number is not None else None,
        number=number,
        phone=texts.get(Field.PHONE),
        address=texts.get(Field.ADDRESS),
        ethnicity=texts.get(Field.ETHNICITY),
        nationality=nationality,
        # A passport is nobody's without the country that gave it; hospitals write it as its holder's.
        issuer=nationality if kind == "03" else None,
    )
    return written, tuple(wrong)
