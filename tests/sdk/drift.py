"""Compare this client's types with the schemas of the city's OpenAPI document."""

import dataclasses
import types
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints
from uuid import UUID

Json = dict[str, Any]
_FORMATS = {UUID: "uuid", datetime: "date-time", date: "date"}
_TYPES = {str: "string", int: "integer", float: "number", bool: "boolean"}


class Document:
    """An OpenAPI document, with its references followed."""

    def __init__(self, document: Json) -> None:
        self.document = document

    def follow(self, schema: Json) -> Json:
        while "$ref" in schema:
            schema = self.document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        return schema

    def operation(self, method: str, path: str) -> Json | None:
        """Return the operation an address leads to, whatever stands in its blanks."""
        asked = path.split("/")
        for known, methods in self.document["paths"].items():
            parts = known.split("/")
            if len(parts) == len(asked) and all(
                one == other or one.startswith("{") for one, other in zip(parts, asked, strict=True)
            ):
                found: Json | None = methods.get(method.lower())
                if found is not None:
                    return found
        return None

    def faults(self, kind: Any, schema: Json, *, sent: bool, at: str = "") -> Iterator[str]:
        """Tell where a type of ours and a schema differ: of what is sent, the city may know fields we do not."""
        schema = self.follow(schema)
        options, nullable = self._options(schema)
        members, ours_nullable = _members(kind)
        if nullable and not ours_nullable and not sent:
            yield f"{at}: may be null"
        if len(members) > 1 and not dataclasses.is_dataclass(members[0]):
            yield f"{at}: a union of plain types"
        if dataclasses.is_dataclass(members[0]):
            for member in members:
                yield from self._object_faults(member, options, sent=sent, at=at)
        elif not any(self._fits(members[0], option, sent=sent, at=at) for option in options):
            yield f"{at}: {members[0]} is {options}"

    def _object_faults(self, kind: Any, options: list[Json], *, sent: bool, at: str) -> Iterator[str]:
        fields = {one.name: one for one in dataclasses.fields(kind)}
        tag = getattr(kind, "STATUS", None)
        fitting = [one for one in options if tag is None or tag in one["properties"]["status"].get("enum", ())]
        if not fitting:
            yield f"{at}: {kind.__name__} has no schema"
            return
        known, required = fitting[0].get("properties", {}), set(fitting[0].get("required", ()))
        theirs = known.keys() - ({"status"} if tag else set())
        if not sent or required - fields.keys():
            yield from (f"{at}.{name}: only theirs" for name in sorted(theirs - fields.keys()))
        yield from (f"{at}.{name}: only ours" for name in sorted(fields.keys() - theirs))
        hints = get_type_hints(kind)
        for name in sorted(theirs & fields.keys()):
            yield from self.faults(hints[name], known[name], sent=sent, at=f"{at}.{name}")

    def _options(self, schema: Json) -> tuple[list[Json], bool]:
        members: list[Json] = schema.get("anyOf") or schema.get("oneOf") or [schema]
        first = [self.follow(one) for one in members]
        found: list[Json] = []
        for option in first:
            found += option.get("anyOf") or [option]
        if isinstance(schema.get("type"), list):
            found = [schema | {"type": one} for one in schema["type"]]
        return [one for one in found if one.get("type") != "null"], any(one.get("type") == "null" for one in found)

    def _fits(self, kind: Any, schema: Json, *, sent: bool, at: str) -> bool:
        origin = get_origin(kind)
        if kind is Any or not schema.get("type"):
            return True
        if origin is Literal:
            allowed = schema.get("enum")
            return schema["type"] == "string" and (allowed is None or set(get_args(kind)) <= set(allowed))
        if origin is tuple:
            inner = next(iter(self.faults(get_args(kind)[0], schema.get("items", {}), sent=sent, at=at)), None)
            return schema["type"] == "array" and inner is None
        if origin is dict:
            return bool(schema["type"] == "object")
        if kind in _FORMATS:
            # Of a datetime that may be null the hot endpoints' document names no format.
            unsaid = _FORMATS[kind] if kind is datetime and schema["type"] == "string" else None
            return bool(schema.get("format", unsaid) == _FORMATS[kind])
        return bool(schema["type"] == _TYPES.get(kind))


def _members(kind: Any) -> tuple[list[Any], bool]:
    if get_origin(kind) in (Union, types.UnionType):
        members = [one for one in get_args(kind) if one is not type(None)]
        return members, len(members) < len(get_args(kind))
    return [kind], False
