"""Every interaction of the face by its method and path: of a request, and alike of an entry of a batch."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias
from urllib.parse import unquote, urlsplit
from uuid import UUID

from healthcloud.core.caller import Caller
from healthcloud.core.db import Database, Transaction
from healthcloud.core.errors import Problem
from healthcloud.core.http.errors import MethodNotAllowed, NoSuchAddress
from healthcloud.fhir import bundles, deeds, directory, subscriptions, visiting
from healthcloud.fhir.crossing import cross_reference
from healthcloud.fhir.errors import BundleNotTaken, PatientNotFound
from healthcloud.fhir.listing import Found, listed
from healthcloud.fhir.looking import look_at, look_back, record_sights, see
from healthcloud.fhir.matching import match
from healthcloud.fhir.model import DELIVER, Ask, Json, Reply, Resource, etag, read_parameters, versions_named
from healthcloud.fhir.outcomes import outcome_of
from healthcloud.fhir.patching import patched
from healthcloud.fhir.patients import patient_of
from healthcloud.fhir.resources import read
from healthcloud.fhir.searching import find
from healthcloud.fhir.visit_search import of_patient
from healthcloud.fhir.writing import create, reply, update

MOST_ENTRIES = 50
NOT_MODIFIED = 304


async def interact(database: Database, caller: Caller, ask: Ask) -> Reply:
    """Carry an interaction out; raise the Problem it ends in."""
    kind, *rest = ask.path.split("/")
    named = [one for one in rest if one[:1] not in ("$", "_")]
    shape = "/".join([kind, *("*" if one in named else one for one in rest)])
    act = _ACTS.get((ask.method, shape))
    if act is not None:
        return await act(database, caller, ask, named)
    if shape in {known for _, known in _ACTS}:
        raise MethodNotAllowed
    raise NoSuchAddress


async def search(database: Database, caller: Caller, ask: Ask, _: list[str]) -> Reply:
    """Search (3.1.0.9); each Patient of the page is a deed."""

    async def act(tx: Transaction) -> Resource:
        sights = {one.shown.id: one for one in await see(tx, caller, await find(tx, caller, ask))}
        found = [
            Found(one, {"_id": str(one), "_lastUpdated": str(sights[one].shown.at or ""),
                        "birthdate": str(sights[one].shown.born or "")})
            for one in sights
        ]  # fmt: skip

        async def write(ids: Sequence[UUID]) -> list[Resource]:
            await record_sights(tx, caller, [sights[one] for one in ids], deeds.READ)
            return [patient_of(sights[one].shown) for one in ids]

        async def include(shown: Sequence[Resource]) -> list[Resource]:
            return await _visits_of(tx, caller, ask, shown)

        return await listed(ask, found, write, include)

    return Reply(200, await database.transact(act))


async def _visits_of(tx: Transaction, caller: Caller, ask: Ask, shown: Sequence[Resource]) -> list[Resource]:
    """Return the visits of these Patients at the caller's institution (`_revinclude`), for who may look at visits."""
    wanted = {"Encounter:patient", "Encounter:subject"}.intersection(ask.all("_revinclude"))
    if not wanted or DELIVER not in caller.scopes or caller.institution_id is None:
        return []
    found = [visit for one in shown for visit in await of_patient(tx, caller, str(one["id"]))]
    visits = {one.id: one for one in found}
    return await visiting.written(tx, list(visits.values()))


async def read_one(database: Database, caller: Caller, ask: Ask, named: list[str]) -> Reply:
    """Read (3.1.0.1); 304 where the client has this version already."""
    shown = await database.transact(lambda tx: look_at(tx, caller, _id(named[0])))
    found = replace(reply(replace(ask, headers={}), 200, shown), location=None)
    if shown.version in versions_named(ask.headers.get("if-none-match", "")):
        return replace(found, status=NOT_MODIFIED, resource=None)
    return found


async def history(database: Database, caller: Caller, ask: Ask, named: list[str]) -> Reply:
    """Return every version of a record (3.1.0.12), the newest first."""
    versions = await database.transact(lambda tx: look_back(tx, caller, _id(named[0])))
    return Reply(200, bundles.history(ask.base, [(patient_of(one), one.version, one.at) for one in versions]))


async def read_version(database: Database, caller: Caller, ask: Ask, named: list[str]) -> Reply:
    """Read a version (3.1.0.2)."""
    versions = await database.transact(lambda tx: look_back(tx, caller, _id(named[0])))
    shown = next((one for one in versions if one.version == named[1]), None)
    if shown is None:
        raise PatientNotFound
    return replace(reply(replace(ask, headers={}), 200, shown), location=None)


async def matched(database: Database, caller: Caller, ask: Ask, _: list[str]) -> Reply:
    """`$match`."""
    found = await database.transact(lambda tx: match(tx, caller, ask.resource))
    return Reply(200, bundles.matches(ask.base, found))


async def crossed(database: Database, caller: Caller, ask: Ask, _: list[str]) -> Reply:
    """`$ihe-pix`; by POST its parameters stand in a Parameters resource."""
    if ask.method == "POST" and ask.resource is not None:
        told = tuple(_values(read("Parameters", ask.resource)))
        ask = replace(ask, parameters=told, in_address=False)
    return Reply(200, await database.transact(lambda tx: cross_reference(tx, caller, ask)))


async def created(database: Database, caller: Caller, ask: Ask, _: list[str]) -> Reply:
    """Create."""
    return await create(database, caller, ask)


async def updated(database: Database, caller: Caller, ask: Ask, named: list[str]) -> Reply:
    """Update."""
    return await update(database, caller, ask, _id(named[0]))


async def patch(database: Database, caller: Caller, ask: Ask, named: list[str]) -> Reply:
    """Patch (3.1.0.6) by JSON Patch: of the version the client named, else of the one that stands now."""
    shown = await database.transact(lambda tx: look_at(tx, caller, _id(named[0])))
    headers = {"if-match": etag(shown.version)} | ask.headers
    changed = replace(ask, resource=patched(patient_of(shown), ask.resource), headers=headers)
    return await update(database, caller, changed, shown.id)


async def batch(database: Database, caller: Caller, ask: Ask) -> Reply:
    """Carry a batch out (3.1.0.11), entry by entry in its order; each has its own answer."""
    bundle = read("Bundle", ask.resource)
    entries = bundle.get("entry") or []
    if bundle.get("type") != "batch" or not isinstance(entries, list) or len(entries) > MOST_ENTRIES:
        raise BundleNotTaken
    asks = [_entry(ask, one) for one in entries]
    return Reply(200, bundles.batch_response([await _answered(database, caller, one) for one in asks]))


async def _answered(database: Database, caller: Caller, ask: Ask) -> Reply:
    try:
        return await interact(database, caller, ask)
    except Problem as problem:
        return Reply(problem.status, outcome_of(problem))


def _entry(whole: Ask, entry: Json) -> Ask:
    """Read an entry of a batch as an interaction of its own; its address stands in a body, which no log keeps."""
    request = entry.get("request") if isinstance(entry, dict) else None
    if not isinstance(entry, dict) or not isinstance(request, dict):
        raise BundleNotTaken
    url = urlsplit(str(request.get("url", "")).removeprefix(whole.base).lstrip("/"))
    named = {"ifNoneExist": "if-none-exist", "ifMatch": "if-match", "ifNoneMatch": "if-none-match"}
    headers = {header: str(request[name]) for name, header in named.items() if request.get(name)}
    if "prefer" in whole.headers:
        headers["prefer"] = whole.headers["prefer"]
    if not url.path:
        raise BundleNotTaken
    return Ask(
        method=str(request.get("method", "")),
        path=unquote(url.path),
        base=whole.base,
        parameters=read_parameters(url.query),
        in_address=False,
        headers=headers,
        resource=entry.get("resource"),
    )


def _values(parameters: Mapping[str, Json]) -> list[tuple[str, str]]:
    """Return the parameters of an operation as a search has them: an Identifier as `system|value`."""
    found: list[tuple[str, str]] = []
    told = parameters.get("parameter")
    for one in told if isinstance(told, list) else []:
        if not isinstance(one, dict):
            continue
        for name, value in one.items():
            if name.startswith("value") and isinstance(value, str):
                found.append((str(one.get("name")), value))
            elif name == "valueIdentifier" and isinstance(value, dict):
                found.append((str(one.get("name")), f"{value.get('system', '')}|{value.get('value', '')}"))
    return found


def _id(text: str) -> UUID:
    """Read a Patient's id; what is none names nobody."""
    try:
        return UUID(text)
    except ValueError:
        raise PatientNotFound from None


Act: TypeAlias = Callable[[Database, Caller, Ask, list[str]], Awaitable[Reply]]
_OF_PATIENTS: Mapping[tuple[str, str], Act] = {
    ("GET", "Patient"): search,
    ("POST", "Patient/_search"): search,
    ("POST", "Patient"): created,
    ("POST", "Patient/$match"): matched,
    ("GET", "Patient/$ihe-pix"): crossed,
    ("POST", "Patient/$ihe-pix"): crossed,
    ("GET", "Patient/*"): read_one,
    ("PUT", "Patient/*"): updated,
    ("PATCH", "Patient/*"): patch,
    ("GET", "Patient/*/_history"): history,
    ("GET", "Patient/*/_history/*"): read_version,
}
_OF_VISITS: Mapping[tuple[str, str], Act] = {
    ("GET", "Encounter"): visiting.search,
    ("POST", "Encounter/_search"): visiting.search,
    ("POST", "Encounter"): visiting.create,
    ("GET", "Encounter/*"): visiting.read_one,
    ("PUT", "Encounter/*"): visiting.update,
    ("PATCH", "Encounter/*"): visiting.patch,
    ("GET", "Encounter/*/_history"): visiting.history,
    ("GET", "Encounter/*/_history/*"): visiting.read_version,
}


_OF_SUBSCRIPTIONS: Mapping[tuple[str, str], Act] = {
    ("GET", "Subscription"): subscriptions.search,
    ("POST", "Subscription"): subscriptions.create,
    ("GET", "Subscription/*"): subscriptions.read_one,
    ("DELETE", "Subscription/*"): subscriptions.remove,
}


def _of_directory(kind: str) -> Mapping[tuple[str, str], Act]:
    return {
        ("GET", kind): directory.search,
        ("POST", f"{kind}/_search"): directory.search,
        ("GET", f"{kind}/*"): directory.read_one,
        ("GET", f"{kind}/*/_history"): directory.history,
        ("GET", f"{kind}/*/_history/*"): directory.read_version,
    }


_ACTS: Mapping[tuple[str, str], Act] = {
    **_OF_PATIENTS,
    **_OF_VISITS,
    **_OF_SUBSCRIPTIONS,
    **{key: act for kind in directory.KINDS for key, act in _of_directory(kind).items()},
}
