"""CapabilityStatement (FHIR R4, 5.1): what this face can do, for clients that ask before they begin; pure."""

from healthcloud.fhir.model import FHIR_VERSION, Json, Resource
from healthcloud.fhir.systems import CARD, RESIDENT, UUIDS

DATE = "2026-11-23"  # of this statement, not of the process
_MATCH = "http://hl7.org/fhir/OperationDefinition/Patient-match"
_PIX = "https://profiles.ihe.net/ITI/PIXm/OperationDefinition/IHE.PIXm.pix"
_INTERACTIONS = ("read", "vread", "update", "history-instance", "create", "search-type", "patch")
_IDENTIFIERS = (
    f"system|value: urn:uuid:<your institution's id>|patient number, {UUIDS}|urn:uuid:<person id>, "
    f"{RESIDENT}|resident identity number, {CARD}|card id. Identity numbers and card ids by POST _search only."
)
_SEARCHES = (
    (
        "identifier",
        "token",
        _IDENTIFIERS,
    ),
    ("_id", "token", "One or several ids of Patients."),
    ("phone", "token", "A whole phone number, by POST _search only; scope people.open."),
    ("name", "string", "The whole name, together with birthdate, by POST _search only; scope people.open."),
    ("birthdate", "date", "The day of birth, together with name."),
)
_SECURITY = (
    "Requests are signed with the key of an institution's client (HC1-HMAC-SM3), as everywhere in this interface; "
    "there is no OAuth and so no SMART configuration. 请求由机构接入密钥签名，不使用 OAuth。"
)
_ABOUT = (
    "A Patient is either what an institution's record says of a person, under its local number, or the city's person "
    "(the golden record); each links to the other. Data is masked (meta.security MASKED) unless the caller holds "
    "people.open and the person is their institution's patient. Each read is a deed the person can see."
)
_VISITS = (
    "A visit of your institution under its visit number (VN), told of by you; each telling is a version. Asked for by "
    "patient, identifier or _id, and among those by date, status and class."
)
_OF_VISITS = (
    *(("_id", "token"), ("identifier", "token"), ("patient", "reference"), ("date", "date"), ("status", "token")),
    ("class", "token"),
)
_PLACES = {
    "Organization": "Institutions, by every number others know them by.",
    "Location": "Departments and terminals of an institution: the one named, else your own.",
    "Practitioner": "Practitioners of an institution by licence or staff number (EI), or by name.",
}


def capability_statement(base: str, version: str) -> Resource:
    """Return the statement of the server at this address."""
    everything = [_patient(), _encounter(), _subscription(), *(_place(kind, about) for kind, about in _PLACES.items())]
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": DATE,
        "kind": "instance",
        "software": {"name": "健康云 Health Cloud", "version": version},
        "implementation": {"description": "Health Cloud 健康云", "url": base},
        "fhirVersion": FHIR_VERSION,
        "format": ["json", "application/fhir+json"],
        "patchFormat": ["application/json-patch+json"],
        "rest": [
            {
                "mode": "server",
                "security": {"cors": False, "description": _SECURITY},
                "resource": everything,
                "interaction": [{"code": "batch"}],
            }
        ],
    }


def _patient() -> Json:
    searches: list[Json] = [{"name": name, "type": kind, "documentation": words} for name, kind, words in _SEARCHES]
    interactions: list[Json] = [{"code": code} for code in _INTERACTIONS]
    return {
        "type": "Patient",
        "documentation": _ABOUT,
        "interaction": interactions,
        "versioning": "versioned-update",
        "readHistory": True,
        "updateCreate": False,
        "conditionalCreate": True,
        "conditionalRead": "not-match",
        "conditionalUpdate": False,
        "conditionalDelete": "not-supported",
        "searchParam": searches,
        "searchRevInclude": ["Encounter:patient"],
        "operation": [
            {"name": "match", "definition": _MATCH},
            {"name": "ihe-pix", "definition": _PIX},
        ],
    }


def _encounter() -> Json:
    return {
        "type": "Encounter",
        "documentation": _VISITS,
        "interaction": [{"code": code} for code in _INTERACTIONS],
        "versioning": "versioned-update",
        "readHistory": True,
        "updateCreate": False,
        "conditionalCreate": True,
        "conditionalRead": "not-match",
        "searchInclude": ["Encounter:service-provider"],
        "searchParam": [{"name": name, "type": kind} for name, kind in _OF_VISITS],
    }


def _subscription() -> Json:
    return {
        "type": "Subscription",
        "documentation": "Criteria Patient, rest-hook without payload, to your institution's registered endpoint.",
        "interaction": [{"code": code} for code in ("read", "create", "delete", "search-type")],
    }


def _place(kind: str, about: str) -> Json:
    searches = ("_id", "token"), ("identifier", "token"), ("name", "string")
    own = () if kind == "Organization" else (("organization", "reference"),)
    return {
        "type": kind,
        "documentation": about,
        "interaction": [{"code": code} for code in ("read", "vread", "history-instance", "search-type")],
        "versioning": "versioned",
        "conditionalRead": "not-match",
        "searchParam": [{"name": name, "type": type_} for name, type_ in (*searches, *own)],
    }
