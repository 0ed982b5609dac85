"""Which column holds what: the words hospitals' systems write above their columns, and what values look like. Pure."""

import re
import unicodedata
from collections.abc import Sequence
from enum import StrEnum

import msgspec

from healthcloud.index.imports.table import RawRow, Shape


class Field(StrEnum):
    """What a column can hold; in the order in which people are asked about them."""

    LOCAL_NUMBER = "local_number"
    NAME = "name"
    SEX = "sex"
    BIRTH_DATE = "birth_date"
    DOCUMENT_KIND = "document_kind"
    NUMBER = "number"
    PHONE = "phone"
    ADDRESS = "address"
    ETHNICITY = "ethnicity"
    NATIONALITY = "nationality"
    INSTITUTION = "institution"


REQUIRED = (Field.LOCAL_NUMBER, Field.NAME)
# A name by itself is nobody's: one of these must stand beside it.
ONE_OF = (Field.NUMBER, Field.BIRTH_DATE)
TITLES: dict[Field, tuple[str, str]] = {
    Field.LOCAL_NUMBER: ("患者号", "local number"),
    Field.NAME: ("姓名", "name"),
    Field.SEX: ("性别", "sex"),
    Field.BIRTH_DATE: ("出生日期", "birth date"),
    Field.DOCUMENT_KIND: ("证件类型", "kind of document"),
    Field.NUMBER: ("证件号码", "document number"),
    Field.PHONE: ("联系电话", "phone"),
    Field.ADDRESS: ("住址", "address"),
    Field.ETHNICITY: ("民族", "ethnicity"),
    Field.NATIONALITY: ("国籍", "nationality"),
    Field.INSTITUTION: ("机构", "institution"),
}

# Exact words first, in the order of preference: a file may have 病人ID and 门诊号.
_WORDS: dict[Field, str] = {
    Field.LOCAL_NUMBER: (
        "患者号 患者编号 患者ID 患者标识 患者主索引号 患者唯一号 病人号 病人编号 病人ID 病人标识 病人唯一号 "
        "个人编号 档案号 健康档案号 健康档案编号 病案号 病历号 门诊病历号 就诊卡号 诊疗卡号 就诊号 门诊号 住院号 "
        "登记号 卡号 本地号 院内号 "
        "PATIENTID PATID PID PATNO PATIENTNO BRID BRBH HZBH HZID MRN EMPI EMPIID LOCALNUMBER LOCALID MPIID MZH JZKH"
    ),
    Field.NAME: (
        "姓名 患者姓名 病人姓名 居民姓名 就诊人姓名 本人姓名 人员姓名 名字 病人名称 患者名称 "
        "NAME PATIENTNAME PATNAME XM HZXM BRXM FULLNAME"
    ),
    Field.SEX: "性别 患者性别 病人性别 性别代码 性别编码 性别名称 SEX GENDER XB XBDM SEXCODE",
    Field.BIRTH_DATE: (
        "出生日期 出生年月日 出生年月 出生时间 生日 患者出生日期 病人出生日期 "
        "BIRTHDATE BIRTHDAY DATEOFBIRTH DOB CSRQ BIRTH"
    ),
    Field.DOCUMENT_KIND: (
        "证件类型 证件类别 证件种类 证件类型代码 身份证件类别 身份证件类别代码 身份证件类型 "
        "IDTYPE IDCARDTYPE DOCUMENTTYPE DOCUMENTKIND CERTTYPE ZJLX ZJLB"
    ),
    Field.NUMBER: (
        "证件号码 证件号 身份证号 身份证号码 身份证件号码 居民身份证号 居民身份证号码 公民身份号码 公民身份证号 身份证 "
        "IDNUMBER IDNO IDCARD IDCARDNO IDCARDNUMBER DOCUMENTNUMBER CERTNO SFZH SFZHM ZJHM ZJH NATIONALID"
    ),
    Field.PHONE: (
        "联系电话 手机 手机号 手机号码 电话 电话号码 本人电话 本人联系电话 患者电话 移动电话 联系方式 家庭电话 "
        "PHONE MOBILE TEL TELEPHONE PHONENUMBER MOBILEPHONE LXDH SJH SJHM DH"
    ),
    Field.ADDRESS: (
        "住址 现住址 家庭住址 家庭地址 居住地址 现居住地址 联系地址 地址 通讯地址 户籍地址 户口地址 常住地址 "
        "ADDRESS HOMEADDRESS ADDR XZZ JTZZ DZ"
    ),
    Field.ETHNICITY: "民族 民族代码 民族名称 ETHNICITY ETHNICGROUP NATION MZ MZDM",
    Field.NATIONALITY: "国籍 国籍代码 国家 国家代码 NATIONALITY COUNTRY CITIZENSHIP GJ GJDM",
    Field.INSTITUTION: (
        "机构 医疗机构 机构名称 医疗机构名称 机构代码 机构编码 医疗机构代码 医院 医院名称 医院代码 院区机构代码 "
        "INSTITUTION HOSPITAL ORGNAME ORGCODE ORGANIZATION JGDM JGMC YLJGDM YLJGMC"
    ),
}
_OTHERS = re.compile(r"联系人|监护|家属|亲属|父亲|母亲|配偶|户主|医生|医师|录入|操作|紧急|陪护|CONTACT|GUARDIAN|DOCTOR")
_NOISE = re.compile(r"[\s_\-—.:：*＊()（）\[\]【】/、'\"“”#]+")
_PLACES = {field: {word: rank for rank, word in enumerate(words.split())} for field, words in _WORDS.items()}

_BIRTH = re.compile(r"(18|19|20)\d\d([-/.年]?(0?[1-9]|1[0-2]))([-/.月]?(0?[1-9]|[12]\d|3[01])日?)?([ T].*)?", re.ASCII)
_RESIDENT = re.compile(r"[1-9]\d{16}[\dXx]|[1-9]\d{14}", re.ASCII)
_PHONE = re.compile(r"\+?(86)?-?1[3-9]\d{9}|0\d{2,3}-?\d{7,8}", re.ASCII)
_HAN_NAME = re.compile("[\u3400-\u4dbf\u4e00-\u9fff·]{2,15}")
_SEXES = frozenset(("男", "女", "男性", "女性", "M", "F", "MALE", "FEMALE", "1", "2", "0", "9", "未知", "不详"))
_LOOKS_FROM = 0.7


class Mapping(msgspec.Struct, frozen=True):
    """Which column (place from 0) holds what; a field without a column is not read."""

    columns: dict[str, int]

    def place(self, field: Field) -> int | None:
        """Return where a field stands."""
        return self.columns.get(field.value)


def word_of(header: str) -> str:
    """Return a header's word as it is looked for: half width, upper case, without spaces, signs and brackets."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", header)).upper()


def field_of(header: str) -> tuple[Field, int] | None:
    """Return what a header names and how well (0 best), None for a word not known, or one about somebody else."""
    word = word_of(header)
    found = min(
        ((rank, field) for field, ranks in _PLACES.items() if (rank := ranks.get(word)) is not None), default=None
    )
    if found is not None:
        return found[1], found[0]
    if _OTHERS.search(word):
        return None
    # 患者姓名（必填）, 身份证号码18位: the longest known word in it.
    inside = max(
        (
            (len(one), field)
            for field, ranks in _PLACES.items()
            for one in ranks
            if len(one) > 1 and not one.isascii() and one in word
        ),
        default=None,
    )
    return (inside[1], 100 - inside[0]) if inside else None


def known_words(cells: Sequence[str]) -> int:
    """Tell how many of these cells are headers that are known."""
    return len({found[0] for cell in cells if len(cell) < 40 and (found := field_of(cell))})  # noqa: PLR2004 - no sentence


def propose(shape: Shape, first: Sequence[RawRow]) -> Mapping:
    """Propose which column holds what, by the words above them, else by what stands in them."""
    best: dict[Field, tuple[int, int]] = {}
    for place, header in enumerate(shape.header):
        found = field_of(header)
        if found is not None and (found[1], place) < best.get(found[0], (1000, 0)):
            best[found[0]] = found[1], place
    columns = {field.value: place for field, (_, place) in best.items()}
    taken = set(columns.values())
    for field in (Field.NUMBER, Field.PHONE, Field.BIRTH_DATE, Field.SEX, Field.NAME):
        if shape.header_at or field.value in columns:
            continue  # words are believed where there are any
        at_place = next((at for at in range(shape.width) if at not in taken and _mostly(field, first, at)), None)
        if at_place is not None:
            columns[field.value] = at_place
            taken.add(at_place)
    return Mapping({field.value: columns[field.value] for field in Field if field.value in columns})


def _mostly(field: Field, rows: Sequence[RawRow], place: int) -> bool:
    cells = [cell for row in rows if len(row.cells) > place and (cell := row.cells[place].strip())]
    return bool(cells) and sum(looks_like(field, cell) for cell in cells) >= len(cells) * _LOOKS_FROM


def looks_like(field: Field, cell: str) -> bool:
    """Tell whether a value is evidently of this field; of fields whose values have no shape nothing evidently is."""
    text = unicodedata.normalize("NFKC", cell).strip()
    match field:
        case Field.SEX:
            return text.upper() in _SEXES
        case Field.BIRTH_DATE:
            return _BIRTH.fullmatch(text) is not None
        case Field.NUMBER:
            return _RESIDENT.fullmatch(text) is not None
        case Field.PHONE:
            return _PHONE.fullmatch(text) is not None
        case Field.NAME:
            return _HAN_NAME.fullmatch(text) is not None and text not in _SEXES
        case _:
            return False
