"""
A photograph, and what a file must be to be one: a plain square JPEG (ITU-T T.81) that says nothing but its picture.

Cameras write place, time and device into the file (Exif in APP1, XMP, comments); none of it is kept. Pure.
"""

from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from healthcloud.people.photos.errors import PhotoUnusable

PURPOSE = "photo"
TEXT_VERSION = "photo-2026-11"
DAYS = 3 * 365
LARGEST = 100_000
LEAST_SIDE, MOST_SIDE = 240, 640
_START, _END = b"\xff\xd8", b"\xff\xd9"
_MARK, _SCAN, _JFIF, _COMMENT = 0xFF, 0xDA, 0xE0, 0xFE
_APPLICATIONS = range(0xE0, 0xF0)
_FRAMES = frozenset({0xC0, 0xC1, 0xC2})  # baseline, extended, progressive; what browsers make
_OTHER_FRAMES = frozenset(range(0xC3, 0xD0)) - {0xC4, 0xC8, 0xCC}  # lossless, arithmetic: nobody's camera
_FRAME_LENGTH = 15


@dataclass(frozen=True, slots=True)
class Photo:
    """A photograph; `jpeg` is plain only in the hands of whoever opened it."""

    jpeg: bytes = field(repr=False)
    taken_at: datetime
    until: datetime


class _Segment(NamedTuple):
    marker: int
    start: int
    end: int


def file_in(text: str) -> bytes:
    """Return the file a text holds in base64; raise PhotoUnusable."""
    try:
        return b64decode(text, validate=True)
    except ValueError:  # also of characters that are not ASCII, which are no binascii.Error
        raise PhotoUnusable from None


def read_photo(file: bytes) -> bytes:
    """Return a file's picture without its metadata; raise PhotoUnusable for anything but a small square JPEG."""
    if len(file) > LARGEST or not file.startswith(_START) or not file.endswith(_END):
        raise PhotoUnusable
    kept = bytearray(_START)
    sides = None
    for marker, start, end in _segments(file):
        if marker in _FRAMES:
            if sides is not None:
                raise PhotoUnusable
            sides = _sides(file[start:end])
        elif marker in _OTHER_FRAMES:
            raise PhotoUnusable
        elif marker == _SCAN:
            if sides is None:
                raise PhotoUnusable
            _check_scan(file[start:])
            return bytes(kept + file[start:])
        if marker == _JFIF or (marker not in _APPLICATIONS and marker != _COMMENT):
            kept += file[start:end]
    raise PhotoUnusable


def _segments(file: bytes) -> Iterator[_Segment]:
    """Walk over the segments before the first scan, that one included; raise PhotoUnusable where they do not fit."""
    at = len(_START)
    while True:
        if at + 4 > len(file) or file[at] != _MARK:
            raise PhotoUnusable
        marker, length = file[at + 1], int.from_bytes(file[at + 2 : at + 4])
        end = at + 2 + length
        if length < 2 or end > len(file):  # noqa: PLR2004 - a length counts its own two bytes
            raise PhotoUnusable
        yield _Segment(marker, at, end)
        at = end


def _sides(frame: bytes) -> tuple[int, int]:
    if len(frame) < _FRAME_LENGTH - 4:
        raise PhotoUnusable
    height, width = int.from_bytes(frame[5:7]), int.from_bytes(frame[7:9])
    if height != width or not LEAST_SIDE <= height <= MOST_SIDE:
        raise PhotoUnusable
    return width, height


def _check_scan(rest: bytes) -> None:
    """Hold the rest to one picture: what follows a scan can hold another picture, or text, only after these markers."""
    hidden = {bytes((_MARK, marker)) for marker in (*_APPLICATIONS, _COMMENT)}
    if _END in rest[:-2] or _START in rest or any(marker in rest for marker in hidden):
        raise PhotoUnusable
