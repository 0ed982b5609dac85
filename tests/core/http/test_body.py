"""Bodies: given up when they are late; the measure of their depth, beside a slow and obvious one."""

import asyncio
import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Message

from healthcloud.core.errors import Malformed
from healthcloud.core.http.body import BodyReader, check_json
from healthcloud.core.http.errors import BodyTooSlow

anything = st.recursive(
    st.none() | st.integers() | st.text(st.sampled_from('[]{}"\\,: 张')),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text('[{"\\', max_size=3), inner, max_size=3),
    max_leaves=20,
)


def depth_of(value: Any) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if inner is None else 1 + max(map(depth_of, inner), default=0)


@given(anything, st.booleans())
def test_a_body_passes_exactly_at_its_depth(value: Any, ascii_only: bool) -> None:  # noqa: FBT001 - Hypothesis fills it
    body = json.dumps(value, ensure_ascii=ascii_only).encode()
    depth = depth_of(value)
    check_json(body, depth=depth)
    if depth:
        with pytest.raises(Malformed):
            check_json(body, depth=depth - 1)


@given(st.text(st.sampled_from("\\\0u0a"), max_size=12))
def test_a_nul_is_found_however_it_is_written(text: str) -> None:
    body = json.dumps(text).encode()
    if "\0" in text:
        with pytest.raises(Malformed):
            check_json(body, depth=1)
    else:
        check_json(body, depth=1)


@pytest.mark.parametrize("filling", [b'\\"', b'"', b"\\", b"[", b'"\\u0000', b"\\\\u0000"])
def test_a_body_made_to_be_slow_is_not(filling: bytes) -> None:
    body = b"[" * 40 + b'"' + filling * ((1 << 20) // len(filling))
    started = time.process_time()
    with pytest.raises(Malformed):
        check_json(body, depth=32)
    assert time.process_time() - started < 2


async def never() -> Message:
    await asyncio.Event().wait()
    raise AssertionError


async def in_time() -> Message:
    return {"type": "http.request", "body": b"whole"}


async def test_only_the_body_that_is_late_is_given_up() -> None:
    bodies, headers = BodyReader(limit=100, seconds=0.1), {"content-length": "5"}

    async def in_a_while() -> Message:
        await asyncio.sleep(0.05)
        return await in_time()

    late = asyncio.create_task(bodies.read(never, headers))
    await asyncio.sleep(0.08)
    read = asyncio.create_task(bodies.read(in_a_while, headers))
    assert await bodies.read(in_time, headers) == b"whole"
    with pytest.raises(BodyTooSlow):
        await late
    assert await read == b"whole"


async def test_a_reading_cancelled_by_another_is_cancelled() -> None:
    bodies = BodyReader(limit=100, seconds=10)
    reading = asyncio.create_task(bodies.read(never, {"content-length": "5"}))
    await asyncio.sleep(0)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
