"""The golden record's rules, one line of the table each, and that the order of words changes nothing."""

from datetime import UTC, datetime, timedelta
from itertools import permutations
from uuid import UUID

import pytest

from healthcloud.index.golden.model import Authority, Field, Rule, Said, golden_fields

A, B, C, CITY = UUID(int=0xA), UUID(int=0xB), UUID(int=0xC), UUID(int=0)
START = datetime(2026, 1, 1, tzinfo=UTC)
SOURCE, REGISTER, DOCUMENT = Authority.SOURCE, Authority.REGISTER, Authority.DOCUMENT
REGISTRY, CORRECTED = Authority.REGISTRY, Authority.CORRECTED


def said(value: str, source: UUID, authority: Authority = SOURCE, day: int = 0) -> Said:
    return Said(Field.NAME, value, source, authority, START + timedelta(days=day))


@pytest.mark.parametrize(
    ("words", "value", "source", "rule"),
    [
        ([said("王芳", A)], "王芳", A, Rule.ONLY),
        ([said("王芳", A), said("王芳", B, day=1)], "王芳", B, Rule.ONLY),
        ([said("王芳", A, day=9), said("王方", B), said("王方", C, day=1)], "王方", C, Rule.MOST_SOURCES),
        ([said("王芳", A, day=1), said("王芳", A, day=2), said("王方", B, day=3)], "王方", B, Rule.NEWEST),
        ([said("王芳", A, day=3), said("王方", B, day=2)], "王芳", A, Rule.NEWEST),
        ([said("王芳", A), said("王方", B), said("王坊", C), said("王方", A, day=1)], "王方", A, Rule.MOST_SOURCES),
        ([said("王芳", CITY, REGISTER, 9)], "王芳", CITY, Rule.REGISTER),
        ([said("王芳", CITY, REGISTER, 9), said("王方", A)], "王方", A, Rule.ONLY),
        ([said("王芳", CITY, DOCUMENT), said("王方", A), said("王方", B)], "王芳", CITY, Rule.DOCUMENT),
        ([said("王芳", CITY, REGISTRY), said("王方", CITY, DOCUMENT, 5)], "王芳", CITY, Rule.REGISTRY),
        ([said("王芳", CITY, CORRECTED), said("王方", CITY, REGISTRY, 5)], "王芳", CITY, Rule.CORRECTED),
        ([said("王芳", CITY, CORRECTED, 1), said("王方", CITY, CORRECTED, 2)], "王方", CITY, Rule.CORRECTED),
    ],
)
def test_each_rule(words: list[Said], value: str, source: UUID, rule: Rule) -> None:
    for order in permutations(words):
        [shown] = golden_fields(order)
        assert (shown.value, shown.source_id, shown.rule) == (value, source, rule)
        assert {one.value for one in shown.others} == {one.value for one in words} - {value}


def test_each_field_is_decided_by_itself() -> None:
    words = [
        said("王芳", A),
        Said(Field.SEX, "2", B, SOURCE, START),
        Said(Field.PHONE, "13800000000", C, SOURCE, START),
    ]
    assert [(one.field, one.source_id) for one in golden_fields(words)] == [
        (Field.NAME, A),
        (Field.SEX, B),
        (Field.PHONE, C),
    ]
    assert golden_fields([]) == ()
