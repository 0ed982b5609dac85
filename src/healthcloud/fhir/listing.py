"""Searchsets: parameters held to what can be asked, order, pages, what is included, versions of what nobody counts."""

import hashlib
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

import msgspec

from healthcloud.core.errors import FieldFault
from healthcloud.fhir import bundles
from healthcloud.fhir.errors import ParameterNotPossible, ResourceNotFound
from healthcloud.fhir.model import Ask, Json, Reply, Resource, versions_named

CONTROLS = frozenset({"_count", "_sort", "_total", "_format", "_pretty", "_summary", "_elements", "_after"})
INCLUDING = frozenset({"_include", "_revinclude"})
MOST_INCLUDED = 500
NOT_MODIFIED = 304
_LONGEST = 40  # longer than any parameter of FHIR


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found, by its id and what it may be sorted by."""

    id: UUID
    keys: dict[str, str]


def hold_to(ask: Ask, known: Collection[str], sorts: Collection[str]) -> None:
    """Raise ParameterNotPossible for what cannot be answered; what nobody knows is passed over unless strict."""
    faults = []
    for name in dict.fromkeys(name for name, _ in ask.parameters):
        plain = name.partition(":")[0].partition(".")[0]
        meant = plain in {one.partition(":")[0].partition(".")[0] for one in known}
        if name in known or plain in CONTROLS or plain in INCLUDING:
            continue
        if meant or ask.is_strict:
            faults.append(fault_of(name))
    if ask.is_strict and any(key.lstrip("-") not in sorts for key in sort_keys(ask)):
        faults.append(FieldFault("query/_sort", "cannot be sorted by", "不能按此排序"))
    if faults:
        raise ParameterNotPossible(faults=tuple(faults))


def fault_of(name: str, en: str = "cannot be asked by", zh: str = "不能作为查询条件") -> FieldFault:
    """Return the fault of a parameter; one that is no name of FHIR's may hold anything and is not said back."""
    plain = name.isascii() and len(name) < _LONGEST and all(one.isalnum() or one in "_-:." for one in name)
    return FieldFault(f"query/{name}" if plain else "query/…", en, zh)


def sort_keys(ask: Ask) -> list[str]:
    """Return what is to be sorted by, most important first; `-` before it for the other way round."""
    return [key for value in ask.all("_sort") for key in value.split(",") if key]


def in_order(ask: Ask, found: Sequence[Found]) -> list[Found]:
    """Sort what was found; a key it has not is passed over."""
    ordered = list(found)
    for key in reversed(sort_keys(ask)):
        name = key.lstrip("-")
        if any(name in one.keys for one in ordered):
            ordered.sort(key=lambda one, name=name: one.keys.get(name, ""), reverse=key.startswith("-"))  # type: ignore[misc]  # mypy knows no default of a lambda
    return ordered


async def listed(
    ask: Ask,
    found: Sequence[Found],
    write: Callable[[Sequence[UUID]], Awaitable[Sequence[Resource]]],
    include: Callable[[Sequence[Resource]], Awaitable[Sequence[Resource]]] | None = None,
) -> Resource:
    """Return a page of what was found as a searchset; `write` makes the resources of a page, in its order."""
    ids = [one.id for one in in_order(ask, found)]
    page, more = bundles.page_of(ask, ids)
    shown = list(await write(page))
    wanted = include is not None and bool(ask.all("_include", "_revinclude"))
    beside = list(await include(shown))[:MOST_INCLUDED] if include is not None and wanted and shown else []
    there = {(one["resourceType"], one["id"]) for one in shown}
    included = [one for one in beside if (one["resourceType"], one["id"]) not in there]
    return bundles.searchset(ask, ids, shown, more=more and bool(shown), included=included)


def unmodified(ask: Ask, reply: Reply) -> Reply:
    """Answer 304 where the client has this version already (If-None-Match)."""
    if reply.version is not None and reply.version in versions_named(ask.headers.get("if-none-match", "")):
        return replace(reply, status=NOT_MODIFIED, resource=None)
    return reply


def stamped(resource: Resource) -> Resource:
    """Give a resource whose versions nobody counts one that follows from what it says."""
    said = {name: value for name, value in resource.items() if value not in (None, [], "")}
    digest = hashlib.sha256(msgspec.json.encode(said, order="deterministic")).hexdigest()[:16]
    meta: Resource = {"versionId": digest}
    return {"resourceType": said.pop("resourceType"), "id": said.pop("id"), "meta": meta, **said}


def version_of(resource: Resource) -> str:
    """Return a resource's version."""
    meta = resource.get("meta")
    return str(meta.get("versionId", "")) if isinstance(meta, dict) else ""


def read_id(text: str) -> UUID:
    """Read an id of an address; what is none names nothing."""
    try:
        return UUID(text)
    except ValueError:
        raise ResourceNotFound from None


def coding(system: str, code: str | None, display: str | None = None) -> Json:
    """Return a CodeableConcept of one coding."""
    one: Resource = {"system": system, "code": code}
    return {"coding": [one | ({"display": display} if display else {})]}
