"""Files as hospitals' systems write them: whatever is wrong costs its own row and none after it."""

from collections.abc import Iterator

import pytest
from index.imports.files import HEADER

from healthcloud.index.imports.columns import Field, propose
from healthcloud.index.imports.errors import FileUnreadable
from healthcloud.index.imports.masking import masked, masked_date
from healthcloud.index.imports.reading.looking import Looking
from healthcloud.index.imports.reading.sheets import lines_of, rows_of
from healthcloud.index.imports.reading.taking import shape_of_sheet
from healthcloud.index.imports.rows import ReadRow, read_row
from healthcloud.index.imports.table import MOST_LINE, Flaw, RawRow, Shape, fitted
from healthcloud.index.imports.values import date_of, is_part_of_date, kind_of, said, sex_of

HEAD = ",".join(HEADER)
GOOD = "P1,欧阳小花,女,1901-01-02,370402190101020028,,光明路1号"


def encoding_of(file: bytes, piece: int = 7) -> str:
    looking = Looking()
    for at in range(0, len(file), piece):
        looking.add(file[at : at + piece])
    return looking.end().encoding


def taken(text: str | bytes, encoding: str = "utf-8", piece: int = 997) -> tuple[Shape, list[RawRow]]:
    """Take a file apart as it would be, from small pieces."""
    file = text.encode(encoding) if isinstance(text, str) else text
    shape = shape_of_sheet(file, encoding)
    pieces = (file[at : at + piece] for at in range(0, len(file), piece))
    rows = rows_of(lines_of(pieces, encoding), shape.delimiter, shape.width if shape.header_at else None)
    return shape, [fitted(row, shape) for row in rows if row.n > shape.header_at]


def read(text: str) -> list[ReadRow]:
    shape, rows = taken(text)
    mapping = propose(shape, rows)
    return [read_row(row, mapping, lambda _: True) for row in rows]


def codes(text: str) -> list[str]:
    return [row.reasons[0].code if row.reasons else "" for row in read(text)]


@pytest.mark.parametrize(
    ("file", "encoding"),
    [
        ("姓名,性别\n".encode(), "utf-8"),
        ("姓名,性别\n".encode("utf-8-sig"), "utf-8-sig"),
        ("姓名,性别\n".encode("gbk"), "gb18030"),
        ("姓名,㐂𠀀\n".encode("gb18030"), "gb18030"),
        ("姓名,性别\n".encode("utf-16"), "utf-16-le"),
        ("name,sex\n".encode("utf-16-le"), "utf-16-le"),
        ("name,sex\n".encode("utf-16-be"), "utf-16-be"),
        ("姓名,性别\n".encode("gbk") * 100 + b"\xff\xff", "gb18030"),  # damage here and there
        (("name,sex\n" * 1000 + "姓名").encode("gbk"), "gb18030"),  # found late
    ],
)
def test_encodings_are_told_apart(file: bytes, encoding: str) -> None:
    assert encoding_of(file, 4096) == encoding


@pytest.mark.parametrize("file", [b"", b"\xd0\xcf\x11\xe0old", b"%PDF-1.7", b"<html><table>", b"\x1f\x8bpacked"])
def test_what_is_no_table_is_refused_with_what_it_is(file: bytes) -> None:
    with pytest.raises(FileUnreadable) as refused:
        encoding_of(file, 4096)
    assert refused.value.faults[0].zh


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_what_parts_cells_and_lines_is_found(delimiter: str, newline: str) -> None:
    lines = [HEAD, GOOD, GOOD.replace("P1", "P2")]
    shape, rows = taken(newline.join(lines).replace(",", delimiter), piece=7)
    assert shape.header == HEADER
    assert [row.cells[0] for row in rows] == ["P1", "P2"]
    assert rows[1].n == 3


def test_a_title_above_the_header_is_passed_over() -> None:
    shape, rows = taken(f"某医院患者名单,,,,,,\n{HEAD}\n{GOOD}\n")
    assert (shape.header_at, len(rows)) == (2, 1)


def test_quoted_cells_hold_what_parts_cells_and_lines() -> None:
    quoted = GOOD.replace("光明路1号", '"光明路,""1""号\n二单元"')
    _, rows = taken(f"{HEAD}\n{quoted}\n{GOOD}\n", piece=5)
    assert rows[0].cells[-1] == '光明路,"1"号\n二单元'
    assert rows[1].n == 4
    _, [stray] = taken(f"{HEAD}\n" + GOOD.replace("光明路1号", '5" 楼'))
    assert (stray.flaw, stray.cells[-1]) == (None, '5" 楼')


def test_each_fault_costs_its_own_row() -> None:
    text = "\n".join(
        [
            HEAD,
            GOOD,
            GOOD.replace("光明路1号", '"没有闭合'),
            GOOD,
            GOOD.replace("光明路1号", "路" * 1_000_000),
            GOOD,
            GOOD.replace("光明路1号", "路" * 2000),
            GOOD.replace("光明路1号", "光明\0路"),
            GOOD.replace("光明路1号", "光明\ufffd路"),
            GOOD + ",多了一列",
            "P1,欧阳小花",
            GOOD,
            "P1,欧阳小花,女,19",
        ]
    )
    assert codes(text) == [
        "",
        Flaw.QUOTE_OPEN,
        "",
        Flaw.LINE_LONG,
        "",
        Flaw.CELL_LONG,
        Flaw.NUL,
        Flaw.UNREADABLE,
        Flaw.TOO_MANY,
        Flaw.TOO_FEW,
        "",
        Flaw.CUT,
    ]


def test_a_quote_that_never_closes_holds_no_more_than_a_line_at_a_time() -> None:
    rows = [f"{GOOD.replace('光明路1号', chr(34) + '开')}" for _ in range(300)]
    _, found = taken("\n".join([HEAD, *rows]), piece=4096)
    assert [row.n for row in found] == list(range(2, 302))


def test_no_more_than_a_line_is_held_of_a_file_without_lines() -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(200):
            yield b"a" * 65_536

    [line] = lines_of(endless(), "utf-8")
    assert (len(line.text), line.is_long) == (MOST_LINE, True)


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        (("欧阳小花,女,1901-01-02", "欧阳小花,1901-01-02,女"), "shifted", ""),
        (("P1,", ","), "missing", "local_number"),
        (("欧阳小花", ""), "missing", "name"),
        (("欧阳小花", "=1+1"), "formula", "name"),
        (("欧阳小花", "@SUM(A1)"), "formula", "name"),
        (("370402190101020028", "3.70402E+17"), "digits-lost", "number"),
        (("女", "雌"), "not-understood", "sex"),
        (("1901-01-02", "昨天"), "not-understood", "birth_date"),
    ],
)
def test_what_is_wrong_in_a_row_is_said_of_its_column(change: tuple[str, str], code: str, field: str) -> None:
    [row] = read(f"{HEAD}\n{GOOD.replace(*change)}\n")
    [reason] = row.reasons
    assert (reason.code, reason.field) == (code, field)
    assert reason.zh
    assert reason.en.isascii()


def test_a_phone_with_a_plus_is_no_formula() -> None:
    [row] = read(f"{HEAD}\n{GOOD.replace(',,', ',+86 139-0000-0000,')}\n")
    assert (row.reasons, row.written.phone) == ((), "+86 139-0000-0000")


@pytest.mark.parametrize(
    ("header", "fields"),
    [
        (
            "患者编号,患者姓名,性别代码,出生年月日,身份证件类型,身份证件号码",
            "local_number name sex birth_date document_kind number",
        ),
        ("PatientID,PatientName,Sex,DOB,IDCardNo,Mobile", "local_number name sex birth_date number phone"),
        ("就诊卡号,病人ID,姓 名（必填）,联系人姓名,联系人电话,手机号码", "- local_number name - - phone"),
        (
            "BRID,XM,XB,CSRQ,SFZH,LXDH,XZZ,MZ,GJ",
            "local_number name sex birth_date number phone address ethnicity nationality",
        ),
        ("住院号,姓名,身份证号码(18位),医疗机构名称", "local_number name number institution"),
    ],
)
def test_headers_of_hospitals_systems_are_understood(header: str, fields: str) -> None:
    shape, rows = taken(header + "\n")
    found = {place: field for field, place in propose(shape, rows).columns.items()}
    assert [found.get(place, "-") for place in range(shape.width)] == fields.split()


def test_columns_without_words_are_known_by_their_values() -> None:
    shape, rows = taken("\n".join([GOOD] * 3))
    assert shape.header_at == 0
    assert propose(shape, rows).columns == {
        Field.NAME: 1,
        Field.SEX: 2,
        Field.BIRTH_DATE: 3,
        Field.NUMBER: 4,
    }


def test_values_in_words_and_codes_are_put_into_the_standards() -> None:
    assert [sex_of(one) for one in ("男", "女性", "M", "2", "未知", "９", "雌")] == ["1", "2", "1", "2", "0", "9", None]
    kinds = ("居民身份证", "身份证", "护照", "1", "08", "港澳居民来往内地通行证（回乡证）", "出生医学证明", "饭卡")
    assert [kind_of(one) for one in kinds] == ["01", "01", "03", "01", "08", "06", "08", None]
    dates = ("1901/1/2", "19010102", "1901年1月2日", "1901-01-02 00:00:00", "1/2/1901", "1901.1.2")
    assert [date_of(one) for one in dates] == ["1901-01-02"] * len(dates)
    assert [date_of(one) for one in ("10000", "1901-02-30", "某日", "1901")] == ["1927-05-18", "1901-02-30", None, None]
    assert [is_part_of_date(one) for one in ("1901", "1901-02", "1901年2月", "1901-02-03")] == [True, True, True, False]
    assert [said(one) for one in ("'=1", " 张三　", "无", "NULL", "\\N", "-", "")] == ["=1", "张三", *[None] * 5]


def test_masking_leaves_shapes_and_no_values() -> None:
    assert masked("370402190101020028") == "3****************8"
    assert masked("光明路1号") == "光***号"
    assert masked("张三") == "张*"
    assert masked_date("1901-01-02") == "1901-**-**"
    assert masked_date("欧阳小花") == "欧***"
