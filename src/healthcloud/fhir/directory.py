"""
Reading and searching Organization, Location and Practitioner (FHIR R4, 3.1.0): public facts, so no deed is written.

Locations and practitioners are looked for at one institution: the one that is named, else the caller's own.
"""

from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

from healthcloud import institutions
from healthcloud.core.caller import Caller
from healthcloud.core.db import Database, Read
from healthcloud.fhir import bundles, places
from healthcloud.fhir.directory_search import NAMES, find_locations, find_organizations, find_practitioners
from healthcloud.fhir.errors import ResourceNotFound
from healthcloud.fhir.listing import Found, hold_to, listed, read_id, unmodified, version_of
from healthcloud.fhir.model import Ask, Reply, Resource

_SORTS = ("_id", "name")
_KNOWN = {
    "Organization": ("_id", "identifier", "partof", "type", "active", "address", *NAMES),
    "Location": ("_id", "identifier", "organization", "status", "type", "partof", *NAMES),
    "Practitioner": ("_id", "identifier", "active", *NAMES, "organization"),
}
Writer = Callable[[Read, Sequence[UUID]], Awaitable[list[Resource]]]
Finder = Callable[[Read, Caller, Ask], Awaitable[list[Found]]]


async def search(database: Database, caller: Caller, ask: Ask, _: list[str]) -> Reply:
    """Search (3.1.0.9)."""
    hold_to(ask, _KNOWN[ask.kind], _SORTS)
    async with database.read() as read:
        found = await _FINDERS[ask.kind](read, caller, ask)

        async def write(ids: Sequence[UUID]) -> list[Resource]:
            return await _WRITERS[ask.kind](read, ids)

        async def include(shown: Sequence[Resource]) -> list[Resource]:
            return await _beside(read, ask, shown)

        return Reply(200, await listed(ask, found, write, include))


async def read_one(database: Database, _: Caller, ask: Ask, named: list[str]) -> Reply:
    """Read (3.1.0.1); 304 where the client has what it says already."""
    found = await _one(database, ask, named[0])
    return unmodified(ask, Reply(200, found, version_of(found)))


async def history(database: Database, _: Caller, ask: Ask, named: list[str]) -> Reply:
    """Return the present version (3.1.0.12): former ones of what is public are not kept."""
    found = await _one(database, ask, named[0])
    return Reply(200, bundles.history(ask.base, [(found, version_of(found), None)]))


async def read_version(database: Database, _: Caller, ask: Ask, named: list[str]) -> Reply:
    """Read a version (3.1.0.2): the present one."""
    found = await _one(database, ask, named[0])
    if version_of(found) != named[1]:
        raise ResourceNotFound
    return Reply(200, found, version_of(found))


async def _one(database: Database, ask: Ask, named: str) -> Resource:
    async with database.read() as read:
        found = await _WRITERS[ask.kind](read, [read_id(named)])
    if not found:
        raise ResourceNotFound
    return found[0]


async def organizations(read: Read, ids: Sequence[UUID]) -> list[Resource]:
    """Write those of these institutions that there are."""
    numbers = await institutions.numbers_among(read, ids)
    found = []
    for one in ids:
        try:
            there = await institutions.institution(read, one)
        except institutions.InstitutionUnknown:
            continue
        found.append(places.organization_of(there, numbers.get(one, [])))
    return found


async def locations(read: Read, ids: Sequence[UUID]) -> list[Resource]:
    """Write those of these departments and terminals that there are."""
    found = []
    for one in ids:
        department = await institutions.departments.find_department(read, one)
        if department is not None:
            found.append(places.location_of_department(department))
            continue
        try:
            found.append(places.location_of_terminal(await institutions.terminal(read, one)))
        except institutions.terminals.TerminalUnknown:
            continue
    return found


async def practitioners(read: Read, ids: Sequence[UUID]) -> list[Resource]:
    """Write those of these practitioners that there are, each with their posts."""
    found = []
    for one in ids:
        there = await institutions.practitioners.practitioner(read, one)
        if there is not None:
            posts = await institutions.practitioners.posts_of(read, one)
            now = [(post.institution_id, post.staff_number) for post in posts if post.ended_on is None]
            found.append(places.practitioner_of(there, now, works=bool(now)))
    return found


async def _beside(read: Read, ask: Ask, shown: Sequence[Resource]) -> list[Resource]:
    """Return what is asked for beside: an Organization's departments, a Location's Organization."""
    ids = [UUID(str(one["id"])) for one in shown]
    if ask.kind == "Organization" and "Location:organization" in ask.all("_revinclude"):
        return [
            places.location_of_department(department)
            for one in ids
            for department in await institutions.departments.departments_of(read, one)
        ]
    if ask.kind == "Location" and "Location:organization" in ask.all("_include"):
        managing = [one.get("managingOrganization") for one in shown]
        named = [str(one.get("reference", "")) for one in managing if isinstance(one, dict)]
        owners = dict.fromkeys(read_id(one.removeprefix("Organization/")) for one in named)
        return await organizations(read, list(owners))
    return []


_FINDERS: dict[str, Finder] = {
    "Organization": find_organizations,
    "Location": find_locations,
    "Practitioner": find_practitioners,
}
_WRITERS: dict[str, Writer] = {
    "Organization": organizations,
    "Location": locations,
    "Practitioner": practitioners,
}
KINDS = tuple(_FINDERS)
