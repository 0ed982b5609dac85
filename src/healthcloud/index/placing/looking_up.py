"""Looking a record up by the local number of the caller's own institution."""

from dataclasses import dataclass
from uuid import UUID

from healthcloud import audit, cards, people
from healthcloud.core.caller import Caller
from healthcloud.core.db import Transaction
from healthcloud.index import deeds
from healthcloud.index.errors import RecordNotFound
from healthcloud.index.model import REVIEW, SUBMIT
from healthcloud.index.records.model import Record
from healthcloud.index.records.reads import find_record


@dataclass(frozen=True, slots=True)
class Found:
    """A record, whom it resolves to, and the status of their card."""

    record: Record
    person_id: UUID | None
    card_status: int | None


async def look_up(tx: Transaction, caller: Caller, number: str) -> Found:
    """Return the caller's institution's record (scope index.submit), a deed its person can read; RecordNotFound."""
    caller.must(SUBMIT)
    record = await _numbered(tx, caller.institution_id, number)
    if record.person_id is None:
        return Found(record, None, None)
    whose = (await people.resolved(tx, [record.person_id]))[record.person_id]
    status = (await cards.statuses_of(tx, [whose.person_id])).get(whose.person_id)
    await audit.record(tx, caller, deeds.LOOKED_UP, whose.person_id)
    return Found(record, whose.person_id, status)


async def whose_number(tx: Transaction, caller: Caller, source_id: UUID, number: str) -> UUID:
    """Return whom any institution's number belongs to (scope index.review), a deed they can read; RecordNotFound."""
    caller.must(REVIEW)
    record = await _numbered(tx, source_id, number)
    if record.person_id is None:
        raise RecordNotFound
    whose = (await people.resolved(tx, [record.person_id]))[record.person_id]
    await audit.record(tx, caller, deeds.LOOKED_UP, whose.person_id)
    return whose.person_id


async def _numbered(tx: Transaction, source_id: UUID | None, number: str) -> Record:
    try:
        written = people.patient_numbers.read_local_number(number)
    except people.Broken:
        raise RecordNotFound from None
    record = await find_record(tx, source_id, written) if source_id else None
    if record is None:
        raise RecordNotFound
    return record
