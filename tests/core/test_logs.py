"""Whatever is handed to a log line, no number, code, secret or name of a person leaves the process."""

import io
import json
import logging
import time
from collections.abc import Iterator
from typing import Any

import asyncpg
import pytest
import structlog
from fixtures.logs import set_up_test_logs
from hypothesis import given
from hypothesis import strategies as st

from healthcloud.core.logs import set_up_logs, traceback_of
from healthcloud.core.masking import MASK, masked, masked_text

NUMBER = "370402190001010015"
CARD = "9F" * 32
TOKEN = "0A1B2C3D4E5F60718293A4B5C6D7E8F9"


@pytest.fixture
def out() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    set_up_logs(form="json", stream=stream)
    yield stream
    set_up_test_logs()


@pytest.mark.parametrize(
    ("hostile", "secret"),
    [
        (NUMBER, NUMBER),
        ("37040219000101001X", "37040219000101001X"),
        ("37040219000101001x", "37040219000101001"),
        (f"id{NUMBER}end", NUMBER),
        ("370402 19000101 0015", "19000101"),
        ("370402-1900-01-01-0015", "1900-01"),
        ("３７０４０２１９０００１０１００１５", "００１５"),
        ("370402000101001", "370402000101001"),
        ("13800001234", "13800001234"),
        ("+86 138-0000-1234", "0000"),
        ("tel:8613800001234", "13800001234"),
        (CARD, CARD),
        (CARD.lower(), CARD.lower()),
        (f"{CARD}:0:{TOKEN}::", TOKEN),
        (TOKEN, TOKEN),
        ("EHC1:6BF+70790T9WJWG.FKY*4GO0", "70790T9"),
        ("hc_session=abc123; path=/", "abc123"),
        ('HC1-HMAC-SM3 key="k",signature="c2ln/bmF0+dXJl="', "bmF0"),
        ("password: hunter2", "hunter2"),
        ("token=tiny", "tiny"),
        ("Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6", "Zm9v"),
        ("张三丰", "张三"),
        ("patient 艾力·买买提 left", "买买提"),
        ("𫚭𬉼 came", "𬉼"),
    ],
)
def test_hostile_text_is_masked_wherever_it_stands(out: io.StringIO, hostile: str, secret: str) -> None:
    sentence = f"seen {hostile}"
    structlog.get_logger().info(sentence, value=hostile, deep={"list": [{"value": (hostile,)}]}, **{f"x{hostile}": 1})
    assert secret not in out.getvalue()
    assert MASK in out.getvalue()


@pytest.mark.parametrize("key", ["name", "phone", "number", "Authorization", "cookie", "code", "face", "password"])
def test_what_stands_under_a_telling_name_is_masked_whatever_it_is(key: str) -> None:
    assert masked({key: "Li Wei"}) == {key: MASK}
    assert masked({"a": [{key: ["Li", "Wei"]}]}) == {"a": [{key: MASK}]}


@pytest.mark.parametrize("value", [b"\x01" * 32, int(NUMBER), 13800001234, -13800001234])
def test_numbers_and_bytes_are_masked_too(value: Any) -> None:
    assert masked(value) == MASK


@pytest.mark.parametrize(
    "value",
    [
        *("01a207ca-3547-74fe-a133-b1831d640421", "01a207ca354774fea133b1831d640421", "/api/v1/cards/{card_id}"),
        *("2026-11-23T09:48:55.120978Z", "40001", "healthcloud.cards.store", 1763890000000, 200, 3.5, None, True),
    ],
)
def test_what_an_operator_needs_stays(value: Any) -> None:
    assert masked(value) == value


@given(st.integers(110000, 659999), st.dates().filter(lambda d: d.year >= 1800 and d.year < 2100), st.integers(0, 999))
def test_every_identity_number_is_masked_in_any_surrounding(area: int, born: Any, order: int) -> None:
    number = f"{area}{born:%Y%m%d}{order:03}X"
    assert number[6:14] not in masked_text(f"<{number}>{number[:17]}0")


def test_a_traceback_has_places_but_no_values(out: io.StringIO) -> None:
    def fail(name: str) -> None:
        kept = {"name": name}
        try:
            int(kept["name"])
        except ValueError as error:
            raise KeyError(name) from error

    try:
        fail("Li Wei 张三丰")
    except KeyError:
        structlog.get_logger().exception("could not")
    (line,) = [json.loads(one) for one in out.getvalue().splitlines()]
    assert "test_logs.py" in line["exception"]
    assert "builtins.ValueError" in line["exception"]
    assert "Li Wei" not in out.getvalue()
    assert "张" not in out.getvalue()


def test_postgresqls_detail_is_left_out() -> None:
    error = asyncpg.UniqueViolationError('duplicate key value violates unique constraint "persons_pk"')
    error.detail = "Key (name)=(Li Wei) already exists."
    told = traceback_of(error)
    assert "UniqueViolationError" in told
    assert "Li Wei" not in told


def test_other_libraries_lines_pass_the_same_mask(out: io.StringIO) -> None:
    logging.getLogger("uvicorn.error").warning("bad request from %s", NUMBER)
    logging.getLogger("uvicorn.access").info("GET /people/%s", NUMBER)
    (line,) = [json.loads(one) for one in out.getvalue().splitlines()]
    assert line["event"] == f"bad request from {MASK}"
    assert line["logger"] == "uvicorn.error"


def test_debug_is_left_out_unless_asked_for(out: io.StringIO) -> None:
    structlog.get_logger().debug("quiet")
    assert out.getvalue() == ""


def test_people_read_words_and_still_no_numbers() -> None:
    stream = io.StringIO()
    set_up_logs(form="console", stream=stream)
    structlog.get_logger().info("seen", value=NUMBER)
    set_up_test_logs()
    assert "seen" in stream.getvalue()
    assert NUMBER not in stream.getvalue()


@pytest.mark.parametrize("filling", ["a", "1", "A", " ", "key ", "'", "张", "1 ", "hc_", "key="])
def test_a_text_made_to_be_slow_is_cut_and_masked_quickly(filling: str) -> None:
    started = time.process_time()
    assert len(masked_text(filling * (1 << 20) + NUMBER)) <= 8001 + len(MASK) * 2000
    assert time.process_time() - started < 1
