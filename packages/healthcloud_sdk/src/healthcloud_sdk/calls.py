"""A call: what is asked, said once, so that it can be sent again as the same."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Generic, TypeVar

from healthcloud_sdk.shapes import from_json, to_json

T = TypeVar("T")
JSON = "application/json"
PREFIX = "/api/v1"


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
    """
    One request; sending the same Call again has its effect once.

    `once` is the Idempotency-Key, made with the call where the route asks for one: keep the call, or give a key of
    your own, where a request must outlive your process.
    """

    method: str
    path: str
    reads: Callable[[bytes], T] = field(repr=False)
    body: bytes = field(default=b"", repr=False)
    once: str = ""
    media: str = JSON
    signed: bool = True


def nothing(_: bytes) -> None:
    """Read an answer without content."""


def whole(body: bytes) -> bytes:
    """Read a file."""
    return body


def get(kind: type[T], path: str) -> Call[T]:
    """Ask for something."""
    return Call("GET", PREFIX + path, partial(from_json, kind))


def post(kind: type[T], path: str, body: Any) -> Call[T]:
    """Send something whose effect is the same each time it is sent."""
    return Call("POST", PREFIX + path, partial(from_json, kind), to_json(body))


def post_once(kind: type[T], path: str, body: Any, key: str | None) -> Call[T]:
    """Send something under an Idempotency-Key."""
    return Call("POST", PREFIX + path, partial(from_json, kind), to_json(body), once=key or uuid.uuid4().hex)


def put(path: str, body: Any) -> Call[None]:
    """Set something."""
    return Call("PUT", PREFIX + path, nothing, to_json(body))
