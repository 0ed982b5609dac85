"""Asking: placing puts its questions here; the same is asked once, and what no longer stands is closed."""

from collections.abc import Collection, Sequence
from uuid import UUID

from healthcloud.core.db import Transaction
from healthcloud.index.questions import store
from healthcloud.index.questions.holding import hold
from healthcloud.index.questions.model import NewQuestion, QuestionState
from healthcloud.index.records.model import RecordState

REPLACED = "replaced"
MERGED = "merged"  # elsewhere than in the queue


async def ask(tx: Transaction, asked: Sequence[NewQuestion], component: Collection[UUID] = ()) -> list[UUID]:
    """
    Ask these questions and close those about records of this component that are asked no more; return the ids.

    A question that is open already stays as it is, with whoever works on it; a proposed merge waits on. One that was
    closed is opened again. Ids are in the order asked.
    """
    wanted = {one.id: one for one in asked}
    standing = await store.questions_about(tx, sorted(component)) if component else []
    for question_id in sorted(set(standing) - set(wanted)):
        await _replace(tx, question_id)
    opened = await store.open_questions(tx, list(wanted.values()), tx.clock.now()) if wanted else []
    if opened:
        await store.find_by_records(tx, opened)
    return [one.id for one in asked]


async def _replace(tx: Transaction, question_id: UUID) -> None:
    question = await store.lock_question(tx, question_id)
    if question is not None and question.state == QuestionState.OPEN:
        await store.close(tx, question_id, REPLACED, tx.clock.now())
        await store.forget_by_records(tx, question_id, question.record_ids)


async def close_merged(tx: Transaction, record_ids: Collection[UUID]) -> set[UUID]:
    """
    Close the open questions about these records of which a merge has left nothing to be judged.

    Return the records in review of the others: whose they are may be clear now.
    """
    unplaced: set[UUID] = set()
    for question_id in sorted(await store.questions_about(tx, sorted(record_ids))):
        held = await hold(tx, question_id)
        if held.question.state != QuestionState.OPEN:
            continue
        if held.open_sides:
            unplaced |= {row.id for row in held.rows.values() if row.state == RecordState.REVIEW}
        else:
            await store.close(tx, question_id, MERGED, tx.clock.now())
            await store.forget_by_records(tx, question_id, held.question.record_ids)
    return unplaced


async def is_asked(tx: Transaction, record_ids: Collection[UUID], other_ids: Collection[UUID]) -> bool:
    """Tell whether a question that is not closed is about records of both."""
    one = await store.questions_about(tx, sorted(record_ids))
    other = await store.questions_about(tx, sorted(other_ids))
    return not set(one).isdisjoint(other)
