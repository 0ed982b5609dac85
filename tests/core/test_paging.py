"""Cursors name the last row shown and nothing else is taken for one."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthcloud.core.ids import new_id
from healthcloud.core.paging import CursorUnreadable, decode_cursor, encode_cursor, page_of


def test_a_cursor_comes_back_as_its_key() -> None:
    key = (datetime(2026, 1, 31, 16, 0, 0, 5, tzinfo=UTC), new_id())
    assert decode_cursor(encode_cursor(key), tuple[datetime, UUID]) == key


@given(st.text(max_size=40))
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(CursorUnreadable):
        decode_cursor(text, tuple[datetime, UUID])


@given(rows=st.lists(st.integers(), unique=True, max_size=50).map(sorted), limit=st.integers(1, 7))
def test_pages_together_are_the_list(rows: list[int], limit: int) -> None:
    seen: list[int] = []
    after: int | None = None
    for _ in range(len(rows) // limit + 1):
        fetched = [row for row in rows if after is None or row > after][: limit + 1]
        page = page_of(fetched, limit, lambda row: (row,))
        seen += page.items
        if page.next is None:
            break
        (after,) = decode_cursor(page.next, tuple[int])
    assert seen == rows
