"""What every route of the face shares: how it is described, what it reads of a request, and how it answers."""

from email.utils import format_datetime
from typing import Any
from urllib.parse import urlsplit

from fastapi import Request, Response

from healthcloud.core.errors import Problem
from healthcloud.core.http import problems, visit_of
from healthcloud.core.http.headers import headers_of
from healthcloud.core.settings import Settings
from healthcloud.fhir.model import MEDIA_TYPE, PREFIX, Ask, Reply, etag, read_parameters
from healthcloud.fhir.resources import parse, write

JSON_PATCH = "application/json-patch+json"
_SCHEMA = {"type": "object", "required": ["resourceType"], "properties": {"resourceType": {"type": "string"}}}
CONTENT: dict[str, Any] = {MEDIA_TYPE: {"schema": _SCHEMA}}
_ASKED_BY = ("identifier", "_id", "phone", "name", "birthdate", "_count")
FORM: dict[str, Any] = {
    "application/x-www-form-urlencoded": {
        "schema": {"type": "object", "properties": {name: {"type": "string"} for name in _ASKED_BY}}
    }
}
# A search that asks for everything may come without a body, and what nobody knows in one is passed over.
ANY_FORM: dict[str, Any] = {
    "requestBody": {
        "required": False,
        "description": "The same parameters as by GET.",
        "content": {"application/x-www-form-urlencoded": {"schema": {}}},
    }
}
PATCH: dict[str, Any] = {JSON_PATCH: {"schema": {"type": "array", "items": {"type": "object"}}}}
CREATED: dict[int | str, dict[str, Any]] = {201: {"description": "A record was made.", "content": CONTENT}}
SAME: dict[int | str, dict[str, Any]] = {304: {"description": "The version named by If-None-Match still stands."}}


def takes(kind: str, content: dict[str, Any] = CONTENT) -> dict[str, Any]:
    """Describe a request's body, which fhir.resources reads."""
    return {"requestBody": {"required": True, "description": kind, "content": content}}


def answers(
    *kinds: type[Problem],
) -> dict[int | str, dict[str, Any]]:
    """Describe what a route answers."""
    return {200: {"description": "A FHIR resource.", "content": CONTENT}, **problems(*kinds)}


def base_of(request: Request, settings: Settings) -> str:
    """Return this face's address as the client knows it: the public one, or that of the host it asked."""
    asked = request.headers.get("host", "")
    public = urlsplit(settings.public_url)
    scheme = public.scheme if asked.lower() == public.netloc.lower() else request.url.scheme
    return f"{scheme}://{asked or public.netloc}{PREFIX}"


def respond(reply: Reply) -> Response:
    """Return an answer with the headers FHIR clients read."""
    headers: dict[str, str] = {}
    if reply.version is not None:
        headers["ETag"] = etag(reply.version)
    if reply.location is not None:
        headers["Location"] = reply.location
    if reply.modified is not None:
        headers["Last-Modified"] = format_datetime(reply.modified, usegmt=True)
    if reply.resource is None:
        return Response(status_code=reply.status, headers=headers)
    return Response(write(reply.resource), reply.status, headers, media_type=MEDIA_TYPE)


def ask_of(request: Request, settings: Settings, path: str) -> Ask:
    """Return a request as an interaction; raise Malformed for a body that is no JSON."""
    body = visit_of(request.scope).body
    return Ask(
        method=request.method,
        path=path,
        base=base_of(request, settings),
        parameters=read_parameters(request.url.query),
        headers=headers_of(request.scope),
        resource=parse(body) if request.method in ("POST", "PUT", "PATCH") else None,
    )


def searched(request: Request, settings: Settings, kind: str) -> Ask:
    """Read a search sent by POST: its parameters may stand in the form, in the address, or in both."""
    form = visit_of(request.scope).body.decode(errors="replace")
    return Ask(
        method="POST",
        path=f"{kind}/_search",
        base=base_of(request, settings),
        parameters=(*read_parameters(request.url.query), *read_parameters(form)),
        in_address=bool(request.url.query),
        headers=headers_of(request.scope),
    )
