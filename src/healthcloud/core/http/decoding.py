"""A JSON body as a msgspec type, for hot endpoints; its faults as problems that repeat nothing of what was sent."""

import re
from functools import cache
from typing import Any, TypeVar

import msgspec

from healthcloud.core.errors import FieldFault, Malformed, Unacceptable
from healthcloud.core.http.body import refuse_repeated_keys
from healthcloud.core.http.faults import pointer_to

Wanted = TypeVar("Wanted")
_PLACE = re.compile(r" - at `(?:key in )?\$(?P<path>[^`]*)`$")
_STEP = re.compile(r"\.([^.\[]+)|\[(\d+|\.\.\.)\]")
_EXPECTED = re.compile(r"Expected (`[^`]*`(?: .*?)?)(?:, got .*)?")
_MISSING = re.compile(r"Object missing required field `([^`]*)`")


def decoded(decoder: msgspec.json.Decoder[Wanted], body: bytes) -> Wanted:
    """Decode a body, or raise Malformed when it is no JSON, Unacceptable when it is not of the decoder's type."""
    try:
        wanted = decoder.decode(body)
        kind: Any = decoder.type
        if not _names_once(names_of(kind), body):
            refuse_repeated_keys(body.decode())
    except msgspec.ValidationError as error:
        raise Unacceptable(faults=(_fault(str(error)),)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Malformed(faults=(FieldFault("#", "is not JSON", "不是有效的 JSON"),)) from None
    return wanted


_PLAIN = (
    *(msgspec.inspect.StrType, msgspec.inspect.IntType, msgspec.inspect.FloatType, msgspec.inspect.BoolType),
    *(msgspec.inspect.NoneType, msgspec.inspect.LiteralType, msgspec.inspect.EnumType, msgspec.inspect.UUIDType),
    *(msgspec.inspect.DateType, msgspec.inspect.DateTimeType),
)


@cache
def names_of(kind: Any) -> tuple[bytes, ...] | None:
    """Return every field name that JSON of this type can hold, as written; None where it may hold others too."""
    names: set[bytes] = set()
    waiting, met = [msgspec.inspect.type_info(kind)], set()
    while waiting:
        one = waiting.pop()
        if isinstance(one, msgspec.inspect.StructType):
            if not one.forbid_unknown_fields or one.tag_field is not None:
                return None
            if one.cls not in met:
                met.add(one.cls)
                names |= {b'"%b"' % field.encode_name.encode() for field in one.fields}
                waiting += [field.type for field in one.fields]
        elif isinstance(one, msgspec.inspect.UnionType):
            waiting += one.types
        elif isinstance(one, msgspec.inspect.ListType):
            waiting.append(one.item_type)
        elif isinstance(one, msgspec.inspect.Metadata):
            waiting.append(one.type)
        elif not isinstance(one, _PLAIN):
            return None
    return tuple(sorted(names))


def _names_once(names: tuple[bytes, ...] | None, body: bytes) -> bool:
    """Tell quickly that no name is written twice; False is no proof that one is."""
    if names is None or b"\\" in body:
        return False
    for name in names:  # noqa: SIM110 - all() takes twice as long
        if body.count(name) > 1:
            return False
    return True


def _fault(message: str) -> FieldFault:
    place = _PLACE.search(message)
    steps = _STEP.findall(place["path"] if place else "")
    path = [name or (int(index) if index.isdigit() else "…") for name, index in steps]
    told = message[: place.start()] if place else message
    if missing := _MISSING.fullmatch(told):
        return FieldFault(pointer_to(["body", *path, missing[1]]), "is required", "必填")
    if expected := _EXPECTED.fullmatch(told):
        return FieldFault(pointer_to(["body", *path]), f"must be {expected[1]}", f"应为 {expected[1]}")
    return FieldFault(pointer_to(["body", *path]), "is not acceptable", "不合规则")
