"""A request's body: received whole, bounded in size, time and depth, so that a signature and a route see the same."""

import asyncio
import re
from collections.abc import Mapping

from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive

from healthcloud.core.errors import FieldFault, Malformed
from healthcloud.core.http.errors import BodyTooLarge, BodyTooSlow

# A string that never closes is taken to the end, and possessively: nothing is looked at twice, whatever is sent.
_STRUCTURE = re.compile(rb'"(?:[^"\\]|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


async def read_body(receive: Receive, headers: Mapping[str, str], *, limit: int, seconds: float) -> bytes:
    """Receive the whole body. Raise BodyTooLarge past `limit` bytes, BodyTooSlow past `seconds`, ClientDisconnect."""
    declared = headers.get("content-length", "0")
    if declared.isdecimal() and int(declared) > limit:
        raise BodyTooLarge(limit_bytes=limit)
    if declared == "0" and "transfer-encoding" not in headers:
        return b""
    try:
        async with asyncio.timeout(seconds):
            return await _receive_all(receive, limit)
    except TimeoutError as error:
        raise BodyTooSlow from error


async def _receive_all(receive: Receive, limit: int) -> bytes:
    pieces: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        pieces.append(message.get("body", b""))
        size += len(pieces[-1])
        if size > limit:
            raise BodyTooLarge(limit_bytes=limit)
        if not message.get("more_body", False):
            return b"".join(pieces)


def check_json(body: bytes, *, depth: int) -> None:
    """Refuse JSON that is not UTF-8, holds a NUL (PostgreSQL keeps none), or nests deeper than `depth`."""
    try:
        body.decode()
    except UnicodeDecodeError as error:
        raise Malformed(faults=(FieldFault("#", "is not UTF-8", "不是 UTF-8 编码"),)) from error
    if b"\\u0000" in body and _NUL.search(body):
        raise Malformed(faults=(FieldFault("#", "holds a NUL character", "含有空字符"),))
    if body.count(b"[") + body.count(b"{") > depth and _nests_deeper(body, depth):
        raise Malformed(faults=(FieldFault("#", f"nests deeper than {depth}", f"嵌套超过 {depth} 层"),))


def _nests_deeper(body: bytes, depth: int) -> bool:
    now = 0
    for found in _STRUCTURE.finditer(body):
        sign = found.group()
        if sign in b"[{":
            now += 1
            if now > depth:
                return True
        elif sign in b"]}":
            now -= 1
    return False


def replay(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that gives the body once, then whatever the server says next (a disconnect)."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again
