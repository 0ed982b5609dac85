"""A request's body: received whole, bounded in size, time and depth, so that a signature and a route see the same."""

import asyncio
import json
import re
from collections.abc import Mapping
from typing import Any

from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive

from healthcloud.core.errors import FieldFault, Malformed
from healthcloud.core.http.errors import BodyTooLarge, BodyTooSlow

# A string that never closes is taken to the end, and possessively: nothing is looked at twice, whatever is sent.
_STRUCTURE = re.compile(rb'"(?:[^"\\]|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


class _KeyRepeated(Exception):
    """An object names a field twice."""


class BodyReader:
    """
    Receives bodies of at most `limit` bytes, each within `seconds`.

    One timer gives up on all that are late, by a twentieth of the time later: a timer for each costs a scan 4 µs.
    """

    def __init__(self, *, limit: int, seconds: float) -> None:
        self._limit = limit
        self._seconds = seconds
        self._arriving: dict[asyncio.Task[object], float] = {}
        self._late: set[asyncio.Task[object]] = set()
        self._sweep: asyncio.TimerHandle | None = None

    async def read(self, receive: Receive, headers: Mapping[str, str]) -> bytes:
        """Receive the whole body. Raise BodyTooLarge, BodyTooSlow, or ClientDisconnect."""
        declared = headers.get("content-length", "0")
        if declared.isdecimal() and int(declared) > self._limit:
            raise BodyTooLarge(limit_bytes=self._limit)
        if declared == "0" and "transfer-encoding" not in headers:
            return b""
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        if task is None:
            raise RuntimeError
        self._arriving[task] = loop.time() + self._seconds
        if self._sweep is None:
            self._sweep = loop.call_later(self._seconds / 20, self._give_up)
        try:
            return await _receive_all(receive, self._limit)
        except asyncio.CancelledError:
            if task in self._late and task.uncancel() == 0:
                raise BodyTooSlow from None
            raise
        finally:
            self._late.discard(task)
            del self._arriving[task]

    def _give_up(self) -> None:
        """Cancel the reading of bodies past their time, which came first in the order of their beginnings."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        for task, until in self._arriving.items():
            if until > now:
                break
            if task not in self._late:
                self._late.add(task)
                task.cancel()
        self._sweep = loop.call_later(self._seconds / 20, self._give_up) if self._arriving else None


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
    """Refuse JSON that is not UTF-8, holds a NUL (PostgreSQL keeps none), nests deeper than `depth`, repeats a key."""
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise Malformed(faults=(FieldFault("#", "is not UTF-8", "不是 UTF-8 编码"),)) from error
    if b"\\u0000" in body and _NUL.search(body):
        raise Malformed(faults=(FieldFault("#", "holds a NUL character", "含有空字符"),))
    if body.count(b"[") + body.count(b"{") > depth and _nests_deeper(body, depth):
        raise Malformed(faults=(FieldFault("#", f"nests deeper than {depth}", f"嵌套超过 {depth} 层"),))
    refuse_repeated_keys(text)


def refuse_repeated_keys(text: str) -> None:
    """Refuse an object that names a field twice: readers differ on which of the two counts (RFC 8259 section 4)."""
    try:
        _ONCE.decode(text)
    except _KeyRepeated:
        raise Malformed(faults=(FieldFault("#", "names a field twice", "同一字段出现两次"),)) from None
    except (ValueError, RecursionError):
        return  # not JSON at all: whoever reads it says so


def _once(pairs: list[tuple[str, Any]]) -> None:
    if len({name for name, _ in pairs}) != len(pairs):
        raise _KeyRepeated


_ONCE = json.JSONDecoder(object_pairs_hook=_once)


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
