"""A body of a hot endpoint names each field once, however it is written; telling so quickly lets nothing through."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthcloud.core.errors import Malformed, Problem
from healthcloud.core.http.decoding import decoded, names_of


class Inner(msgspec.Struct, forbid_unknown_fields=True):
    kind: str = ""
    value: str | None = None


class Ask(msgspec.Struct, forbid_unknown_fields=True):
    code: str = ""
    more: Inner | None = None
    rest: list[Inner] = []


class Open(msgspec.Struct):
    code: str = ""


class Holding(msgspec.Struct, forbid_unknown_fields=True):
    what: dict[str, str]


ASK = msgspec.json.Decoder(Ask)
texts = st.sampled_from(["", "code", '"code":', "kind", '{"kind":1}', ":", "\\", "张", "value"])
keys = st.sampled_from(["code", "more", "rest"])
inner_keys = st.sampled_from(["kind", "value"])


def written(pairs: list[tuple[str, str]]) -> str:
    return "{" + ",".join(f"{json.dumps(key)} : {value}" for key, value in pairs) + "}"


inners = st.lists(st.tuples(inner_keys, texts.map(json.dumps)), max_size=3).map(written)


@st.composite
def bodies(draw: st.DrawFn) -> bytes:
    pairs = []
    for key in draw(st.lists(keys, max_size=4)):
        value = {"code": texts.map(json.dumps), "more": inners, "rest": st.lists(inners, max_size=2).map(listed)}[key]
        pairs.append((key, draw(value)))
    return written(pairs).encode()


def listed(values: list[str]) -> str:
    return f"[{','.join(values)}]"


def repeats(body: bytes) -> bool:
    found: list[bool] = []

    def look(pairs: list[tuple[str, Any]]) -> None:
        found.append(len(dict(pairs)) < len(pairs))

    json.loads(body, object_pairs_hook=look)
    return any(found)


@given(bodies())
def test_a_body_is_refused_exactly_where_a_field_is_named_twice(body: bytes) -> None:
    try:
        decoded(ASK, body)
    except Problem:
        assert repeats(body)
    else:
        assert not repeats(body)


@pytest.mark.parametrize(
    "body", [b'{"code": "x", "cod\\u0065": "y"}', b'{"rest": [{"kind": "a"}, {"kind": "b", "kind": "c"}]}']
)
def test_two_spellings_of_a_field_are_two_namings(body: bytes) -> None:
    with pytest.raises(Malformed):
        decoded(ASK, body)


def test_the_quick_way_is_only_for_what_holds_known_names() -> None:
    assert names_of(Ask) == (b'"code"', b'"kind"', b'"more"', b'"rest"', b'"value"')
    assert names_of(Open) is None
    assert names_of(Holding) is None
    assert names_of(Any) is None
