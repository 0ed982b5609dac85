"""Bundles (FHIR R4, 2.36): searchsets with their links, histories, answers to a batch; pure."""

from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus
from urllib.parse import urlencode
from uuid import UUID

from healthcloud.fhir.model import Ask, Json, Reply, Resource, etag

MATCH_GRADE = "http://hl7.org/fhir/StructureDefinition/match-grade"
MOST_AT_ONCE = 100
_MOST_IN_LINK = 100
# What may be said again in an address: everything else a search asks by tells of a person.
_TELLABLE = frozenset({"_id", "_count", "_sort", "_total", "_after", "_include", "_revinclude"})


def entry_of(base: str, found: Resource, **search: Json) -> Resource:
    """Return a resource as an entry of a searchset."""
    kind, one = found["resourceType"], found.get("id")
    entry: Resource = {"resource": found, "search": {"mode": "match", **search}}
    return {"fullUrl": f"{base}/{kind}/{one}", **entry} if one else entry


def page_size(ask: Ask) -> int:
    """Return how many entries a page may hold: `_count`, at most a hundred; what is no number is ignored."""
    told = ask.one("_count") or ""
    return min(int(told), MOST_AT_ONCE) if told.isdecimal() and len(told) < 9 else MOST_AT_ONCE  # noqa: PLR2004 - digits


def page_of(ask: Ask, ids: Sequence[UUID]) -> tuple[list[UUID], bool]:
    """Return the ids of this page, and whether more follow."""
    after = ask.one("_after")
    names = [str(one) for one in ids]
    start = names.index(after) + 1 if after in names else 0
    size = page_size(ask)
    return list(ids[start : start + size]), size > 0 and start + size < len(ids)


def searchset(
    ask: Ask, ids: Sequence[UUID], shown: Sequence[Resource], *, more: bool, included: Sequence[Resource] = ()
) -> Resource:
    """
    Return a page of what was found, with `total`, `self` and an absolute `next`; what is included beside it at its end.

    `next` asks by the ids of what was found, so that no identity number stands in it, whatever was asked by.
    """
    told = [(name, value) for name, value in ask.parameters if name in _TELLABLE or ask.in_address]
    links: list[Json] = [{"relation": "self", "url": _address(ask, told)}]
    if more:
        kept = [(name, value) for name, value in ask.parameters if name in ("_include", "_revinclude")]
        following = [("_id", ",".join(str(one) for one in ids[:_MOST_IN_LINK])), ("_count", str(page_size(ask)))]
        if len(ids) > _MOST_IN_LINK and ask.in_address:
            following = [(name, value) for name, value in told if name != "_after"]
            kept = []
        links.append({"relation": "next", "url": _address(ask, [*following, *kept, ("_after", str(shown[-1]["id"]))])})
    return {
        "resourceType": "Bundle",
        "type": "searchset",
        "total": len(ids),
        "link": links,
        "entry": [
            *(entry_of(ask.base, one) for one in shown),
            *(entry_of(ask.base, one, mode="include") for one in included),
        ],
    }


def _address(ask: Ask, parameters: list[tuple[str, str]]) -> str:
    return f"{ask.base}/{ask.kind}" + (f"?{urlencode(parameters, safe='|,:')}" if parameters else "")


def matches(base: str, found: Sequence[tuple[Resource, float, str]]) -> Resource:
    """Return what fits, best first, each with its score and grade (PDQm, ITI-119)."""
    entries: list[Json] = [
        entry_of(base, patient, score=score, extension=[{"url": MATCH_GRADE, "valueCode": grade}])
        for patient, score, grade in found
    ]
    return {"resourceType": "Bundle", "type": "searchset", "total": len(entries), "entry": entries}


def history(base: str, versions: Sequence[tuple[Resource, str, datetime | None]]) -> Resource:
    """Return the versions of a resource, the newest first; the last one was its creation."""
    entries: list[Json] = []
    for place, (one, version, at) in enumerate(versions, start=1):
        created = place == len(versions) and version == "1"
        kind = str(one["resourceType"])
        reference = f"{kind}/{one['id']}"
        response: Resource = {"status": "201 Created" if created else "200 OK", "etag": etag(version)}
        if at is not None:
            response["lastModified"] = at.isoformat(timespec="milliseconds")
        entries.append(
            {
                "fullUrl": f"{base}/{reference}",
                "resource": one,
                "request": {"method": "POST", "url": kind} if created else {"method": "PUT", "url": reference},
                "response": response,
            }
        )
    return {"resourceType": "Bundle", "type": "history", "total": len(entries), "entry": entries}


def batch_response(replies: Sequence[Reply]) -> Resource:
    """Return what became of each entry of a batch, at its place."""
    entries: list[Json] = []
    for reply in replies:
        response: Resource = {"status": f"{reply.status} {HTTPStatus(reply.status).phrase}"}
        if reply.version:
            response["etag"] = etag(reply.version)
        if reply.location:
            response["location"] = reply.location
        if reply.modified:
            response["lastModified"] = reply.modified.isoformat(timespec="milliseconds")
        entry: Resource = {"response": response}
        if reply.resource and reply.resource["resourceType"] == "OperationOutcome":
            response["outcome"] = reply.resource
        elif reply.resource:
            entry["resource"] = reply.resource
        entries.append(entry)
    return {"resourceType": "Bundle", "type": "batch-response", "entry": entries}
