"""Searching Encounters: by `_id`, by visit number, or by whose they are; among those by date, status and class."""

from datetime import datetime, timedelta
from uuid import UUID

from healthcloud import encounters, index, institutions
from healthcloud.core.caller import Caller
from healthcloud.core.clock import SHANGHAI
from healthcloud.core.db import Transaction
from healthcloud.fhir.directory_search import ids_of
from healthcloud.fhir.errors import IdentityInAddress, ParameterNotPossible
from healthcloud.fhir.listing import fault_of, hold_to
from healthcloud.fhir.looking import record_of
from healthcloud.fhir.model import Ask
from healthcloud.fhir.searching import by_identifier
from healthcloud.fhir.systems import read_token, urn

_WHOSE = ("patient", "subject", "subject:Patient")
_WHOSE_NUMBER = ("patient.identifier", "patient:identifier", "subject.identifier", "subject:identifier")
KNOWN = ("_id", "identifier", *_WHOSE, *_WHOSE_NUMBER, "status", "class", "date", "_lastUpdated")
SORTS = ("_id", "date", "status", "_lastUpdated")
MOST = 1000


async def find(tx: Transaction, caller: Caller, ask: Ask) -> list[encounters.Encounter]:
    """Return the visits asked for, the newest first; raise ParameterNotPossible, IdentityInAddress."""
    hold_to(ask, KNOWN, SORTS)
    sets = []
    if ask.all("_id"):
        sets.append([found for one in ids_of(ask) for found in await _found(tx, caller, one)])
    sets += [
        [found for one in value.split(",") for found in await _numbered(tx, caller, one)]
        for value in ask.all("identifier")
    ]
    sets += [await of_patient(tx, caller, value) for value in ask.all(*_WHOSE)]
    for value in ask.all(*_WHOSE_NUMBER):
        token = read_token(value)
        if token.tells_identity and ask.in_address:
            raise IdentityInAddress
        ids = await by_identifier(tx, caller, token)
        sets.append([found for one in ids for found in await of_patient(tx, caller, str(one))])
    if not sets:
        en, zh = "is needed: or identifier, or _id", "必填：或 identifier，或 _id"
        raise ParameterNotPossible(faults=(fault_of("patient", en, zh),))
    kept = {one.id: one for one in sets[0] if all(any(one.id == other.id for other in some) for some in sets[1:])}
    fitting = [one for one in kept.values() if await _fits(tx, caller, ask, one)]
    return sorted(fitting, key=lambda one: one.list_place, reverse=True)


async def _found(tx: Transaction, caller: Caller, wanted: UUID | str) -> list[encounters.Encounter]:
    try:
        return [await encounters.find(tx, caller, wanted)]
    except encounters.EncounterNotFound:
        return []


async def _numbered(tx: Transaction, caller: Caller, text: str) -> list[encounters.Encounter]:
    token = read_token(text)
    own = caller.institution_id
    if not token.value or (token.system is not None and (own is None or token.system != urn(own))):
        return []
    return await _found(tx, caller, token.value)


async def of_patient(tx: Transaction, caller: Caller, text: str) -> list[encounters.Encounter]:
    """Return the visits of a Patient: of a record under its number, and of the person it is."""
    try:
        one = UUID(text.rpartition("Patient/")[2])
    except ValueError:
        return []
    record = await record_of(tx, one)
    if record is not None and record.source_id not in (index.CITY, caller.institution_id):
        return []
    is_own = record is not None and record.source_id != index.CITY
    return await encounters.list_encounters(
        tx,
        caller,
        patient_number=record.number if record is not None and is_own else None,
        person_id=record.person_id if record is not None and is_own else one,
        limit=MOST,
    )


async def _fits(tx: Transaction, caller: Caller, ask: Ask, one: encounters.Encounter) -> bool:
    statuses = [read_token(text).value for value in ask.all("status") for text in value.split(",")]
    if statuses and one.status not in statuses:
        return False
    classes = [read_token(text).value for value in ask.all("class") for text in value.split(",")]
    if classes:
        dictionary = await institutions.dictionaries.dictionary_of(tx, caller.institution_id)
        if one.kind not in [dictionary.ours("visit-type", text).code for text in classes]:
            return False
    begins, ends = one.started_at or one.at, one.ended_at
    when = all(any(within(text, begins, ends) for text in value.split(",")) for value in ask.all("date"))
    changed = (any(within(text, one.received_at, one.received_at) for text in value.split(","))
               for value in ask.all("_lastUpdated"))  # fmt: skip
    return when and all(changed)


def within(text: str, begins: datetime, ends: datetime | None) -> bool:
    """Tell whether a period fits a date of a search, with its prefix (3.1.1.5.6); one without an end goes on."""
    prefix, said = (text[:2], text[2:]) if text[:2].isalpha() else ("eq", text)
    first, last = span_of(said)
    late = ends if ends is not None else datetime.max.replace(tzinfo=SHANGHAI)
    meets = begins < last and late >= first
    fits = {
        "eq": meets,
        "ap": meets,
        "ne": not meets,
        "gt": late >= last,
        "ge": late >= first,
        "lt": begins < first,
        "le": begins < last,
        "sa": begins >= last,
        "eb": late < first,
    }
    if prefix not in fits:
        raise ParameterNotPossible(faults=(fault_of("date"),))
    return fits[prefix]


def span_of(said: str) -> tuple[datetime, datetime]:
    """Return the span a date of a search stands for: year, month, day, minute or second, in the city's time."""
    formats = ((4, "%Y"), (7, "%Y-%m"), (10, "%Y-%m-%d"))
    try:
        for length, form in formats:
            if len(said) == length:
                first = datetime.strptime(said, form).replace(tzinfo=SHANGHAI)
                following = {4: first.replace(year=first.year + 1), 7: _next_month(first)}
                return first, following.get(length, first + timedelta(days=1))
        moment = datetime.fromisoformat(said.replace(" ", "+"))
    except (ValueError, OverflowError):
        raise ParameterNotPossible(faults=(fault_of("date", "must be a date", "应为日期"),)) from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)
    return moment, moment + timedelta(seconds=1 if said.count(":") > 1 else 60)


def _next_month(first: datetime) -> datetime:
    return (first + timedelta(days=32)).replace(day=1)
