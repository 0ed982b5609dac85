"""OpenAPI, complete: scopes, how to prove who asks, and each problem a route may answer, in both languages."""

from collections.abc import Iterable
from typing import Any

import msgspec
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.convertors import StringConvertor
from starlette.routing import BaseRoute

from healthcloud import access, fhir
from healthcloud.core.errors import (
    Forbidden,
    Malformed,
    OutcomeUnknown,
    Problem,
    Unacceptable,
    Unauthenticated,
    Unavailable,
)
from healthcloud.core.http import HotEndpoint, asks_caller, needs_of, problems
from healthcloud.core.http.errors import BodyTooLarge, BodyTooSlow, CrossSite, MediaTypeNotAccepted, NoSuchAddress
from healthcloud.core.http.responses import CODES

Json = dict[str, Any]
_SAFE = ("get", "head", "options")
_OF_BODIES: tuple[type[Problem], ...] = (BodyTooSlow, BodyTooLarge, MediaTypeNotAccepted)
_OF_PROOFS: tuple[type[Problem], ...] = (Unauthenticated, *access.WRONG_PROOFS)
_OF_HOT: tuple[type[Problem], ...] = (
    Malformed,
    Unacceptable,
    *_OF_BODIES,
    *_OF_PROOFS,
    Forbidden,
    CrossSite,
    Unavailable,
    OutcomeUnknown,
    Problem,
)
PROBLEM_SCHEMA: Json = {
    "type": "object",
    "description": "RFC 9457 problem. Programs act on `code`; people read `title_zh` or `title`.",
    "required": ["type", "title", "title_zh", "status", "code", "who_acts"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference", "examples": ["/problems/not-found"]},
        "title": {"type": "string"},
        "title_zh": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "who_acts": {"enum": ["resident", "clerk", "institution", "administrator", "developer", "nobody"]},
        "detail": {"type": "string"},
        "request_id": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "en", "zh"],
                "properties": {"pointer": {"type": "string"}, "en": {"type": "string"}, "zh": {"type": "string"}},
            },
        },
    },
}
# Read by core.idempotency, whose problems say more than a validation error would.
IDEMPOTENCY_KEY: Json = {"type": "string", "pattern": '^"?[A-Za-z0-9._:-]{8,128}"?$'}
SECURITY_SCHEMES: Json = {
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "hc_session",
        "description": "A resident's or a member of staff's session. 居民或工作人员的会话。",
    },
    "signedRequest": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": 'An institution\'s client: `HC1-HMAC-SM3 key="…",timestamp="…",nonce="…",signature="…"` over '
        "`METHOD\\nTARGET\\nTIMESTAMP\\nNONCE\\nhex(SM3(body))\\n`; also `HC1-HMAC-SHA256` and `HC1-SM2`. "
        "医疗机构接入程序的签名。",
    },
}


class NameTaken(RuntimeError):
    """A type of a hot endpoint has the name of another type: readers of the document would take one for the other."""


def complete(schema: Json, routes: Iterable[BaseRoute], hot: Iterable[HotEndpoint]) -> Json:
    """Add to FastAPI's schema what it cannot know; return it."""
    schemas: Json = schema.setdefault("components", {}).setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas["Problem"] = PROBLEM_SCHEMA
    schema["components"]["securitySchemes"] = SECURITY_SCHEMES
    for route in iter_route_contexts(list(routes)):
        path = schema.get("paths", {}).get(route.path_format or "", {})
        if isinstance(route.original_route, APIRoute):
            for method in {name.lower() for name in route.methods or ()} & path.keys():
                operation = path[method]
                _complete_operation(operation, method, needs_of(route.dependant))
                if asks_caller(route.dependant):
                    _add_problems(operation["responses"], [*_OF_PROOFS])
                if any(not isinstance(one, StringConvertor) for one in route.param_convertors.values()):
                    _add_problems(operation["responses"], [NoSuchAddress])
                if (route.path_format or "").startswith(fhir.PREFIX):
                    fhir.as_outcomes(operation)
    for endpoint in hot:
        schema["paths"][endpoint.path] = {"post": _hot_operation(endpoint, schemas)}
    schema["components"]["examples"] = _shared_examples(schema["paths"])
    return schema


def _shared_examples(paths: Json) -> Json:
    """Take the examples of problems out of every response into one place, and refer to them there."""
    shared: Json = {}
    for operation in (one for methods in paths.values() for one in methods.values()):
        for response in operation["responses"].values():
            for content in response.get("content", {}).values():
                told: Json = content.pop("examples", {})
                shared |= told
                if told:
                    content["examples"] = {code: {"$ref": f"#/components/examples/{code}"} for code in told}
    return dict(sorted(shared.items()))


def _complete_operation(operation: Json, method: str, needs: list[Any]) -> None:
    scopes = [scope for need in needs for scope in need.scopes]
    own: Json = operation["responses"]
    if "HTTPValidationError" in str(own.get("422", "")):
        del own["422"]
    may: list[type[Problem]] = [Malformed, Unavailable, OutcomeUnknown, Problem]
    if "requestBody" in operation or "parameters" in operation:
        may.append(Unacceptable)
    if method not in _SAFE:
        may += [CrossSite, *_OF_BODIES]
    if scopes:
        may += [*_OF_PROOFS, Forbidden]
        operation["x-scopes"] = scopes
        operation["security"] = [{"session": []}, {"signedRequest": []}]
    else:
        operation["x-open-because"] = " ".join(need.reason for need in needs if need.reason)
        operation["security"] = []
    for parameter in operation.get("parameters", ()):
        if parameter["name"] == "Idempotency-Key":
            parameter["required"] = True
            parameter["schema"] = IDEMPOTENCY_KEY
    _add_problems(own, may)


def _add_problems(own: Json, kinds: list[type[Problem]]) -> None:
    """Merge problems into an operation's responses, beside those its feature lists for the same status."""
    for status, general in problems(*kinds).items():
        listed = own.setdefault(str(status), {"description": "", "content": {}, CODES: []})
        examples = next(iter(general["content"].values()))["examples"]
        for media, content in general["content"].items():
            there = listed["content"].setdefault(media, {"schema": content["schema"], "examples": {}})
            there["examples"] |= {code: one for code, one in examples.items() if code not in there["examples"]}
        new = [code for code in general[CODES] if code not in listed[CODES]]
        listed[CODES] = [*listed[CODES], *new]
        if new:
            listed["description"] = "\n\n".join(filter(None, (listed["description"], general["description"])))


def _hot_operation(endpoint: HotEndpoint, schemas: Json) -> Json:
    document = endpoint.document
    (asks, answers), found = msgspec.json.schema_components(
        (document.asks, document.answers), ref_template="#/components/schemas/{name}"
    )
    if taken := {name for name in found.keys() & schemas.keys() if found[name] != schemas[name]}:
        raise NameTaken(", ".join(sorted(taken)))
    schemas |= found
    operation: Json = {
        "tags": [document.tag],
        "summary": document.summary,
        "description": document.description,
        "operationId": f"{document.tag}.{endpoint.path.rsplit('/', 1)[-1]}",
        "requestBody": {"required": True, "content": {"application/json": {"schema": asks}}},
        "responses": {
            "200": {"description": "Successful Response", "content": {"application/json": {"schema": answers}}}
        },
        "x-scopes": [document.scope],
        "security": [{"session": []}, {"signedRequest": []}],
    }
    _add_problems(operation["responses"], list(dict.fromkeys((*document.problems, *_OF_HOT))))
    return operation
