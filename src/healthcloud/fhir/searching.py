"""
Searching Patients: by identifier, by _id, by phone, by the whole name with the day of birth; nothing else is possible.

Names and numbers are sealed and found by keyed fingerprints of the whole value, so nothing is searched by a part.
"""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from healthcloud import cards, index, people
from healthcloud.core.caller import Caller
from healthcloud.core.clock import SHANGHAI
from healthcloud.core.db import Transaction
from healthcloud.core.errors import FieldFault, Unacceptable
from healthcloud.fhir.errors import IdentityInAddress, SearchNotPossible
from healthcloud.fhir.looking import own_records
from healthcloud.fhir.model import OPEN, REGISTER, Ask
from healthcloud.fhir.systems import CARD, IDENTITY_CARD, Token, read_token

MOST_VALUES = 20
_MOST_CANDIDATES = 50
_NAMES = ("name", "name:exact")
_PHONES = ("phone", "telecom")
_KNOWN = ("identifier", "_id", "birthdate", *_NAMES, *_PHONES)
# What FHIR R4 defines for Patient and cannot be answered over sealed data, whatever the handling preferred.
_IMPOSSIBLE = frozenset(
    {
        *("active", "address", "address-city", "address-country", "address-postalcode", "address-state", "address-use"),
        *("death-date", "deceased", "email", "family", "gender", "general-practitioner", "given", "language", "link"),
        *("organization", "phonetic", "_has", "_text", "_content", "_filter", "_list", "_query", "_lastUpdated"),
        *("_profile", "_security", "_source", "_tag"),
    }
)


async def find(tx: Transaction, caller: Caller, ask: Ask, *, own_only: bool = False) -> list[UUID]:
    """
    Return the ids of the Patients asked for: of an identifier the own records, and the person beside them.

    With `own_only`, as a conditional create asks, only the records of the caller's institution. Raises
    SearchNotPossible with what can be asked, IdentityInAddress.
    """
    _check(ask)
    sets = [_ids(value) for value in ask.all("_id")]
    for value in ask.all("identifier"):
        tokens = [read_token(one) for one in _parted(value)]
        _refuse(ask, any(token.tells_identity for token in tokens))
        sets.append([one for token in tokens for one in await by_identifier(tx, caller, token)])
    sets += [await _by_phone(tx, caller, read_token(value).value) for value in ask.all(*_PHONES)]
    if ask.all(*_NAMES):
        sets.append(await _by_name(tx, caller, ask))
    found = [one for one in dict.fromkeys(sets[0]) if all(one in others for others in sets[1:])]
    if not own_only:
        return found
    records = await index.records_by_id(tx, found)
    return [one.id for one in records if one.source_id == caller.institution_id]


async def by_identifier(tx: Transaction, caller: Caller, token: Token) -> list[UUID]:
    """Return the own records under an identifier, and its person; nothing where a scope is missing."""
    if token.person_id is not None:
        return await _with_records(tx, caller, token.person_id)
    if token.document is not None:
        return await _by_document(tx, caller, token, *token.document)
    if token.system == CARD:
        return await _by_card(tx, caller, token.value)
    found = await _by_patient_number(tx, caller, token)
    return found if found or token.system else await _by_document(tx, caller, token, IDENTITY_CARD, None)


async def _by_patient_number(tx: Transaction, caller: Caller, token: Token) -> list[UUID]:
    """Find what the caller's institution has under a number of its own; without a system any number may be one."""
    own = caller.institution_id
    if own is None or not token.value or (token.system is not None and token.institution_id != own):
        return []
    record = await index.find_record(tx, own, token.value)
    if record is not None:
        return [record.id]
    owner = await people.patient_numbers.owner_of_number(tx, own, token.value)
    return [] if owner is None else [owner]


async def _by_document(tx: Transaction, caller: Caller, token: Token, kind: str, issuer: str | None) -> list[UUID]:
    """Find the own records that name this document, as the caller's institution said, and whose it is."""
    content = index.Content(document_kind=kind, number=_number(kind, token.value, issuer, today_of(tx)), issuer=issuer)
    candidates = await index.candidates(tx, content, _MOST_CANDIDATES)
    own = [
        one.record.id
        for one in candidates
        if one.record.source_id == caller.institution_id and one.record.content.number == content.number
    ]
    if caller.scopes.isdisjoint((OPEN, REGISTER)):
        return own
    form = people.DocumentForm(kind, token.value, issuer)
    try:
        found = await people.find_by_document(tx, caller, form)
    except (people.PersonNotFound, Unacceptable):
        return own
    return [*own, *await _with_records(tx, caller, found.person_id)]


def _number(kind: str, number: str, issuer: str | None, today: date) -> str:
    """Return a document's number in its one spelling where it has one, as records keep it."""
    try:
        return people.read_document(people.DocumentKind(kind), number, today, issuer=issuer).number
    except ValueError:
        return number.strip()


async def _by_card(tx: Transaction, caller: Caller, number: str) -> list[UUID]:
    if caller.scopes.isdisjoint((OPEN, REGISTER)):
        return []
    person_id = await cards.holder_of_number(tx, number)
    return [] if person_id is None else await _with_records(tx, caller, person_id)


async def _by_phone(tx: Transaction, caller: Caller, phone: str) -> list[UUID]:
    found = await people.contacts.find_by_phone(tx, caller, phone)
    return [one for person in found for one in await _with_records(tx, caller, person.person_id)]


async def _by_name(tx: Transaction, caller: Caller, ask: Ask) -> list[UUID]:
    caller.must(OPEN)
    name, born = ask.all(*_NAMES)[0], ask.all("birthdate")[0].removeprefix("eq")
    content = index.read_content(index.Written(name=name, birth_date=born), today_of(tx))
    candidates = await index.candidates(tx, content, _MOST_CANDIDATES)
    same = [one for one in candidates if _is_same(one.record.content, content)]
    people_found = dict.fromkeys(one.person_id for one in same if one.person_id is not None)
    own = [one.record.id for one in same if one.record.source_id == caller.institution_id]
    return [*own, *[one for person in people_found for one in await _with_records(tx, caller, person)]]


def _is_same(one: index.Content, other: index.Content) -> bool:
    return one.name == other.name and one.birth_date == other.birth_date


async def _with_records(tx: Transaction, caller: Caller, person_id: UUID) -> list[UUID]:
    """Return a person's records at the caller's institution, and the person."""
    canonical = await people.canonical_of(tx, person_id)
    if canonical is None:
        return []
    return [*(one.id for one in await own_records(tx, caller, canonical)), canonical]


def _check(ask: Ask) -> None:
    """Raise what is wrong with the question itself."""
    _refuse(ask, any(ask.all(*_NAMES, *_PHONES, "birthdate")))
    faults = [_fault(name) for name in _names(ask, _cannot_be_asked)]
    if bool(ask.all(*_NAMES)) != bool(ask.all("birthdate")):
        faults.append(
            FieldFault(
                "query/name", "is asked whole and together with birthdate", "须为完整姓名并与 birthdate 同时给出"
            )
        )
    if not any(ask.all(name) for name in _KNOWN):
        faults.append(FieldFault("query", "asks for everybody", "没有给出查询条件"))
    if faults:
        raise SearchNotPossible(faults=tuple(faults))


def _cannot_be_asked(name: str, *, strict: bool) -> bool:
    plain = name.partition(":")[0].partition(".")[0]
    if name in _KNOWN:
        return False
    if plain in _IMPOSSIBLE or plain in _KNOWN:
        return True
    return strict and name not in (
        "_count",
        "_sort",
        "_total",
        "_format",
        "_pretty",
        "_summary",
        "_elements",
        "_after",
        "_include",
        "_revinclude",
    )


def _names(ask: Ask, is_wrong: Callable[..., bool]) -> list[str]:
    return [name for name in dict.fromkeys(n for n, _ in ask.parameters) if is_wrong(name, strict=ask.is_strict)]


def _fault(name: str) -> FieldFault:
    known = name.isascii() and len(name) < 40  # noqa: PLR2004 - longer than any parameter of FHIR
    place = f"query/{name}" if known and all(one.isalnum() or one in "_-:." for one in name) else "query/…"
    return FieldFault(place, "cannot be asked by", "不能作为查询条件")


def _refuse(ask: Ask, tells: bool) -> None:  # noqa: FBT001 - what it is told is the condition itself
    if tells and ask.in_address:
        raise IdentityInAddress


def _parted(value: str) -> list[str]:
    parts = [one for one in value.split(",") if one]
    if len(parts) > MOST_VALUES:
        fault = FieldFault("query/identifier", f"holds more than {MOST_VALUES}", f"超过 {MOST_VALUES} 项")
        raise SearchNotPossible(faults=(fault,))
    return parts


def _ids(value: str) -> list[UUID]:
    found = []
    for one in value.split(",")[:100]:
        try:
            found.append(UUID(one.removeprefix("Patient/")))
        except ValueError:
            continue
    return found


def today_of(tx: Transaction) -> date:
    """Return today's date in Shanghai."""
    return tx.clock.now().astimezone(SHANGHAI).date()
