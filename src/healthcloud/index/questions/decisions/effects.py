"""What a decision does to pairs and records, each with what was there before kept beside it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from uuid import UUID

from healthcloud import people
from healthcloud.core.caller import Caller
from healthcloud.core.db import Transaction
from healthcloud.index.model import CITY
from healthcloud.index.questions.decisions import store
from healthcloud.index.questions.decisions.store import Moved, SaidPair
from healthcloud.index.questions.model import Decided, Pair
from healthcloud.index.records import store as records
from healthcloud.index.records.model import Outcome, RecordState
from healthcloud.index.records.store import RecordRow

HUMAN_RULE = "human"


def empowered(caller: Caller) -> Caller:
    """Return the caller with the right to do what the queue decides: it comes with the decision, not with a role."""
    return replace(caller, scopes=caller.scopes | {"people.correct"})


async def say(tx: Transaction, decided: Decided, pairs: Sequence[Pair], human: str) -> None:
    """Write what a decision says of pairs."""
    if pairs:
        at = decided.second_at or decided.at
        await store.keep_said(tx, decided, pairs)
        await store.say(tx, [SaidPair(one, other, human, decided.account_id, at) for one, other in pairs])


async def put_with(
    tx: Transaction, caller: Caller, decided: Decided, rows: Iterable[RecordRow], person_id: UUID
) -> None:
    """Put records with a person, their local numbers too."""
    moving = [row for row in rows if row.person_id != person_id]
    if not moving:
        return
    await store.keep_moved(tx, decided, [_as_stands(row) for row in moving])
    now = tx.clock.now()
    placed = [
        Moved(row.id, RecordState.PLACED, person_id, Outcome.LINKED, HUMAN_RULE, row.weight, now) for row in moving
    ]
    await carry(tx, caller, moving, placed)


async def take_off(tx: Transaction, caller: Caller, decided: Decided, rows: Sequence[RecordRow]) -> None:
    """Take records off whoever they are with, their local numbers too; they wait to be placed."""
    await store.keep_moved(tx, decided, [_as_stands(row) for row in rows])
    waiting = [Moved(row.id, RecordState.WAITING, None, None, None, row.weight, row.placed_at) for row in rows]
    await carry(tx, caller, rows, waiting)


async def carry(tx: Transaction, caller: Caller, rows: Sequence[RecordRow], moved: Sequence[Moved]) -> None:
    """Move records from where they stand to where they are to be, with the person's list and the local numbers."""
    standing = {row.id: row for row in rows}
    await store.move(tx, moved)
    gone = [(row.person_id, row.id) for row in rows if row.person_id is not None]
    if gone:
        await records.drop_members(tx, [one for one, _ in gone], [one for _, one in gone])
    come = [(one.person_id, one.record_id) for one in moved if one.person_id is not None]
    if come:
        await records.add_members(tx, [one for one, _ in come], [one for _, one in come])
    able = empowered(caller)
    for one in sorted(moved, key=lambda one: one.record_id):
        row = standing[one.record_id]
        if row.source_id != CITY:
            await people.patient_numbers.move_number(tx, able, row.source_id, row.number, one.person_id)


def _as_stands(row: RecordRow) -> Moved:
    return Moved(row.id, row.state, row.person_id, row.outcome, row.rule, row.weight, row.placed_at)
