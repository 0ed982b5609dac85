"""The reference of our own API, read from the OpenAPI document: what each operation asks, answers and refuses."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from healthcloud.core.wording import CHINESE

Json = Mapping[str, Any]
_METHODS = ("get", "post", "put", "patch", "delete")
DEEPEST = 4


@dataclass(frozen=True, slots=True)
class FieldLine:
    """A field of a body or a parameter: its path, type, whether it must be there, what is said of it."""

    name: str
    kind: str
    required: bool
    about: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the interface."""

    id: str
    method: str
    path: str
    tag: str
    summary: str
    about: tuple[str, ...]
    scopes: tuple[str, ...]
    parameters: tuple[FieldLine, ...]
    asks: tuple[FieldLine, ...]
    status: str
    answers: tuple[FieldLine, ...]
    refusals: tuple[tuple[str, tuple[str, ...]], ...]
    deprecated: bool

    def title(self, language: str) -> str:
        """Return its summary; summaries have their Chinese within."""
        return chinese_of(self.summary) if language == CHINESE else english_of(self.summary)


@dataclass(frozen=True, slots=True)
class Reference:
    """The whole interface: operations by tag, in the document's order."""

    version: str
    operations: tuple[Operation, ...]

    @property
    def by_tag(self) -> dict[str, list[Operation]]:
        """Return operations under their tags."""
        found: dict[str, list[Operation]] = {}
        for one in self.operations:
            found.setdefault(one.tag, []).append(one)
        return found

    def of(self, name: str) -> Operation | None:
        """Return an operation by its id."""
        return next((one for one in self.operations if one.id == name), None)

    def with_scope(self, scope: str) -> list[Operation]:
        """Return what a caller with this scope may ask."""
        return [one for one in self.operations if scope in one.scopes]


def chinese_of(text: str) -> str:
    """Return the Chinese part of a line in both languages, or the line where it has none."""
    words = [word for word in text.split() if any("一" <= sign <= "鿿" for sign in word)]
    return "".join(words).rstrip("。.:,;") or text


def english_of(text: str) -> str:
    """Return a line without its Chinese words."""
    kept = [word for word in text.split() if not any("一" <= sign <= "鿿" for sign in word)]
    return " ".join(kept) or text


def read_reference(document: Json) -> Reference:
    """Read a whole OpenAPI document."""
    found = [
        _operation(document, path, method, methods[method])
        for path, methods in document["paths"].items()
        for method in _METHODS
        if method in methods
    ]
    return Reference(str(document["info"]["version"]), tuple(found))


def _operation(document: Json, path: str, method: str, told: Json) -> Operation:
    responses: Json = told["responses"]
    status = next((one for one in responses if one.startswith("2")), "200")
    parameters = tuple(
        FieldLine(one["name"], _kind(document, one.get("schema", {})), bool(one.get("required")), _about(one))
        for one in told.get("parameters", ())
    )
    about = tuple(part.replace("`", "") for part in str(told.get("description", "")).split("\n\n") if part)
    return Operation(
        id=told.get("operationId", f"{method}{path}"),
        method=method.upper(),
        path=path,
        tag=(told.get("tags") or ["root"])[0],
        summary=str(told.get("description", told.get("summary", ""))).partition("\n")[0] or str(told.get("summary")),
        about=about,
        scopes=tuple(told.get("x-scopes", ())),
        parameters=parameters,
        asks=tuple(_body(document, told.get("requestBody", {}))),
        status=status,
        answers=tuple(_body(document, responses.get(status, {}))),
        refusals=tuple(
            (one, tuple(response["x-problem-codes"]))
            for one, response in sorted(responses.items())
            if response.get("x-problem-codes")
        ),
        deprecated=bool(told.get("deprecated")),
    )


def _body(document: Json, part: Json) -> Iterator[FieldLine]:
    for media in ("application/json", "application/fhir+json"):
        if schema := part.get("content", {}).get(media, {}).get("schema"):
            yield from _fields(document, schema, "", 0)
            return
    for media in part.get("content", {}):
        yield FieldLine("", media, required=True, about="")


def _fields(document: Json, schema: Json, at: str, depth: int) -> Iterator[FieldLine]:
    """Yield the fields of an object, of the objects in it, and of the items of its lists."""
    schema = _followed(document, schema)
    if depth > DEEPEST:
        return
    if schema.get("type") == "array":
        yield from _fields(document, schema.get("items", {}), f"{at}[]", depth)
    for option in schema.get("anyOf", schema.get("oneOf", ())):
        yield from _fields(document, option, at, depth)
    required = schema.get("required", ())
    for name, inner in schema.get("properties", {}).items():
        place = f"{at}.{name}" if at else name
        yield FieldLine(place, _kind(document, inner), name in required, _about(inner))
        yield from _fields(document, inner, place, depth + 1)


def _followed(document: Json, schema: Json) -> Json:
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def _kind(document: Json, schema: Json) -> str:
    schema = _followed(document, schema)
    if options := schema.get("anyOf") or schema.get("oneOf"):
        return " | ".join(dict.fromkeys(_kind(document, one) for one in options))
    if "enum" in schema:
        return " | ".join(str(one) for one in schema["enum"])
    if "const" in schema:
        return str(schema["const"])
    kind = schema.get("format") or schema.get("type") or "any"
    if kind == "array":
        return f"{_kind(document, schema.get('items', {}))}[]"
    return " | ".join(kind) if isinstance(kind, list) else str(kind)


def _about(told: Json) -> str:
    return " ".join(str(told.get("description", "")).split())
