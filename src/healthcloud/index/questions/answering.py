"""Answering a question: same, different, or later; a merge of two persons waits for a second reviewer."""

from collections.abc import Collection, Sequence
from uuid import UUID

from healthcloud import audit, people
from healthcloud.core.caller import Caller
from healthcloud.core.db import Transaction
from healthcloud.core.ids import new_id
from healthcloud.index import deeds
from healthcloud.index.errors import OwnMerge, QuestionSettled, QuestionTaken
from healthcloud.index.golden.actions import follow_later
from healthcloud.index.model import REVIEW
from healthcloud.index.questions import store
from healthcloud.index.questions.decisions import store as decisions
from healthcloud.index.questions.decisions.effects import empowered, put_with, say, take_off
from healthcloud.index.questions.holding import Held, hold, look, whole_side
from healthcloud.index.questions.model import (
    PUT_OFF_FOR,
    Answered,
    Decided,
    DecisionState,
    QuestionState,
    Side,
    Verdict,
    into_whom,
    pairs_across,
)
from healthcloud.index.records.model import RecordState

MERGED_BY_REVIEW = "主索引审核认定为同一人"


async def answer(
    tx: Transaction,
    caller: Caller,
    question_id: UUID,
    verdict: Verdict,
    reason: str = "",
    between: Collection[UUID] | None = None,
) -> Answered:
    """
    Answer a question (scope index.review); `between` names the two sides judged where there are more than two.

    Different: kept of every pair of records across the sides, and never undone by the machine. Same: a record goes to
    the person, at once; two persons become a proposal another reviewer confirms. Later: it comes back in a week.
    Raises QuestionNotFound, QuestionSettled, QuestionTaken, SidesUnclear, Unacceptable for a reason that says nothing.
    """
    caller.must(REVIEW)
    told = "" if verdict is Verdict.LATER and not reason.strip() else people.read_evidence(reason, "reason")
    held = await hold(tx, question_id)
    if held.question.state != QuestionState.OPEN:
        raise QuestionSettled
    if held.question.is_claimed_by_another(caller.account_id, tx.clock.now()):
        raise QuestionTaken
    if verdict is Verdict.LATER:
        decided = await _keep(tx, caller, question_id, verdict, told, ())
        await store.put_off(tx, question_id, tx.clock.now() + PUT_OFF_FOR)
        return Answered(question_id, decided.id, QuestionState.OPEN)
    one, other = held.two(between)
    if verdict is Verdict.SAME and one.person_id is not None and other.person_id is not None:
        return await _propose(tx, caller, held, (one, other), told)
    decided = await _keep(tx, caller, question_id, verdict, told, (one, other))
    await say(tx, decided, pairs_across(one, other), verdict)
    to_place = await _move(tx, caller, held, decided, (one, other))
    deed = deeds.JUDGED_SAME if verdict is Verdict.SAME else deeds.JUDGED_DIFFERENT
    await _record(tx, caller, deed, decided, [side.person_id for side in (one, other)])
    return Answered(question_id, decided.id, await _close(tx, question_id, verdict), to_place=to_place)


async def confirm(tx: Transaction, caller: Caller, question_id: UUID) -> Answered:
    """
    Carry out a merge that another reviewer proposed (scope index.review).

    Raises QuestionNotFound, QuestionSettled where nothing waits or the persons changed since, and OwnMerge for whoever
    proposed it: a refusal that is kept.
    """
    caller.must(REVIEW)
    await hold(tx, question_id)
    proposed = await _proposed(tx, question_id)
    from_id, into_id = proposed.from_id, proposed.into_id
    if from_id is None or into_id is None:
        raise QuestionSettled
    if proposed.account_id == caller.account_id:
        for person_id in (from_id, into_id):
            audit.refuse(tx, caller, deeds.JUDGED_SAME, person_id, reason=OwnMerge.code)
        raise OwnMerge
    if [await people.canonical_of(tx, one) for one in (from_id, into_id)] != [from_id, into_id]:
        raise QuestionSettled
    now = tx.clock.now()
    await decisions.second(tx, proposed, DecisionState.DONE, caller.account_id, now)
    done = await decisions.lock_decision(tx, question_id, proposed.id) or proposed
    one, other = await whole_side(tx, from_id), await whole_side(tx, into_id)
    await say(tx, done, pairs_across(one, other), Verdict.SAME)
    await people.merge_persons(tx, empowered(caller), from_id, into_id, MERGED_BY_REVIEW)
    await _record(tx, caller, deeds.JUDGED_SAME, done, [from_id, into_id])
    return Answered(question_id, done.id, await _close(tx, question_id, Verdict.SAME))


async def decline(tx: Transaction, caller: Caller, question_id: UUID, reason: str) -> Answered:
    """Turn a proposed merge down (scope index.review): the question is open again. Whoever proposed it may, too."""
    caller.must(REVIEW)
    told = people.read_evidence(reason, "reason")
    await hold(tx, question_id)
    proposed = await _proposed(tx, question_id)
    await decisions.second(tx, proposed, DecisionState.DECLINED, caller.account_id, tx.clock.now())
    await store.set_state(tx, question_id, QuestionState.OPEN)
    await _record(tx, caller, deeds.MERGE_DECLINED, proposed, [proposed.from_id, proposed.into_id], told)
    return Answered(question_id, proposed.id, QuestionState.OPEN)


async def _proposed(tx: Transaction, question_id: UUID) -> Decided:
    for one in await decisions.decisions_of(tx, question_id):
        if one.state == DecisionState.PROPOSED:
            return one
    raise QuestionSettled


async def _propose(tx: Transaction, caller: Caller, held: Held, sides: tuple[Side, Side], told: str) -> Answered:
    seen = await people.faces(tx, None, [side.id for side in sides])
    from_id, into_id = into_whom({one: int(seen[one].level) for one in seen})
    merge = (from_id, into_id)
    decided = await _keep(tx, caller, held.question.id, Verdict.SAME, told, sides, merge)
    await store.set_state(tx, held.question.id, QuestionState.PROPOSED)
    await _record(tx, caller, deeds.MERGE_PROPOSED, decided, merge)
    return Answered(held.question.id, decided.id, QuestionState.PROPOSED, waits=True)


async def _move(
    tx: Transaction, caller: Caller, held: Held, decided: Decided, sides: tuple[Side, Side]
) -> tuple[UUID, ...]:
    """Put records where the verdict says; return those that are to be placed anew."""
    person = next((side.person_id for side in sides if side.person_id is not None), None)
    rows = [held.rows[side.id] for side in sides if side.person_id is None]
    if decided.verdict == Verdict.SAME and person is not None:
        await put_with(tx, caller, decided, rows, person)
        await follow_later(tx, [person])
        return ()
    if any(row.person_id is not None or row.state == RecordState.REVIEW for row in rows):
        await take_off(tx, caller, decided, rows)
    return tuple(row.id for row in rows)


async def _keep(
    tx: Transaction,
    caller: Caller,
    question_id: UUID,
    verdict: Verdict,
    told: str,
    sides: Sequence[Side],
    merge: tuple[UUID, UUID] | None = None,
) -> Decided:
    decided = new_decision(tx, caller, question_id, verdict, told, [side.id for side in sides], merge)
    await decisions.add_decision(tx, decided)
    return decided


def new_decision(
    tx: Transaction,
    caller: Caller,
    question_id: UUID,
    verdict: Verdict,
    told: str,
    sides: list[UUID],
    merge: tuple[UUID, UUID] | None = None,
) -> Decided:
    """Return a decision of this moment: done, or proposed where it is a merge."""
    return Decided(
        question_id=question_id,
        id=new_id(),
        verdict=verdict,
        state=DecisionState.DONE if merge is None else DecisionState.PROPOSED,
        sides=sides,
        reason=told,
        account_id=caller.account_id,
        at=tx.clock.now(),
        from_id=merge[0] if merge else None,
        into_id=merge[1] if merge else None,
        second_account=None,
        second_at=None,
        undone_by=None,
        undone_at=None,
        undone_reason=None,
    )


async def _close(tx: Transaction, question_id: UUID, verdict: Verdict) -> QuestionState:
    """Close a question of which nothing is left to be judged; else it stays open for the rest."""
    held = await look(tx, question_id)
    if held.open_sides:
        await store.set_state(tx, question_id, QuestionState.OPEN)
        return QuestionState.OPEN
    await store.close(tx, question_id, verdict, tx.clock.now())
    await store.forget_by_records(tx, question_id, held.question.record_ids)
    return QuestionState.CLOSED


async def _record(
    tx: Transaction,
    caller: Caller,
    deed: str,
    decided: Decided,
    persons: Sequence[UUID | None],
    reason: str | None = None,
) -> None:
    detail: audit.Detail = {"question": str(decided.question_id), "decision": str(decided.id)}
    about = [one for one in persons if one is not None] or [decided.question_id]
    entries = [audit.Entry(deed, one, reason=reason or decided.reason, detail=detail) for one in about]
    await audit.record_many(tx, caller, entries)
