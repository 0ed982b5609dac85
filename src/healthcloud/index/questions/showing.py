"""The queue, and a question opened: each side with what its sources say, how they compare, and what would follow."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import UUID

from healthcloud import audit, people
from healthcloud.core.caller import Caller
from healthcloud.core.consequences import Consequence, Line
from healthcloud.core.db import Read, Transaction
from healthcloud.core.paging import Page, decode_cursor, page_of
from healthcloud.index import deeds
from healthcloud.index.learning.reads import live_model
from healthcloud.index.matching import Decision, Model, decide, features_of
from healthcloud.index.model import REVIEW
from healthcloud.index.questions import store
from healthcloud.index.questions.decisions import store as decisions
from healthcloud.index.questions.holding import Held, look
from healthcloud.index.questions.model import CLAIMED_FOR, Decided, Filter, Question, QuestionState, Side
from healthcloud.index.records.contents import opened
from healthcloud.index.records.model import Record

PURPOSE = "主索引审核"
EVERYTHING = Filter()
_OLDEST = (datetime.min.replace(tzinfo=UTC), UUID(int=0))
_NEWEST = (datetime(9999, 1, 1, tzinfo=UTC), UUID(int=2**128 - 1))
# Records compared of one side: the weight of the best pair of more would be the same to the eye.
_COMPARED = 12


@dataclass(frozen=True, slots=True)
class SideShown:
    """A side opened: the person as the city has them (None: nobody's yet), and every record with what it says."""

    side: Side
    seen: people.Seen | None
    records: tuple[Record, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two sides, the records of them that resemble each other most, and what the matching says of these, by field."""

    one: UUID
    other: UUID
    record_id: UUID
    other_record_id: UUID
    decision: Decision
    is_open: bool


@dataclass(frozen=True, slots=True)
class Opened:
    """A question as a reviewer works on it; `consequences` are what each person would bring into a merge."""

    question: Question
    sides: tuple[SideShown, ...]
    comparisons: tuple[Comparison, ...]
    consequences: tuple[Line, ...]
    history: tuple[Decided, ...]
    claimed_by_another: bool


async def open_questions(
    read: Read, caller: Caller, wanted: Filter = EVERYTHING, cursor: str | None = None, limit: int = 50
) -> Page[Question]:
    """Return a page of the queue, the oldest first (scope index.review); nothing personal is in it."""
    caller.must(REVIEW)
    after = _OLDEST if cursor is None else decode_cursor(cursor, tuple[datetime, UUID])
    rows = await store.queue(read, wanted, after, limit + 1, read.clock.now())
    return page_of(rows, limit, lambda row: (row.opened_at, row.id))


async def history(read: Read, caller: Caller, cursor: str | None = None, limit: int = 50) -> Page[Decided]:
    """Return a page of what was decided by whom and why, the newest first (scope index.review)."""
    caller.must(REVIEW)
    before = _NEWEST if cursor is None else decode_cursor(cursor, tuple[datetime, UUID])
    rows = await decisions.history(read, before, limit + 1)
    return page_of(rows, limit, lambda row: (row.at, row.id))


async def question(
    tx: Transaction,
    caller: Caller,
    question_id: UUID,
    told: Sequence[Consequence] = (),
    *,
    claimed_for: timedelta = CLAIMED_FOR,
) -> Opened:
    """
    Open a question (scope index.review): a deed that each person concerned can read, and a claim that lapses.

    A question of which nothing is left to be judged is closed. Raises QuestionNotFound.
    """
    caller.must(REVIEW)
    held = await look(tx, question_id)
    if held.question.state == QuestionState.OPEN and not held.open_sides:
        await store.close(tx, question_id, "settled", tx.clock.now())
        await store.forget_by_records(tx, question_id, held.question.record_ids)
    now = tx.clock.now()
    taken = await store.claim(tx, question_id, caller.account_id, now + claimed_for, now)
    shown = await store.question(tx, question_id) or held.question
    persons = [side.person_id for side in held.sides if side.person_id is not None]
    reason = caller.reason or PURPOSE
    detail: audit.Detail = {"question": str(question_id)}
    about = persons or [question_id]
    lines = [audit.Entry(deeds.COMPARED, one, reason=reason, detail=detail) for one in about]
    await audit.record_many(tx, replace(caller, reason=reason), lines)
    seen = await people.faces(tx, None, persons)
    sides = tuple(_shown(tx, held, side, seen) for side in held.sides)
    model = await live_model(tx)
    return Opened(
        question=shown,
        sides=sides,
        comparisons=tuple(_compared(held, sides, model)),
        consequences=tuple([line for one in told for line in await one(tx, persons)]),
        history=tuple(await decisions.decisions_of(tx, question_id)),
        claimed_by_another=taken is None and shown.state != QuestionState.CLOSED,
    )


async def give_back(tx: Transaction, caller: Caller, question_id: UUID) -> None:
    """Let a colleague take a question one has opened."""
    caller.must(REVIEW)
    await store.give_back(tx, question_id, caller.account_id)


def _shown(read: Read, held: Held, side: Side, seen: dict[UUID, people.Seen]) -> SideShown:
    records = tuple(opened(read.vault, held.rows[one]) for one in side.record_ids if one in held.rows)
    return SideShown(side, seen.get(side.person_id) if side.person_id else None, records)


def _compared(held: Held, sides: tuple[SideShown, ...], model: Model) -> list[Comparison]:
    by_id = {one.side.id: one for one in sides}
    left = {(one.id, other.id) for one, other in held.open_sides}
    found: list[Comparison] = []
    for place, one in enumerate(held.sides):
        for other in held.sides[place + 1 :]:
            best = _best(by_id[one.id], by_id[other.id], model)
            if best is not None:
                record, another, decision = best
                is_open = (one.id, other.id) in left
                found.append(Comparison(one.id, other.id, record.id, another.id, decision, is_open))
    return found


def _best(one: SideShown, other: SideShown, model: Model) -> tuple[Record, Record, Decision] | None:
    made = {record.id: features_of(record.content) for record in (*one.records[:_COMPARED], *other.records[:_COMPARED])}
    compared = [
        (first, second, decide(made[first.id], made[second.id], model))
        for first, second in product(one.records[:_COMPARED], other.records[:_COMPARED])
    ]
    return max(compared, key=lambda pair: pair[2].weight, default=None)
