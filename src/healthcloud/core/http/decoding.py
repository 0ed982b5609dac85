"""A JSON body as a msgspec type, for hot endpoints; its faults as problems that repeat nothing of what was sent."""

import re
from typing import TypeVar

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
        refuse_repeated_keys(body.decode())
    except msgspec.ValidationError as error:
        raise Unacceptable(faults=(_fault(str(error)),)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Malformed(faults=(FieldFault("#", "is not JSON", "不是有效的 JSON"),)) from None
    return wanted


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
