"""Reading Encounters and telling of them (FHIR R4, 3.1.0): visits of the caller's institution, exchange.deliver."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from healthcloud import encounters, index, institutions
from healthcloud.core.caller import Caller
from healthcloud.core.db import Database, Read, Transaction
from healthcloud.core.errors import FieldFault, Malformed, Unacceptable
from healthcloud.fhir import bundles
from healthcloud.fhir.directory import organizations
from healthcloud.fhir.errors import (
    InstitutionNeeded,
    NumberNeeded,
    NumberTaken,
    PatientNotFound,
    ResourceNotFound,
    SeveralMatch,
    VersionPassed,
)
from healthcloud.fhir.listing import Found, listed, read_id, unmodified
from healthcloud.fhir.looking import record_of
from healthcloud.fhir.model import DELIVER, Ask, Reply, Resource, read_parameters
from healthcloud.fhir.patching import patched
from healthcloud.fhir.resources import read
from healthcloud.fhir.systems import urn
from healthcloud.fhir.visit_search import find
from healthcloud.fhir.visits import Told, encounter_of, read_encounter
from healthcloud.fhir.writing import if_version

_DEPARTMENT, _KIND = "standard-department", "visit-type"


async def search(database: Database, caller: Caller, ask: Ask, _: list[str]) -> Reply:
    """Search (3.1.0.9), the newest first; `_include=Encounter:service-provider` brings the institution along."""

    async def act(tx: Transaction) -> Resource:
        visits = {one.id: one for one in await find(tx, caller, ask)}
        found = [
            Found(one.id, {"_id": str(one.id), "date": one.at.isoformat(), "status": one.status,
                           "_lastUpdated": one.received_at.isoformat()})
            for one in visits.values()
        ]  # fmt: skip

        async def write(ids: Sequence[UUID]) -> list[Resource]:
            return await written(tx, [visits[one] for one in ids])

        async def include(_: Sequence[Resource]) -> list[Resource]:
            wanted = "Encounter:service-provider" in ask.all("_include")
            return await organizations(tx, sorted({one.institution_id for one in visits.values()})) if wanted else []

        return await listed(ask, found, write, include)

    return Reply(200, await database.transact(act))


async def read_one(database: Database, caller: Caller, ask: Ask, named: list[str]) -> Reply:
    """Read (3.1.0.1); 304 where the client has this version already."""

    async def act(tx: Transaction) -> Reply:
        return await _reply(tx, ask, 200, await _visit(tx, caller, named[0]))

    return unmodified(ask, replace(await database.transact(act), location=None))


async def history(database: Database, caller: Caller, ask: Ask, named: list[str]) -> Reply:
    """Return every version (3.1.0.12), the newest first."""
    versions = await database.transact(lambda tx: _versions(tx, caller, named[0]))
    told = [(written, str(one.version), one.received_at) for one, written in versions]
    return Reply(200, bundles.history(ask.base, told))


async def read_version(database: Database, caller: Caller, _: Ask, named: list[str]) -> Reply:
    """Read a version (3.1.0.2)."""
    versions = await database.transact(lambda tx: _versions(tx, caller, named[0]))
    for one, written in versions:
        if str(one.version) == named[1]:
            return Reply(200, written, named[1], None, one.received_at)
    raise ResourceNotFound


async def create(database: Database, caller: Caller, ask: Ask, _: list[str]) -> Reply:
    """Create (3.1.0.8): the same number with the same content is the visit that is there; If-None-Exist is honoured."""
    own = _institution(caller)
    told = read_encounter(read("Encounter", ask.resource), own)
    condition = _condition(ask)

    async def act(tx: Transaction) -> Reply:
        if condition is not None:
            fitting = await find(tx, caller, condition)
            if len(fitting) > 1:
                raise SeveralMatch
            if fitting:
                return await _reply(tx, ask, 200, fitting[0])
        recorded = await _record(tx, caller, own, told, told.number)
        if recorded.outcome is encounters.Outcome.CHANGED:
            raise NumberTaken
        status = 201 if recorded.outcome is encounters.Outcome.NEW else 200
        return await _reply(tx, ask, status, await encounters.find(tx, caller, told.number or ""))

    return await database.transact(act)


async def update(database: Database, caller: Caller, ask: Ask, named: list[str]) -> Reply:
    """Update (3.1.0.4), the whole of it; If-Match is compared in the transaction that writes."""
    one_id = read_id(named[0])
    if not isinstance(ask.resource, dict) or ask.resource.get("id") not in (None, str(one_id)):
        raise Malformed(faults=(FieldFault("Encounter/id", "must be the id in the address", "应与地址中的 id 一致"),))
    told = read_encounter(read("Encounter", ask.resource), _institution(caller))

    async def act(tx: Transaction) -> Reply:
        there = await _visit(tx, caller, named[0])
        return await _change(tx, caller, ask, there, told)

    return await database.transact(act)


async def patch(database: Database, caller: Caller, ask: Ask, named: list[str]) -> Reply:
    """Patch (3.1.0.6) by JSON Patch: of the version that was read, and of no other."""
    own = _institution(caller)

    async def act(tx: Transaction) -> Reply:
        there = await _visit(tx, caller, named[0])
        told = read_encounter(read("Encounter", patched((await written(tx, [there]))[0], ask.resource)), own)
        return await _change(tx, caller, ask, there, told)

    return await database.transact(act)


async def written(tx: Read, found: Sequence[encounters.Encounter]) -> list[Resource]:
    """Write Encounters, each with the Patient it is of and its department in the city's code."""
    resources = []
    for one in found:
        record = await index.find_record(tx, one.institution_id, one.patient_number) if one.patient_number else None
        subject = one.person_id if record is None else record.id
        standard = None
        if one.department is not None and one.department.code:
            dictionary = await institutions.dictionaries.dictionary_of(tx, one.institution_id)
            standard = dictionary.ours(_DEPARTMENT, one.department.code).code
        resources.append(encounter_of(one, subject, standard))
    return resources


async def _visit(tx: Transaction, caller: Caller, named: str) -> encounters.Encounter:
    try:
        return await encounters.find(tx, caller, read_id(named))
    except encounters.EncounterNotFound:
        raise ResourceNotFound from None


async def _versions(tx: Transaction, caller: Caller, named: str) -> list[tuple[encounters.Encounter, Resource]]:
    now = await _visit(tx, caller, named)
    former = [one.encounter for one in await encounters.versions_of(tx, caller, now.id)]
    every = [now, *former]
    return list(zip(every, await written(tx, every), strict=True))


async def _change(tx: Transaction, caller: Caller, ask: Ask, there: encounters.Encounter, told: Told) -> Reply:
    versions = if_version(ask)
    if versions is not None and there.version not in versions:
        raise VersionPassed
    if told.number not in (None, there.number):
        fault = FieldFault("Encounter/identifier", "a visit keeps its number", "就诊流水号不可更改")
        raise Unacceptable(faults=(fault,))
    recorded = await _record(tx, caller, there.institution_id, told, there.number)
    if (versions is not None or ask.method == "PATCH") and recorded.version not in (there.version, there.version + 1):
        raise VersionPassed  # somebody else's change came between: this transaction writes nothing
    return await _reply(tx, ask, 200, await encounters.find(tx, caller, there.id))


async def _record(tx: Transaction, caller: Caller, own: UUID, told: Told, number: str | None) -> encounters.Recorded:
    if number is None:
        system = f"system {urn(own)}"
        fault = FieldFault("Encounter/identifier", f"needs one with {system}", f"须有一个 {system}")
        raise NumberNeeded(faults=(fault,))
    kind = await institutions.dictionaries.ours(tx, own, _KIND, told.class_code)
    patient_number, person_id = await _whose(tx, own, told)
    item = encounters.EncounterIn(
        number=number,
        kind=encounters.EncounterKind(kind.code) if kind.code else None,
        status=told.status,
        patient_number=patient_number,
        person_id=person_id,
        started_at=told.started_at,
        ended_at=told.ended_at,
        department=told.department,
        practitioner=told.practitioner,
        place=told.place,
        whole=True,
    )
    recorded = (await encounters.record(tx, caller, [item]))[0]
    if recorded.problem is not None:
        raise recorded.problem
    return recorded


async def _whose(tx: Read, own: UUID, told: Told) -> tuple[str | None, UUID | None]:
    """Return the patient number or the person a visit is of; a Patient the caller cannot see is not found."""
    if told.subject is None:
        return told.patient_number, told.person_id
    record = await record_of(tx, told.subject)
    if record is not None and record.source_id == own:
        return record.number, None
    if record is not None and record.source_id != index.CITY:
        raise PatientNotFound
    return told.patient_number, told.subject


async def _reply(tx: Read, ask: Ask, status: int, one: encounters.Encounter) -> Reply:
    body = (await written(tx, [one]))[0]
    location = f"{ask.base}/Encounter/{one.id}/_history/{one.version}"
    wanted = body if ask.wants_body or ask.method == "GET" else None
    return Reply(status, wanted, str(one.version), location, one.received_at)


def _institution(caller: Caller) -> UUID:
    caller.must(DELIVER)
    if caller.institution_id is None:
        raise InstitutionNeeded
    return caller.institution_id


def _condition(ask: Ask) -> Ask | None:
    told = ask.headers.get("if-none-exist", "").partition("?")
    if not any(told):
        return None
    return Ask("GET", "Encounter", ask.base, read_parameters(told[2] or told[0]), in_address=False, headers=ask.headers)
