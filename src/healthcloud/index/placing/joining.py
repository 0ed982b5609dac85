"""An institution says that two of its local numbers are one patient: noted, compared, asked about; never a merge."""

from uuid import UUID

from healthcloud import people
from healthcloud.core.background import Body, JobKind, enqueue
from healthcloud.core.caller import SYSTEM, Caller
from healthcloud.core.db import Transaction
from healthcloud.index.placing.actions import place_in
from healthcloud.index.questions.asking import ask
from healthcloud.index.questions.model import Kind, NewQuestion
from healthcloud.index.records import store
from healthcloud.index.records.receiving import source_of
from healthcloud.index.records.store import RecordRow

JOIN = "index.join-numbers"


async def join_numbers(tx: Transaction, caller: Caller, number: str, gone: str) -> None:
    """
    Hear from an institution that its number `gone` is now `number` (scope index.submit); what follows, follows later.

    A number nobody has goes to whom the other is of. Of two persons, or of a record that waits for people, the review
    queue is asked.
    """
    source = source_of(caller, None)
    body = {"source": str(source.id), "number": number, "gone": gone, "account": str(caller.account_id)}
    await enqueue(tx, JOIN, body, due_at=tx.clock.now())


async def _join(tx: Transaction, body: Body) -> None:
    source_id, number, gone = UUID(str(body["source"])), str(body["number"]), str(body["gone"])
    ids = [one.record_id for one in await store.numbered(tx, source_id, sorted({number, gone}))]
    rows = {row.number: row for row in await store.lock(tx, sorted(ids))}
    waiting = [row.id for row in rows.values() if row.state == "waiting"]
    if waiting:
        await place_in(tx, waiting)
        rows = {row.number: row for row in await store.lock(tx, sorted(ids))}
    owners = await people.patient_numbers.owners_of_numbers(tx, source_id, {number, gone})
    kept = owners.get(number)
    if kept is not None and gone not in owners and gone not in rows:
        caller = Caller(SYSTEM.kind, UUID(str(body["account"])), institution_id=source_id)
        await people.patient_numbers.link_numbers(tx, caller, source_id, {gone: kept})
    elif number in rows and gone in rows and (kept is None or owners.get(gone) != kept):
        await _ask(tx, rows[number], rows[gone], {one for one in (kept, owners.get(gone)) if one is not None})


async def _ask(tx: Transaction, one: RecordRow, other: RecordRow, persons: set[UUID]) -> None:
    kind = Kind.MERGE if len(persons) > 1 else Kind.PAIR
    await ask(tx, [NewQuestion(kind, tuple(sorted((one.id, other.id))), tuple(sorted(persons)), 0.0, one.source_id)])


JOBS = (JobKind(JOIN, _join, batch=1),)
