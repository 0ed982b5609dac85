"""
Identifier systems: whose numbers stand in a FHIR Identifier, as URIs that name no address of this server. Pure.

A patient number's system is `urn:uuid:<institution id>`, a city person's `urn:ietf:rfc:3986` with `urn:uuid:<person
id>` as the value (the FHIR way to write a UUID), a resident identity number's and a card's the OIDs of WS/T 500.
"""

import re
from dataclasses import dataclass
from uuid import UUID

UUIDS = "urn:ietf:rfc:3986"
RESIDENT = "urn:oid:2.16.156.10011.1.3"
CARD = "urn:oid:2.16.156.10011.1.19"
PASSPORT = "http://hl7.org/fhir/sid/passport-"
OTHER_DOCUMENTS = "urn:oid:2.25.285871121067514408464730024991854383393."  # and the kind of CV02.01.101
_OURS = OTHER_DOCUMENTS  # one arc for what has no system of its own; kinds of documents end at 99
NUMBERS = {
    "uscc": f"{_OURS}1001",
    "ws218": f"{_OURS}1002",
    "organisation": f"{_OURS}1003",
    "platform": f"{_OURS}1004",
    "tencent": f"{_OURS}1005",
    "other": f"{_OURS}1006",
}  # of institutions, by the kind of number
LICENCE = f"{_OURS}1007"  # 执业证书编号
INSTITUTION_CLASS, VISIT_TYPE, STANDARD_DEPARTMENT = f"{_OURS}2001", f"{_OURS}2002", f"{_OURS}2003"
TITLES, TERMINAL_KIND = f"{_OURS}2004", f"{_OURS}2005"
ACT = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
IDENTIFIER_TYPE = "http://terminology.hl7.org/CodeSystem/v2-0203"
IDENTITY_CARD, HOUSEHOLD_REGISTER, PASSPORT_KIND = "01", "02", "03"
CHINA = "CHN"

_URN_UUID = re.compile(r"urn:uuid:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})", re.IGNORECASE)
_KIND = re.compile(r"0?([1-9]|99)")
_COUNTRY = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True, slots=True)
class Token:
    """A FHIR token, `system|value`; the system is None when only a value was written."""

    system: str | None
    value: str

    @property
    def institution_id(self) -> UUID | None:
        """Whose patient number it is, if it is one."""
        return read_urn(self.system or "")

    @property
    def person_id(self) -> UUID | None:
        """Which person of the city it names, if it does."""
        return read_urn(self.value) if self.system == UUIDS else None

    @property
    def document(self) -> tuple[str, str | None] | None:
        """The kind (CV02.01.101) and issuer (alpha-3) of the document whose number it is, if it is one."""
        return document_of(self.system or "")

    @property
    def tells_identity(self) -> bool:
        """Tell whether it may not stand in an address: everything but a patient number and a person's own UUID."""
        return self.institution_id is None and self.person_id is None


def read_token(text: str) -> Token:
    r"""Read `system|value`, `|value` or `value`; `\|` and `\,` are signs of the value (FHIR search, 2.21.1.2.1)."""
    system, bar, value = re.sub(r"\\([,$\\])", r"\1", text).partition("|")
    value = value.replace("\\|", "|")
    return Token(system.strip() or None, value.strip()) if bar else Token(None, system.strip())


def read_urn(text: str) -> UUID | None:
    """Return the UUID of `urn:uuid:…`, or None."""
    found = _URN_UUID.fullmatch(text)
    return UUID(found[1]) if found else None


def urn(uuid: UUID) -> str:
    """Write a UUID as a URI."""
    return f"urn:uuid:{uuid}"


def document_of(system: str) -> tuple[str, str | None] | None:
    """Return the kind and issuer of the documents of a system, or None."""
    if system == RESIDENT:
        return IDENTITY_CARD, None
    if system.startswith(PASSPORT):
        issuer = system.removeprefix(PASSPORT).upper()
        return (PASSPORT_KIND, issuer) if _COUNTRY.fullmatch(issuer) else None
    kind = _KIND.fullmatch(system.removeprefix(OTHER_DOCUMENTS)) if system.startswith(OTHER_DOCUMENTS) else None
    return (kind[1].zfill(2), None) if kind else None


def system_of_document(kind: str, issuer: str | None) -> str:
    """Return the system of a document's number."""
    if kind in (IDENTITY_CARD, HOUSEHOLD_REGISTER):
        return RESIDENT
    if kind == PASSPORT_KIND:
        return PASSPORT + (issuer or CHINA)
    return f"{OTHER_DOCUMENTS}{int(kind or '99')}"
