"""Handing records in, and hearing what became of each."""

from collections.abc import Sequence
from uuid import UUID

from healthcloud import cards, people
from healthcloud.core.caller import Caller
from healthcloud.core.db import Database
from healthcloud.index.placing.actions import USUAL_POLICY, place
from healthcloud.index.records import store
from healthcloud.index.records.model import Answer, Outcome, Placed, Received, RecordIn
from healthcloud.index.records.receiving import receive
from healthcloud.index.records.store import RecordRow

_NOBODY = UUID(int=0)


async def register_records(
    database: Database,
    caller: Caller,
    items: Sequence[RecordIn],
    *,
    source_id: UUID | None = None,
    policy: people.Policy = USUAL_POLICY,
) -> list[Answer]:
    """
    Hand in what an institution says of its patients and place it; each answer at the place of its record.

    At most MOST_AT_ONCE; scope index.submit or index.import. The same again changes nothing.
    """
    received = await database.transact(lambda tx: receive(tx, caller, items, source_id=source_id))
    return await settled_answers(database, received, policy)


async def settled_answers(
    database: Database, received: Sequence[Received], policy: people.Policy = USUAL_POLICY
) -> list[Answer]:
    """Place what was received and say what became of it; what was placed before is told as it stands."""
    fresh = [one.record_id for one in received if one.fresh and one.record_id is not None]
    placed = {one.record_id: one for one in await place(database, fresh, policy)}
    async with database.read() as read:
        rest = [one.record_id for one in received if one.record_id is not None and one.record_id not in placed]
        placed |= {row.id: _as_it_stands(row) for row in await store.records(read, rest)} if rest else {}
        whose = await people.resolved(read, {one.person_id for one in placed.values() if one.person_id is not None})
        statuses = await cards.statuses_of(read, {one.person_id for one in whose.values()})
    return [_answer(one, placed, whose, statuses) for one in received]


def _as_it_stands(row: RecordRow) -> Placed:
    outcome = Outcome(row.outcome) if row.outcome else Outcome.REVIEW
    return Placed(row.id, outcome, row.person_id, row.rule, row.weight)


def _answer(
    received: Received,
    placed: dict[UUID, Placed],
    whose: dict[UUID, people.Resolved],
    statuses: dict[UUID, cards.CardStatus],
) -> Answer:
    if received.record_id is None:
        return Answer(received.number, Outcome.REFUSED, problem=received.problem)
    one = placed[received.record_id]
    found = whose.get(one.person_id or _NOBODY)
    person_id = None if found is None else found.person_id
    status = statuses.get(person_id or _NOBODY)
    outcome = one.outcome if received.fresh else Outcome.UNCHANGED
    return Answer(received.number, outcome, person_id, status, one.rule, one.weight, one.question_id)
