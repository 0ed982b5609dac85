"""Reading: the same as `hl7` of PyPI reads, in every character set, and strict where that is not."""

from datetime import UTC, datetime

import hl7
import pytest
from gateway.hl7.messages import adt

from healthcloud.core.errors import Problem
from healthcloud.gateway.hl7.reading import header_of, read_message, read_time

TEXT = adt("A01", "P1", "欧阳\\T\\小花^乾", visit="V1", facility="KGA1", charset="")


def test_it_reads_what_the_other_implementation_reads() -> None:
    ours, theirs = read_message(TEXT.encode()), hl7.parse(TEXT)
    for segment in theirs:
        mine = ours.first(str(segment[0]))
        assert mine is not None
        for field in range(1, len(segment)):
            assert mine.raw(field) == str(segment[field]), (segment[0], field)
    patient, visit = ours.first("PID"), ours.first("PV1")
    assert patient is not None
    assert visit is not None
    assert patient.get(5, 1) == theirs.unescape(str(theirs["PID.F5.R1.C1"])) == "欧阳&小花"
    assert (ours.kind, ours.facility, visit.get(19)) == ("ADT^A01", "KGA1", "V1")


@pytest.mark.parametrize(
    ("charset", "codec"),
    [("GBK", "gbk"), ("GB 18030-2000", "gb18030"), ("UNICODE UTF-8", "utf-8"), ("UTF8", "utf-8"), ("", "gbk"),
     ("ASCII", "utf-8"), ("GBK", "gb18030")],
)  # fmt: skip
@pytest.mark.parametrize("facility", ["KGA1", "市立医院"])
def test_every_character_set_is_read(charset: str, codec: str, facility: str) -> None:
    # 亅 and 誰 end in GBK with bytes that are separators.
    text = adt("A08", "P1", "亅誰乗|".rstrip("|"), facility=facility, charset=charset)
    message = read_message(text.encode(codec))
    assert message.text == text
    assert message.facility == facility


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "hl7-header-missing"),
        (b"PID|1||P1\r", "hl7-header-missing"),
        (b"MSH\r", "hl7-header-missing"),
        (b"MSH|||||\rPID|1", "hl7-header-missing"),
        (b"GET / HTTP/1.1\r\n\r\n", "hl7-header-missing"),
        (adt("A08", "P1", facility="K", control=" ").encode(), "hl7-control-id-missing"),
        (adt("A08", "P1", facility="K", control="x" * 200).encode(), "hl7-control-id-missing"),
        (adt("A08", "P1", facility="K", charset="8859/1").encode(), "hl7-charset-unknown"),
        (adt("A08", "P1", facility="K").encode("gbk"), "hl7-charset-wrong"),
        (adt("A08", "P1", facility="K").encode() + b"not a segment\r", "hl7-segment-wrong"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(data: bytes, code: str) -> None:
    with pytest.raises(Problem) as refused:
        read_message(data)
    assert refused.value.code == code


def test_a_header_is_had_of_what_is_otherwise_no_message() -> None:
    header = header_of(b"rubbish MSH|^~\\&|HIS|K|||||ADT^A01|C9|P|2.4\r\xff\xfe")
    assert header is not None
    assert header.get(10) == "C9"
    assert header_of(b"rubbish") is None


def test_times_are_of_the_citys_zone_unless_they_say_otherwise() -> None:
    noon = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
    assert read_time("202611231200") == read_time("20261123120000.123+0800") == read_time("20261123040000+0000") == noon
    assert read_time("20261323") is None
    assert read_time("soon") is None
