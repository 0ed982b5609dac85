"""Handing records in and hearing what became of them; finding a record by its number and candidates for a content."""

from collections.abc import Sequence
from uuid import UUID

from healthcloud import cards, people
from healthcloud.core.caller import Caller
from healthcloud.core.db import Database, Read
from healthcloud.index.learning.reads import live_model
from healthcloud.index.matching import Content, Decision, decide, features_of
from healthcloud.index.matching import Outcome as Matched
from healthcloud.index.records import store
from healthcloud.index.records.contents import blocks, open_content, opened
from healthcloud.index.records.looking import MOST_IN_BLOCK
from healthcloud.index.records.model import Answer, Candidate, Outcome, Placed, Received, Record, RecordIn, RecordState
from healthcloud.index.records.neighbours import store as neighbours
from healthcloud.index.records.placing import USUAL_POLICY, place
from healthcloud.index.records.receiving import receive
from healthcloud.index.records.store import RecordRow

_NOBODY = UUID(int=0)
_RANKS = {Matched.LINK: 0, Matched.REVIEW: 1}


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


async def find_record(read: Read, source_id: UUID, number: str) -> Record | None:
    """Return the record a source has under a local number; who may see it is for the caller to have checked."""
    found = await store.numbered(read, source_id, [number])
    rows = await store.records(read, [found[0].record_id]) if found else []
    return opened(read.vault, rows[0]) if rows else None


async def records_of(read: Read, person_id: UUID) -> list[Record]:
    """Return the records of a person, of everyone merged with them too, the oldest first."""
    ids = await store.members_of(read, await people.group_of(read, person_id))
    rows = await store.records(read, ids) if ids else []
    return [opened(read.vault, row) for row in sorted(rows, key=lambda row: row.id)]


async def records_by_id(read: Read, record_ids: Sequence[UUID]) -> list[Record]:
    """Return these records, in no order."""
    return [opened(read.vault, row) for row in await store.records(read, list(record_ids))] if record_ids else []


async def candidates(read: Read, content: Content, limit: int = 20) -> list[Candidate]:
    """Return the records that may be of the person a content speaks of, the likeliest first; nothing is written."""
    model = await live_model(read)
    made = features_of(content)
    keys = sorted({block.key for block in blocks(read.vault, _NOBODY, made, model)})
    found = {one.record_id for one in await neighbours.neighbours(read, keys, MOST_IN_BLOCK)} if keys else set()
    decided: list[tuple[RecordRow, Decision]] = []
    for row in await store.records(read, sorted(found)) if found else ():
        decision = decide(made, features_of(open_content(read.vault, row)), model)
        if decision.outcome is not Matched.NONE and row.state != RecordState.ENDED:
            decided.append((row, decision))
    decided.sort(key=lambda one: (_RANKS[one[1].outcome], -one[1].weight, one[0].id))
    kept = decided[:limit]
    whose = await people.resolved(read, {row.person_id for row, _ in kept if row.person_id is not None})
    resolved = {one: found.person_id for one, found in whose.items()}
    return [
        Candidate(opened(read.vault, row), resolved.get(row.person_id or _NOBODY), decision) for row, decision in kept
    ]
