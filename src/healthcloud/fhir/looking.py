"""
Patients as a caller may see them: records of their own institution, and persons of the city.

A record is what the institution itself said; a person is what the city knows. Both are masked unless the caller holds
people.open and the person is a patient of their institution. A miss and a refusal look alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from healthcloud import audit, index, people
from healthcloud.core.caller import Caller
from healthcloud.core.db import Read, Transaction
from healthcloud.fhir import deeds
from healthcloud.fhir.errors import PatientNotFound
from healthcloud.fhir.model import OPEN, REGISTER
from healthcloud.fhir.patients import Shown

FIRST = "1"
_REASON = "经 FHIR 接口为本院患者读取"


@dataclass(frozen=True, slots=True)
class Sight:
    """A Patient shown, and whom the deed of showing it names."""

    shown: Shown
    subject_id: UUID


async def look(tx: Transaction, caller: Caller, patient_ids: Sequence[UUID], deed: str = deeds.READ) -> list[Shown]:
    """Return those of these Patients the caller may see, in this order; a deed of each person."""
    found = await see(tx, caller, patient_ids)
    await record_sights(tx, caller, found, deed)
    return [one.shown for one in found]


async def see(read: Read, caller: Caller, patient_ids: Sequence[UUID]) -> list[Sight]:
    """Return the same for whoever writes the deed of those that are shown."""
    return [one for patient_id in patient_ids if (one := await _sight(read, caller, patient_id)) is not None]


async def look_at(tx: Transaction, caller: Caller, patient_id: UUID) -> Shown:
    """Return one Patient; raise PatientNotFound."""
    found = await look(tx, caller, [patient_id])
    if not found:
        raise PatientNotFound
    return found[0]


async def look_back(tx: Transaction, caller: Caller, patient_id: UUID) -> list[Shown]:
    """
    Return every version of a record of the caller's institution, the newest first, as one deed; raise PatientNotFound.

    Of a person of the city there is the present version only: their corrections are told elsewhere.
    """
    record = await record_of(tx, patient_id)
    now = await _sight(tx, caller, patient_id)
    if now is None:
        raise PatientNotFound
    await record_sights(tx, caller, [now], deeds.READ)
    if record is None or record.source_id == index.CITY:
        return [now.shown]
    versions = await index.versions_of(tx, record)
    said = [replace(record, version=one.version, content=one.content, received_at=one.received_at) for one in versions]
    sights = [await of_record(tx, caller, one) for one in said]
    return [one.shown for one in sights if one is not None]


async def record_sights(tx: Transaction, caller: Caller, sights: Sequence[Sight], deed: str) -> None:
    """Write what the persons shown can read: one line each, of opening where anything was unmasked."""
    opened = {one.subject_id for one in sights if not one.shown.masked}
    entries = [
        audit.Entry(deeds.OPENED, subject, reason=caller.reason or _REASON)
        if subject in opened
        else audit.Entry(deed, subject)
        for subject in dict.fromkeys(one.subject_id for one in sights)
    ]
    await audit.record_many(tx, caller, entries)


async def _sight(read: Read, caller: Caller, patient_id: UUID) -> Sight | None:
    record = await record_of(read, patient_id)
    if record is not None and record.source_id != index.CITY:
        return await of_record(read, caller, record)
    return await of_person(read, caller, patient_id)


async def of_record(read: Read, caller: Caller, record: index.Record) -> Sight | None:
    """Show a record of the caller's institution; None for another's."""
    if caller.institution_id is None or record.source_id != caller.institution_id:
        return None
    person_id = None if record.person_id is None else await people.canonical_of(read, record.person_id)
    links = () if person_id is None else ((person_id, "refer"),)
    said = record.content
    shown = Shown(
        id=record.id,
        version=str(record.version),
        at=record.received_at,
        name=said.name,
        sex=said.sex,
        born=said.birth_date,
        document_kind=said.document_kind,
        number=said.number,
        issuer=said.issuer,
        phone=said.phone,
        address=said.address,
        ethnicity=said.ethnicity,
        nationality=said.nationality,
        masked=OPEN not in caller.scopes,
        is_active=record.state is not index.RecordState.ENDED,
        numbers=((record.source_id, record.number),),
        person_id=person_id,
        links=links,
    )
    return Sight(_as_allowed(shown), person_id or record.id)


async def of_person(read: Read, caller: Caller, person_id: UUID) -> Sight | None:
    """Show a person of the city, for people.open or people.register; one merged away only says by whom."""
    if caller.scopes.isdisjoint((OPEN, REGISTER)):
        return None
    seen = (await people.faces(read, caller.institution_id, [person_id])).get(person_id)
    if seen is None or seen.state is people.PersonState.WITHDRAWN:
        return None
    if seen.canonical_id != person_id:
        links = ((seen.canonical_id, "replaced-by"),)
        gone = Shown(person_id, FIRST, None, None, "0", None, is_active=False, links=links)
        return Sight(gone, seen.canonical_id)
    own = await own_records(read, caller, person_id)
    city = await record_of(read, person_id)
    face, institution = seen.face, caller.institution_id
    theirs = [one.number for one in own] or ([seen.local_number] if seen.local_number else [])
    shown = Shown(
        id=person_id,
        version=FIRST if city is None else str(city.version),
        at=None if city is None else city.received_at,
        name=face.name,
        sex=face.sex,
        born=face.birth_date,
        document_kind=face.document_kind,
        number=face.document_number,
        issuer=face.document_issuer,
        phone=face.phone,
        ethnicity=face.ethnicity,
        nationality=face.nationality,
        masked=OPEN not in caller.scopes or not theirs,
        is_dead=seen.state is people.PersonState.DECEASED,
        numbers=() if institution is None else tuple((institution, number) for number in theirs),
        person_id=person_id,
        links=tuple((one.id, "seealso") for one in own),
    )
    return Sight(_as_allowed(shown), person_id)


async def own_records(read: Read, caller: Caller, person_id: UUID) -> list[index.Record]:
    """Return the records that the caller's institution has of a person, in the order of their numbers."""
    if caller.institution_id is None:
        return []
    found = [one for one in await index.records_of(read, person_id) if one.source_id == caller.institution_id]
    return sorted(found, key=lambda one: one.number)


async def record_of(read: Read, record_id: UUID) -> index.Record | None:
    """Return a record by its id; a person's is the city's own."""
    return next(iter(await index.records_by_id(read, [record_id])), None)


def _as_allowed(shown: Shown) -> Shown:
    """Mask what is to be masked (脱敏): of the birth date the year stays, of ethnicity and address nothing."""
    if not shown.masked:
        return shown
    born = shown.born if isinstance(shown.born, date) else None
    face = people.masked(
        people.Face(
            name=shown.name or "",
            sex=shown.sex,
            birth_date=born or date.min,
            document_kind=shown.document_kind or "",
            document_number=shown.number or "",
            phone=shown.phone,
        )
    )
    return replace(
        shown,
        name=face.name or None,
        born=f"{face.birth_year:04d}" if born else None,
        number=face.document_number or None,
        phone=face.phone,
        address=None,
        ethnicity=None,
    )
