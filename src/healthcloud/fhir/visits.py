"""
Encounter (FHIR R4, 8.11) to what an institution tells of a visit, and back; pure.

The class is v3 ActCode where it has a code (IMP, AMB, EMER); a check-up (H) and other visits (T) keep the city's own.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from healthcloud import encounters
from healthcloud.core.clock import SHANGHAI
from healthcloud.core.errors import FieldFault, Unacceptable
from healthcloud.fhir.listing import coding
from healthcloud.fhir.model import Json, Resource
from healthcloud.fhir.systems import (
    ACT,
    IDENTIFIER_TYPE,
    STANDARD_DEPARTMENT,
    UUIDS,
    VISIT_TYPE,
    read_urn,
    urn,
)

_CLASSES = {"I": ("IMP", "inpatient encounter"), "O": ("AMB", "ambulatory"), "E": ("EMER", "emergency")}
_KINDS = {"I": "住院", "O": "门诊", "E": "急诊", "H": "体检", "T": "其它"}
# What a hospital's system may say of a visit, and what is kept of it.
_STATUSES = {
    "planned": "planned",
    "arrived": "arrived",
    "triaged": "arrived",
    "in-progress": "in-progress",
    "onleave": "in-progress",
    "finished": "finished",
    "cancelled": "cancelled",
    "entered-in-error": "cancelled",
}


@dataclass(frozen=True, slots=True)
class Told:
    """What an Encounter says, its subject and class still as they were written."""

    number: str | None
    status: encounters.EncounterStatus
    class_code: str | None
    subject: UUID | None  # a Patient
    patient_number: str | None
    person_id: UUID | None
    started_at: datetime | None
    ended_at: datetime | None
    department: encounters.Named | None
    practitioner: encounters.Named | None
    place: str | None


def encounter_of(one: encounters.Encounter, subject: UUID | None, standard_department: str | None) -> Resource:
    """Write an Encounter; `subject` is the Patient it refers to."""
    own = urn(one.institution_id)
    code = _CLASSES.get(one.kind)
    written: Resource = {
        "resourceType": "Encounter",
        "id": str(one.id),
        "meta": {"versionId": str(one.version), "lastUpdated": one.received_at.isoformat(timespec="milliseconds")},
        "identifier": [{"use": "official", "type": coding(IDENTIFIER_TYPE, "VN"), "system": own, "value": one.number}],
        "status": str(one.status),
        "class": {"system": ACT, "code": code[0], "display": code[1]}
        if code
        else {"system": VISIT_TYPE, "code": str(one.kind), "display": _KINDS[one.kind]},
        "type": [coding(VISIT_TYPE, str(one.kind), _KINDS[one.kind])],
        "serviceType": _department(one, standard_department),
        "subject": _subject(one, subject),
        "participant": _participant(one),
        "period": _period(one),
        "location": [{"location": {"display": one.place}}] if one.place else None,
        "serviceProvider": {"reference": f"Organization/{one.institution_id}"},
    }
    return {name: value for name, value in written.items() if value not in (None, [], {})}


def _subject(one: encounters.Encounter, subject: UUID | None) -> Json:
    found: Resource = {"reference": f"Patient/{subject}"} if subject else {}
    if one.patient_number:
        found["identifier"] = {"system": urn(one.institution_id), "value": one.patient_number}
    elif one.person_id:
        found["identifier"] = {"system": UUIDS, "value": urn(one.person_id)}
    return found


def _department(one: encounters.Encounter, standard: str | None) -> Json:
    if one.department is None:
        return None
    codes: list[Json] = []
    if one.department.code:
        codes.append({"system": urn(one.institution_id), "code": one.department.code})
    if standard:
        codes.append({"system": STANDARD_DEPARTMENT, "code": standard})
    found: Resource = {"coding": codes} if codes else {}
    return found | ({"text": one.department.name} if one.department.name else {})


def _participant(one: encounters.Encounter) -> Json:
    who = one.practitioner
    if who is None:
        return None
    person: Resource = {}
    if who.code:
        person["identifier"] = {
            "type": coding(IDENTIFIER_TYPE, "EI"), "system": urn(one.institution_id), "value": who.code
        }  # fmt: skip
    if who.name:
        person["display"] = who.name
    return [{"individual": person}]


def _period(one: encounters.Encounter) -> Json:
    told = (("start", one.started_at), ("end", one.ended_at))
    return {name: moment.isoformat() for name, moment in told if moment is not None}


def read_encounter(sent: Resource, institution_id: UUID) -> Told:
    """Return what an Encounter says; its shape has been checked. Raises Unacceptable for what cannot be kept."""
    status = _STATUSES.get(str(sent.get("status")))
    if status is None:
        en, zh = "must say where the visit stands", "须说明就诊状态"
        raise Unacceptable(faults=(FieldFault("Encounter/status", en, zh),))
    own = urn(institution_id)
    subject = _dict(sent, "subject")
    identifier = _dict(subject, "identifier")
    system, value = identifier.get("system"), str(identifier.get("value") or "")
    period = _dict(sent, "period")
    return Told(
        number=_number(sent, own),
        status=encounters.EncounterStatus(status),
        class_code=_class(sent),
        subject=_patient(subject),
        patient_number=value if system == own and value else None,
        person_id=read_urn(value) if system == UUIDS else None,
        started_at=_moment(period, "start"),
        ended_at=_moment(period, "end"),
        department=_read_department(_dict(sent, "serviceType"), own),
        practitioner=_read_practitioner(_dicts(sent, "participant")),
        place=next(
            (text for one in _dicts(sent, "location") if (text := _text(_dict(one, "location"), "display"))), None
        ),
    )


def _number(sent: Resource, own: str) -> str | None:
    numbers = [one for one in _dicts(sent, "identifier") if one.get("system") == own and one.get("value")]
    visit = [one for one in numbers if any(c.get("code") == "VN" for c in _dicts(_dict(one, "type"), "coding"))]
    found = {str(one["value"]) for one in visit or numbers}
    return found.pop() if len(found) == 1 else None


def _class(sent: Resource) -> str | None:
    """Return the city's own code of the kind of visit where it is told, else that of the class."""
    types = [one for concept in _dicts(sent, "type") for one in _dicts(concept, "coding")]
    own = next((one for one in types if one.get("system") == VISIT_TYPE), None)
    return _text(own or _dict(sent, "class"), "code")


def _patient(subject: Resource) -> UUID | None:
    reference = _text(subject, "reference")
    if reference is None:
        return None
    kind, _, one = reference.rpartition("/")
    fault = FieldFault("Encounter/subject/reference", "must be Patient/<id>", "应为 Patient/<id>")
    if not kind.endswith("Patient"):
        raise Unacceptable(faults=(fault,))
    try:
        return UUID(one)
    except ValueError:
        raise Unacceptable(faults=(fault,)) from None


def _read_department(service: Resource, own: str) -> encounters.Named | None:
    codes = _dicts(service, "coding")
    mine = next((_text(one, "code") for one in codes if one.get("system") in (own, None)), None)
    name = _text(service, "text") or next((text for one in codes if (text := _text(one, "display"))), None)
    return encounters.Named(mine, name) if mine or name else None


def _read_practitioner(participants: list[Resource]) -> encounters.Named | None:
    for one in participants:
        who = _dict(one, "individual")
        number, name = _text(_dict(who, "identifier"), "value"), _text(who, "display")
        if number or name:
            return encounters.Named(number, name)
    return None


def _moment(period: Resource, name: str) -> datetime | None:
    """Read a dateTime; one without a time zone, as a day is, is the city's own time."""
    text = _text(period, name)
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text if len(text) > 7 else f"{text}-01"[:10])  # noqa: PLR2004 - YYYY-MM
    except ValueError:
        fault = FieldFault(f"Encounter/period/{name}", "must be a moment or a day", "应为时刻或日期")
        raise Unacceptable(faults=(fault,)) from None
    return found if found.tzinfo else found.replace(tzinfo=SHANGHAI)


def _dict(of: Resource, name: str) -> Resource:
    found = of.get(name)
    return found if isinstance(found, dict) else {}


def _dicts(of: Resource, name: str) -> list[Resource]:
    found = of.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _text(of: Resource, name: str) -> str | None:
    found = of.get(name)
    return found if isinstance(found, str) and found.strip() else None
