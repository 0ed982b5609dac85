"""
`Patient/$ihe-pix` (IHE PIXm ITI-83): the other identifiers of whom an identifier names.

Given are the patient numbers of the caller's own institution, the person's id in the city, the card, and the resident
number to people.open for the institution's own patients. Where else somebody is a patient is told to no hospital.
"""

from uuid import UUID

from healthcloud import cards
from healthcloud.core.caller import Caller
from healthcloud.core.db import Transaction
from healthcloud.fhir import deeds
from healthcloud.fhir.errors import IdentityInAddress, PatientNotFound, SourceUnknown, TargetUnknown
from healthcloud.fhir.looking import look
from healthcloud.fhir.model import OPEN, Ask, Json, Resource
from healthcloud.fhir.patients import Shown
from healthcloud.fhir.searching import by_identifier
from healthcloud.fhir.systems import CARD, RESIDENT, UUIDS, Token, read_token, system_of_document, urn


async def cross_reference(tx: Transaction, caller: Caller, ask: Ask) -> Resource:
    """Return Parameters with targetIdentifier and targetId; raise SourceUnknown, PatientNotFound, TargetUnknown."""
    source = read_token(ask.one("sourceIdentifier") or "")
    wanted = [one for value in ask.all("targetSystem") for one in value.split(",") if one]
    _check(caller, ask, source, wanted)
    found = await by_identifier(tx, caller, source)
    patients = await look(tx, caller, found, deeds.CROSSED)
    if not patients:
        raise PatientNotFound
    person_id = next((one.person_id for one in patients if one.person_id is not None), None)
    if person_id is not None and person_id not in found:
        # Named by a patient number, the record was found; the person and the other records come with it.
        more = await by_identifier(tx, caller, Token(UUIDS, urn(person_id)))
        patients += await look(tx, caller, [one for one in more if one not in found], deeds.CROSSED)
    numbers = await _numbers(tx, patients, person_id, wanted or [UUIDS, *_own(caller)])
    numbers = [one for one in numbers if one != (source.system, source.value)]
    targets: list[Json] = [
        {"name": "targetIdentifier", "valueIdentifier": {"system": system, "value": value}} for system, value in numbers
    ]
    targets += [{"name": "targetId", "valueReference": {"reference": f"Patient/{one.id}"}} for one in patients]
    return {"resourceType": "Parameters", "parameter": targets}


def _check(caller: Caller, ask: Ask, source: Token, wanted: list[str]) -> None:
    if ask.in_address and source.tells_identity and source.value:
        raise IdentityInAddress
    known = source.person_id or source.document or source.system == CARD
    own = source.institution_id is not None and source.institution_id == caller.institution_id
    if not source.value or not (known or own):
        raise SourceUnknown
    allowed = {UUIDS, CARD, *_own(caller), *([RESIDENT] if OPEN in caller.scopes else [])}
    if not allowed.issuperset(wanted):
        raise TargetUnknown


def _own(caller: Caller) -> list[str]:
    return [] if caller.institution_id is None else [urn(caller.institution_id)]


async def _numbers(
    tx: Transaction, patients: list[Shown], person_id: UUID | None, wanted: list[str]
) -> list[tuple[str, str]]:
    """Return the identifiers of these systems, each once."""
    found = [(urn(institution), number) for one in patients for institution, number in one.numbers]
    if person_id is not None:
        found.append((UUIDS, urn(person_id)))
    if person_id is not None and CARD in wanted:
        card = await cards.card_of(tx, person_id)
        found += [] if card is None else [(CARD, card.number)]
    for one in patients:
        if one.number and not one.masked:
            found.append((system_of_document(one.document_kind or "", one.issuer), one.number))
    return [one for one in dict.fromkeys(found) if one[0] in wanted]
