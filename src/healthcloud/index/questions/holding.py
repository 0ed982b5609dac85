"""Laying hands on a question: its records locked before it, as placing does, and its sides as they are now."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from uuid import UUID

from healthcloud import people
from healthcloud.core.db import Read, Transaction
from healthcloud.index.errors import QuestionNotFound, QuestionSettled, SidesUnclear
from healthcloud.index.questions import store
from healthcloud.index.questions.decisions import store as decisions
from healthcloud.index.questions.model import Question, Side, sides_of, undecided
from healthcloud.index.records import store as records
from healthcloud.index.records.store import RecordRow


@dataclass(frozen=True, slots=True)
class Held:
    """A question with the records of all its sides, the persons' other records included."""

    question: Question
    sides: tuple[Side, ...]
    rows: dict[UUID, RecordRow]
    open_sides: list[tuple[Side, Side]]

    def two(self, between: Collection[UUID] | None) -> tuple[Side, Side]:
        """Return the two sides that are judged; raise SidesUnclear, or QuestionSettled where nothing is left to."""
        if not self.open_sides:
            raise QuestionSettled
        if between is None and len(self.open_sides) == 1:
            return self.open_sides[0]
        wanted = set(between or ())
        for one, other in self.open_sides:
            if {one.id, other.id} == wanted:
                return one, other
        raise SidesUnclear


async def hold(tx: Transaction, question_id: UUID) -> Held:
    """Lock a question's records, then the question; raise QuestionNotFound."""
    seen = await look(tx, question_id)
    await records.lock(tx, sorted(seen.rows))
    if await store.lock_question(tx, question_id) is None:
        raise QuestionNotFound
    # What stood before the locks may have moved meanwhile.
    return await look(tx, question_id)


async def look(read: Read, question_id: UUID) -> Held:
    """Return a question and its sides as they are now; raise QuestionNotFound."""
    question = await store.question(read, question_id)
    if question is None:
        raise QuestionNotFound
    rows = {row.id: row for row in await records.records(read, question.record_ids)}
    whose = await _whose(read, question, rows)
    persons = [whose[one] for one in question.person_ids if one in whose]
    now = replace(question, person_ids=list(dict.fromkeys(persons)), record_ids=list(rows))
    person_of = {row.id: whose.get(row.person_id) if row.person_id else None for row in rows.values()}
    parted = sides_of(now, person_of)
    alone = {side.id for side in parted if side.person_id is None}
    sides = [await _whole(read, side, alone) for side in parted]
    missing = sorted({one for side in sides for one in side.record_ids} - set(rows))
    rows |= {row.id: row for row in await records.records(read, missing)}
    said = await decisions.said_among(read, sorted(rows))
    left = undecided(sides, [(one.record_id, one.other_id) for one in said])
    return Held(question, tuple(sides), rows, left)


async def whole_side(read: Read, person_id: UUID) -> Side:
    """Return a person, whoever they resolve to, with all their records."""
    return await _whole(read, Side(person_id, person_id, ()), ())


async def _whose(read: Read, question: Question, rows: dict[UUID, RecordRow]) -> dict[UUID, UUID]:
    asked = {row.person_id for row in rows.values() if row.person_id} | set(question.person_ids)
    found = await people.resolved(read, asked)
    return {one: found[one].person_id for one in asked if one in found}


async def _whole(read: Read, side: Side, alone: Collection[UUID]) -> Side:
    if side.person_id is None:
        return side
    group = await people.group_of(read, side.person_id)
    members = set(await records.members_of(read, group)) | set(side.record_ids)
    # The city's own record of each registration, under the person's id, where it has been made.
    members |= {row.id for row in await records.records(read, group)}
    return replace(side, record_ids=tuple(sorted(members.difference(alone))))
