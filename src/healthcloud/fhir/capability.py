"""CapabilityStatement (FHIR R4, 5.1): what this face can do, for clients that ask before they begin; pure."""

from healthcloud.fhir.model import FHIR_VERSION, Json, Resource
from healthcloud.fhir.systems import CARD, RESIDENT, UUIDS

DATE = "2026-11-23"  # of this statement, not of the process
_MATCH = "http://hl7.org/fhir/OperationDefinition/Patient-match"
_PIX = "https://profiles.ihe.net/ITI/PIXm/OperationDefinition/IHE.PIXm.pix"
_INTERACTIONS = ("read", "vread", "update", "history-instance", "create", "search-type")
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


def capability_statement(base: str, version: str) -> Resource:
    """Return the statement of the server at this address."""
    searches: list[Json] = [{"name": name, "type": kind, "documentation": words} for name, kind, words in _SEARCHES]
    interactions: list[Json] = [{"code": code} for code in _INTERACTIONS]
    patient: Json = {
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
        "operation": [
            {"name": "match", "definition": _MATCH},
            {"name": "ihe-pix", "definition": _PIX},
        ],
    }
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": DATE,
        "kind": "instance",
        "software": {"name": "健康云 Health Cloud", "version": version},
        "implementation": {"description": "Person index 人员主索引", "url": base},
        "fhirVersion": FHIR_VERSION,
        "format": ["json", "application/fhir+json"],
        "rest": [
            {
                "mode": "server",
                "security": {"cors": False, "description": _SECURITY},
                "resource": [patient],
                "interaction": [{"code": "batch"}],
            }
        ],
    }
