"""
Lists page by key, never by number: a cursor names the last row shown, so rows that come or go meanwhile do no harm.

A cursor is opaque to clients. It holds the list's sort key and nothing personal; it is not secret and not signed, for
it grants nothing: the next page is checked like the first.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import msgspec

from healthcloud.core.errors import FieldFault, Unacceptable

Item = TypeVar("Item")
Key = TypeVar("Key")

MAX_PAGE = 200


class CursorUnreadable(Unacceptable):
    """This cursor is not one of this list's; start again without it."""

    code = "cursor-unreadable"
    zh = "翻页标记不是本列表给出的，请去掉它从头开始。"
    who_acts = "developer"


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """One page of a list; `next` is the cursor of the page after it, None on the last."""

    items: list[Item]
    next: str | None


def page_of(rows: Sequence[Item], limit: int, key: Callable[[Item], tuple[object, ...]]) -> Page[Item]:
    """Make a page of at most `limit` items from rows fetched with `limit + 1`, so that the last page knows it is."""
    items = list(rows[:limit])
    return Page(items, encode_cursor(key(items[-1])) if len(rows) > limit else None)


def encode_cursor(key: tuple[object, ...]) -> str:
    """Write a sort key as a cursor."""
    return urlsafe_b64encode(msgspec.json.encode(key)).rstrip(b"=").decode()


def decode_cursor(cursor: str, kind: type[Key]) -> Key:
    """Read a cursor back as the key type it was made from, e.g. `tuple[datetime, UUID]`; raise CursorUnreadable."""
    try:
        return msgspec.json.decode(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)), type=kind)
    except (NotBase64, ValueError, msgspec.MsgspecError) as error:
        fault = FieldFault("query/cursor", "Not a cursor of this list.", "不是本列表的翻页标记。")
        raise CursorUnreadable(faults=(fault,)) from error
