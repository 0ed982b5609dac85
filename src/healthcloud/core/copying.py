"""
Rows of PostgreSQL's binary COPY as bytes, for who loads millions: a row joined from pieces costs a third of its values.

A row is how many columns it has and then each value behind its length. `columns(8) + sized(id) + sized(face) + …`.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

NULL = b"\xff\xff\xff\xff"
TRUE, FALSE = b"\0\0\0\1\1", b"\0\0\0\1\0"
UUID_SIZE = (16).to_bytes(4, "big")  # stands before the 16 bytes of each uuid
DIGEST_SIZE = (32).to_bytes(4, "big")  # before the 32 of a card's id or a fingerprint
_HEADER, _TRAILER = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_FIRST_DAY = _EPOCH.toordinal()


def stream(rows: Iterable[bytes]) -> BytesIO:
    """Return what COPY reads."""
    return BytesIO(b"".join((_HEADER, *rows, _TRAILER)))


def columns(count: int) -> bytes:
    """Begin a row of so many columns."""
    return count.to_bytes(2, "big")


def sized(value: bytes) -> bytes:
    """Return a uuid, bytea or text (UTF-8) as a column."""
    return len(value).to_bytes(4, "big") + value


def words(value: str | None) -> bytes:
    """Return a text, or NULL."""
    return NULL if value is None else sized(value.encode())


def smallint(value: int) -> bytes:
    """Return a smallint."""
    return b"\0\0\0\2" + value.to_bytes(2, "big", signed=True)


def integer(value: int) -> bytes:
    """Return an integer."""
    return b"\0\0\0\4" + value.to_bytes(4, "big", signed=True)


def day(value: date | None) -> bytes:
    """Return a date, or NULL."""
    return NULL if value is None else integer(value.toordinal() - _FIRST_DAY)


def instant(value: datetime) -> bytes:
    """Return a timestamptz."""
    return b"\0\0\0\x08" + ((value - _EPOCH) // timedelta(microseconds=1)).to_bytes(8, "big", signed=True)
