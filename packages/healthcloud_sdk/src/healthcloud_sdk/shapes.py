"""From JSON to frozen dataclasses and back. Fields the city adds later are ignored, so that an old client goes on."""

import dataclasses
import json
import types
from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints
from uuid import UUID

T = TypeVar("T")
_PARSED: dict[Any, Callable[[str], Any]] = {UUID: UUID, datetime: datetime.fromisoformat, date: date.fromisoformat}


class AnswerUnreadable(ValueError):
    """The answer is not of the shape this client knows: is that address a city's, and its version this client's?"""

    zh = "应答的格式与本客户端不符：请核对平台地址与版本。"


def from_json(kind: type[T], body: bytes) -> T:
    """Read a body; raise AnswerUnreadable."""
    try:
        made: T = made_of(kind, json.loads(body))
    except (ValueError, TypeError, KeyError, AttributeError) as fault:
        raise AnswerUnreadable(type(fault).__name__) from None
    return made


def made_of(kind: Any, value: Any) -> Any:
    """Return a decoded JSON value as this type; a dataclass by its fields, a union of them by their `status`."""
    if kind is Any or (value is None and type(None) in get_args(kind)):
        return value
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return made_of(_one_of(kind, value), value)
    if origin in (list, tuple):
        return tuple(made_of(get_args(kind)[0], one) for one in value)
    if origin is dict:
        return dict(value)
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        hints, fields = _fields(kind)
        given = {name: made_of(hints[name], value[name]) for name in fields if name in value}
        return kind(**given)
    return _plain(kind, value)


def _plain(kind: Any, value: Any) -> Any:
    if kind in _PARSED:
        return _PARSED[kind](value)
    if kind is float and isinstance(value, int):
        return float(value)
    if not isinstance(value, kind):
        raise TypeError(kind)
    return value


def _one_of(kind: Any, value: Any) -> Any:
    """Return which member of a union this is."""
    members = [one for one in get_args(kind) if one is not type(None)]
    if len(members) == 1:
        return members[0]
    return next(one for one in members if value["status"] == one.STATUS)


@cache
def _fields(kind: Any) -> tuple[dict[str, Any], tuple[str, ...]]:
    return get_type_hints(kind), tuple(field.name for field in dataclasses.fields(kind))


def to_json(value: Any) -> bytes:
    """Write a body; what is None or empty by default is left out."""
    return json.dumps(_plain_of(value), ensure_ascii=False, separators=(",", ":")).encode()


def _plain_of(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        found = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
        return {name: _plain_of(one) for name, one in found.items() if one is not None}
    if isinstance(value, dict):
        return {str(name): _plain_of(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain_of(one) for one in value]
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, date):  # and datetime, which is one
        return value.isoformat()
    return value
