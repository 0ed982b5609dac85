"""Looking at records: by number, by person, and which may be of somebody; who may look is for the caller to check."""

from collections.abc import Sequence
from uuid import UUID

from healthcloud import people
from healthcloud.core.db import Read
from healthcloud.index.learning.reads import live_model
from healthcloud.index.matching import Content, Decision, decide, features_of
from healthcloud.index.matching import Outcome as Matched
from healthcloud.index.records import store
from healthcloud.index.records.contents import blocks, open_content, opened
from healthcloud.index.records.model import MOST_IN_BLOCK, Candidate, Record, RecordState
from healthcloud.index.records.neighbours import store as neighbours
from healthcloud.index.records.store import RecordRow  # noqa: TC001 - beside what is needed while running

_NOBODY = UUID(int=0)
_RANKS = {Matched.LINK: 0, Matched.REVIEW: 1}


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
