"""A posted form with a file in it (multipart/form-data, RFC 7578); pure. The edge has bounded its size already."""

import re
from dataclasses import dataclass, field

from healthcloud.core.errors import FieldFault, Malformed

MULTIPART = "multipart/form-data"
_BOUNDARY = re.compile(r'boundary=(?:"([^"\r\n]{1,70})"|([^\s;"]{1,70}))', re.IGNORECASE)
_NAME = re.compile(r'[;\s]name="([^"\r\n]*)"', re.IGNORECASE)
_FILENAME = re.compile(r'[;\s]filename="([^"\r\n]*)"', re.IGNORECASE)
_LONGEST_HEAD = 1024


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file of a form: its name as the sender's computer has it, and its bytes."""

    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Parts:
    """What a form says: its fields, and its files that are there."""

    fields: dict[str, str] = field(repr=False)
    files: dict[str, SentFile]


def read_parts(content_type: str, body: bytes, most: int) -> Parts:
    """Return a form's fields and files, the last of each name; raise Malformed, also beyond `most` parts."""
    found = _BOUNDARY.search(content_type)
    if found is None:
        raise _unreadable()
    mark = b"--" + (found[1] or found[2]).encode()
    first, *pieces = (b"\r\n" + body).split(b"\r\n" + mark)
    if first or not pieces or not pieces[-1].startswith(b"--") or len(pieces) - 1 > most:
        raise _unreadable()
    parts = Parts({}, {})
    for piece in pieces[:-1]:
        _take(parts, piece)
    return parts


def _take(parts: Parts, piece: bytes) -> None:
    head, gap, content = piece.partition(b"\r\n\r\n")
    if not gap or len(head) > _LONGEST_HEAD:
        raise _unreadable()
    try:
        told = head.decode()
        name, filename = _NAME.search(told), _FILENAME.search(told)
        if name is None:
            raise _unreadable()
        if filename is None:
            parts.fields[name[1]] = content.decode()
        elif filename[1] or content:
            parts.files[name[1]] = SentFile(filename[1].replace("%22", '"'), content)
    except UnicodeDecodeError:
        raise _unreadable() from None


def _unreadable() -> Malformed:
    return Malformed(faults=(FieldFault("#", "cannot be read", "无法读取"),))
