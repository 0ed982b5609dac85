"""What can be told of a request at sight, before it is parsed."""

import re

# What only uvicorn knows to do.
UNUSUAL = ("expect", "transfer-encoding", "upgrade", "connection")
_UNUSUAL_LINE = re.compile(rb"\r\n(?:%s):" % "|".join(UNUSUAL).encode())
_LENGTH = re.compile(rb"\r\ncontent-length: *([0-9]{1,7})(?=\r\n)")
_HEAD_END = b"\r\n\r\n"


def is_whole(data: bytes) -> bool:
    """Tell whether this is one request with a body, whole, alone, with nothing about it that is unusual."""
    head = data[: data.find(_HEAD_END) + 2].lower()
    lengths = _LENGTH.findall(head)
    return (
        len(lengths) == 1
        and len(data) == len(head) + 2 + int(lengths[0])
        and head.partition(b"\r\n")[0].endswith(b" http/1.1")
        and not _UNUSUAL_LINE.search(head)
    )
