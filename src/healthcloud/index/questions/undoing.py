"""The way back from every decision: un-merge, split, and giving back what a decision changed, exactly."""

from collections.abc import Collection
from dataclasses import replace
from uuid import UUID

from healthcloud import audit, people
from healthcloud.core.caller import Caller
from healthcloud.core.db import Transaction
from healthcloud.core.ids import new_id
from healthcloud.index import deeds
from healthcloud.index.errors import DecisionBuiltOn, DecisionNotFound, NothingToSplit
from healthcloud.index.golden.actions import follow_later
from healthcloud.index.model import CITY, REVIEW
from healthcloud.index.questions import store
from healthcloud.index.questions.answering import new_decision
from healthcloud.index.questions.decisions import store as decisions
from healthcloud.index.questions.decisions.effects import carry, empowered, say, take_off
from healthcloud.index.questions.decisions.store import Moved
from healthcloud.index.questions.holding import hold, whole_side
from healthcloud.index.questions.model import (
    Answered,
    Decided,
    DecisionState,
    Kind,
    Pair,
    QuestionState,
    Verdict,
    split_of,
)
from healthcloud.index.records import store as records
from healthcloud.index.records.model import Outcome
from healthcloud.index.records.store import RecordRow

EMPTIED = "拆分被撤销，该登记已无档案"


async def undo(tx: Transaction, caller: Caller, question_id: UUID, decision_id: UUID, reason: str) -> Answered:
    """
    Take a decision back (scope index.review): persons, records and what people said of pairs are as they were.

    The question is open again; what was decided stays in the history.
    Raises QuestionNotFound, DecisionNotFound, DecisionBuiltOn where a later decision rests on it.
    """
    caller.must(REVIEW)
    told = people.read_evidence(reason, "reason")
    held = await hold(tx, question_id)
    decided = await decisions.lock_decision(tx, question_id, decision_id)
    if decided is None or decided.state != DecisionState.DONE or decided.verdict == Verdict.LATER:
        raise DecisionNotFound
    if decided.from_id is not None and decided.into_id is not None:
        await _unmerge(tx, caller, decided.from_id, decided.into_id)
    moved = await decisions.kept_moved(tx, decided)
    rows = {row.id: row for row in await records.lock(tx, [one.record_id for one in moved])}
    going = _going_back(decided, moved, rows)
    emptied = _left_empty(decided, going, rows)
    if going:
        await carry(tx, caller, [rows[one.record_id] for one in going], going)
        touched = {one.person_id for one in going} | {row.person_id for row in rows.values()}
        await follow_later(tx, {one for one in touched if one is not None} - emptied)
    await _give_back_pairs(tx, decided)
    for person_id in sorted(emptied):
        await _withdraw_empty(tx, caller, person_id)
    await decisions.mark_undone(tx, decided, caller.account_id, tx.clock.now(), told)
    if held.question.kind != Kind.SPLIT:
        await store.set_state(tx, question_id, QuestionState.OPEN)
        await store.find_by_records(tx, [question_id])
    await _record(tx, caller, deeds.UNDONE, decided, {*(one.person_id for one in moved), *decided.sides}, told)
    state = QuestionState.CLOSED if held.question.kind == Kind.SPLIT else QuestionState.OPEN
    return Answered(question_id, decided.id, state)


async def split(
    tx: Transaction, caller: Caller, person_id: UUID, record_ids: Collection[UUID], reason: str
) -> Answered:
    """
    Take records that are not theirs off a person (scope index.review); they are placed anew, never with this one.

    The person's own registration stays. Raises NothingToSplit, people.PersonNotFound; it is taken back by `undo`.
    """
    caller.must(REVIEW)
    told = people.read_evidence(reason, "reason")
    canonical = await people.canonical_of(tx, person_id)
    if canonical is None:
        raise people.PersonNotFound
    members = (await whole_side(tx, canonical)).record_ids
    rows = {row.id: row for row in await records.lock(tx, list(members))}
    own = {one for one, row in rows.items() if row.source_id == CITY}
    parting = split_of(rows.keys(), record_ids, own)
    if parting is None:
        raise NothingToSplit
    question_id = new_id()
    await store.add_split(tx, question_id, list(parting.parted), canonical, tx.clock.now())
    decided = new_decision(tx, caller, question_id, Verdict.SPLIT, told, [canonical])
    await decisions.add_decision(tx, decided)
    pairs = sorted((min(one, other), max(one, other)) for one in parting.parted for other in parting.rest)
    await say(tx, decided, pairs, Verdict.DIFFERENT)
    await take_off(tx, caller, decided, [rows[one] for one in parting.parted])
    await _record(tx, caller, deeds.SPLIT, decided, {canonical}, told)
    return Answered(question_id, decided.id, QuestionState.CLOSED, to_place=parting.parted)


async def _unmerge(tx: Transaction, caller: Caller, from_id: UUID, into_id: UUID) -> None:
    """Part two persons, unless somebody has merged or parted them otherwise since."""
    if [await people.canonical_of(tx, one) for one in (from_id, into_id)] != [into_id, into_id]:
        raise DecisionBuiltOn
    await people.unmerge_persons(tx, empowered(caller), from_id)
    if await people.canonical_of(tx, from_id) != from_id:
        raise DecisionBuiltOn


def _going_back(decided: Decided, moved: list[Moved], rows: dict[UUID, RecordRow]) -> list[Moved]:
    """
    Return the records that go back to where they were; raise DecisionBuiltOn where one was put elsewhere since.

    One that was nobody's and was called different stays with whom placing has put it since: nothing asks for more.
    """
    if decided.verdict == Verdict.SAME:
        had_person = not set(decided.sides) <= set(rows)
        if had_person and any(row.person_id not in decided.sides for row in rows.values()):
            raise DecisionBuiltOn
        return moved
    return [one for one in moved if one.person_id is not None or rows[one.record_id].person_id is None]


def _left_empty(decided: Decided, going: list[Moved], rows: dict[UUID, RecordRow]) -> set[UUID]:
    """Return the persons whom placing made, after the decision, for records that go back."""
    standing = [rows[one.record_id] for one in going]
    return {row.person_id for row in standing if row.outcome == Outcome.NEW and row.person_id} - set(decided.sides)


async def _give_back_pairs(tx: Transaction, decided: Decided) -> None:
    kept = await decisions.kept_said(tx, decided)
    about = sorted({one for pair in kept for one in (pair.record_id, pair.other_id)})
    human = "different" if decided.verdict == Verdict.SPLIT else decided.verdict
    at = decided.second_at or decided.at
    now = {(one.record_id, one.other_id): one for one in await decisions.said_among(tx, about)}
    for pair in kept:
        said = now.get((pair.record_id, pair.other_id))
        if said is None or (said.human, said.human_at) != (human, at):
            raise DecisionBuiltOn
    unsaid: list[Pair] = [(one.record_id, one.other_id) for one in kept if one.human is None]
    await decisions.unsay(tx, unsaid)
    said_before = [one for one in kept if one.human is not None]
    if said_before:
        await decisions.say(tx, said_before)
    await decisions.drop_silent(tx, about)


async def _withdraw_empty(tx: Transaction, caller: Caller, person_id: UUID) -> None:
    """Withdraw a person whom placing made for records that have gone back, where nothing else is theirs."""
    left = [one for one in await records.members_of(tx, [person_id]) if one != person_id]
    seen = (await people.faces(tx, None, [person_id])).get(person_id)
    tied = await people.group_of(tx, person_id)
    if not left and tied == [person_id] and seen is not None and seen.level == people.Level.DECLARED:
        await people.withdraw_person(tx, empowered(caller), person_id, EMPTIED)


async def _record(
    tx: Transaction, caller: Caller, deed: str, decided: Decided, about: Collection[UUID | None], reason: str
) -> None:
    found = await people.resolved(tx, {one for one in about if one is not None})
    detail: audit.Detail = {"question": str(decided.question_id), "decision": str(decided.id)}
    persons = sorted({one for one in about if one in found and one is not None}) or [decided.question_id]
    entries = [audit.Entry(deed, one, reason=reason, detail=detail) for one in persons]
    await audit.record_many(tx, replace(caller, reason=reason), entries)
