"""
Patient (FHIR R4, 8.1) to what a source writes of a person, and back; pure.

Names are text: a Chinese name has no agreed parts in FHIR, and guessing them would change it. Ethnicity (民族) stands
in an extension coded by GB/T 3304, nationality (国籍) in FHIR's own.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from healthcloud.fhir.model import Json, Resource
from healthcloud.fhir.systems import RESIDENT, UUIDS, document_of, read_urn, system_of_document, urn

ETHNICITY = "urn:oid:2.16.156.10011.2.3.3.3"
NATIONALITY = "http://hl7.org/fhir/StructureDefinition/patient-nationality"
RENDERED = "http://hl7.org/fhir/StructureDefinition/rendered-value"
COUNTRIES = "urn:iso:std:iso:3166"
MASKED: Resource = {"system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue", "code": "MASKED"}

_GENDERS = {"1": "male", "2": "female", "9": "other"}
_SEXES = {"male": "1", "female": "2", "other": "9", "unknown": "0"}
GENDERS = tuple(_SEXES)


@dataclass(frozen=True, slots=True)
class Says:
    """What a Patient says, each part as text; `numbers` are the patient numbers by their institution."""

    name: str | None
    sex: str | None
    birth_date: str | None
    document_kind: str | None
    number: str | None
    issuer: str | None
    phone: str | None
    address: str | None
    ethnicity: str | None
    nationality: str | None
    numbers: tuple[tuple[UUID, str], ...] = ()
    is_masked: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """
    What a Patient is made of.

    With `masked` the document's number is only rendered, the birth date is the year, and the whole is marked.
    `link` is the other Patient it belongs to: of a record its person (`refer`), of a person its records (`seealso`).
    """

    id: UUID
    version: str
    at: datetime | None
    name: str | None
    sex: str
    born: date | str | None
    document_kind: str | None = None
    number: str | None = None
    issuer: str | None = None
    phone: str | None = None
    address: str | None = None
    ethnicity: str | None = None
    nationality: str | None = None
    masked: bool = True
    is_active: bool = True
    is_dead: bool = False
    numbers: tuple[tuple[UUID, str], ...] = ()
    person_id: UUID | None = None
    links: tuple[tuple[UUID, str], ...] = ()


def patient_of(shown: Shown) -> Resource:
    """Write a Patient."""
    meta: Resource = {"versionId": shown.version}
    if shown.at is not None:
        meta["lastUpdated"] = shown.at.isoformat(timespec="milliseconds")
    if shown.masked:
        meta["security"] = [MASKED]
    patient: Resource = {
        "resourceType": "Patient",
        "id": str(shown.id),
        "meta": meta,
        "extension": _extensions(shown),
        "identifier": _identifiers(shown),
        "active": shown.is_active,
        "name": [{"use": "official", "text": shown.name}] if shown.name else None,
        "telecom": [{"system": "phone", "value": shown.phone}] if shown.phone else None,
        "gender": _GENDERS.get(shown.sex, "unknown"),
        "birthDate": str(shown.born) if shown.born else None,
        "deceasedBoolean": True if shown.is_dead else None,
        "address": [{"text": shown.address}] if shown.address else None,
        "link": [{"type": kind, "other": {"reference": f"Patient/{one}"}} for one, kind in shown.links],
    }
    return {name: value for name, value in patient.items() if value not in (None, [])}


def _identifiers(shown: Shown) -> Json:
    own: list[Json] = [
        {"use": "usual", "type": _type("MR"), "system": urn(institution), "value": number}
        for institution, number in shown.numbers
    ]
    if shown.person_id is not None:
        own.append({"use": "secondary", "system": UUIDS, "value": urn(shown.person_id)})
    if shown.number:
        one: Resource = {"use": "official", "system": system_of_document(shown.document_kind or "", shown.issuer)}
        if one["system"] == RESIDENT:
            one["type"] = _type("NI")
        if shown.masked:
            one["_value"] = {"extension": [{"url": RENDERED, "valueString": shown.number}]}
        else:
            one["value"] = shown.number
        own.append(one)
    return own


def _type(code: str) -> Resource:
    return {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": code}]}


def _extensions(shown: Shown) -> Json:
    found: list[Json] = []
    if shown.ethnicity:
        found.append({"url": ETHNICITY, "valueCoding": {"system": ETHNICITY, "code": shown.ethnicity}})
    if shown.nationality:
        coding: Json = {"coding": [{"system": COUNTRIES, "code": shown.nationality}]}
        found.append({"url": NATIONALITY, "extension": [{"url": "code", "valueCodeableConcept": coding}]})
    return found


def read_patient(patient: Resource) -> Says:
    """Return what a Patient says; its shape has been checked (resources.read)."""
    identifiers = [one for one in _dicts(patient, "identifier") if one.get("value") and one.get("use") != "old"]
    documents = [(one, document_of(_text(one, "system") or "")) for one in identifiers]
    found = next(((one, kind) for one, kind in sorted(documents, key=_by_kind) if kind), None)
    kind, issuer = found[1] if found else (None, None)
    patid = [(read_urn(_text(one, "system") or ""), _text(one, "value") or "") for one in identifiers]
    return Says(
        name=_name(_dicts(patient, "name")),
        sex=_SEXES.get(_text(patient, "gender") or ""),
        birth_date=_text(patient, "birthDate"),
        document_kind=kind,
        number=_text(found[0], "value") if found else None,
        issuer=issuer,
        phone=_phone(_dicts(patient, "telecom")),
        address=_address(_dicts(patient, "address")),
        ethnicity=_code(patient, ETHNICITY),
        nationality=_code(patient, NATIONALITY) or issuer,
        numbers=tuple((institution, value) for institution, value in patid if institution is not None),
        is_masked=any(one.get("code") == MASKED["code"] for one in _dicts(_dict(patient, "meta"), "security")),
    )


def _by_kind(one: tuple[Resource, tuple[str, str | None] | None]) -> str:
    """Put the identity card first, whatever the order they are named in."""
    return one[1][0] if one[1] else "~"


def _name(names: list[Resource]) -> str | None:
    """Return the official name, else the usual, else the first that is not old: its text, else its parts joined."""
    uses = {"official": 0, "usual": 1}
    for one in sorted(names, key=lambda name: uses.get(_text(name, "use") or "", 2)):
        if one.get("use") in ("old", "anonymous"):
            continue
        given = [part for part in _list(one, "given") if isinstance(part, str)]
        family = _text(one, "family") or ""
        parts = [family, *given] if _is_han(family + "".join(given)) else [*given, family]
        joined = ("" if _is_han("".join(parts)) else " ").join(part for part in parts if part)
        if told := _text(one, "text") or joined:
            return told
    return None


def _is_han(text: str) -> bool:
    return any(character >= "㐀" for character in text)


def _phone(telecom: list[Resource]) -> str | None:
    phones = [one for one in telecom if one.get("system") in ("phone", "sms", None) and one.get("use") != "old"]
    phones.sort(key=lambda one: one.get("use") != "mobile")
    return next((told for one in phones if (told := _text(one, "value"))), None)


def _address(addresses: list[Resource]) -> str | None:
    for one in addresses:
        line = [part for part in _list(one, "line") if isinstance(part, str)]
        parts = [_text(one, name) or "" for name in ("state", "city", "district")]
        if one.get("use") != "old" and (told := _text(one, "text") or "".join([*parts, *line])):
            return told
    return None


def _code(patient: Resource, url: str) -> str | None:
    """Return the code of an extension: a Coding, a CodeableConcept or a plain value, here or one level down."""
    for one in _dicts(patient, "extension"):
        if one.get("url") == url:
            for place in (one, *_dicts(one, "extension")):
                coding = _dict(place, "valueCoding")
                concept = next(iter(_dicts(_dict(place, "valueCodeableConcept"), "coding")), {})
                if told := _text(coding, "code") or _text(concept, "code") or _text(place, "valueCode"):
                    return told
    return None


def _dict(of: Resource, name: str) -> Resource:
    found = of.get(name)
    return found if isinstance(found, dict) else {}


def _list(of: Resource, name: str) -> list[Json]:
    found = of.get(name)
    return found if isinstance(found, list) else []


def _dicts(of: Resource, name: str) -> list[Resource]:
    return [one for one in _list(of, name) if isinstance(one, dict)]


def _text(of: Resource, name: str) -> str | None:
    found = of.get(name)
    return found if isinstance(found, str) and found.strip() else None
