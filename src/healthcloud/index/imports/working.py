"""
Working an import, portion by portion: the same code for the background job and for the command line.

A portion is handed to the index (its own transactions: receive, then place), then written as settled with its answers,
once. Killed between the two, it is handed in again: the index finds every record unchanged, so nothing is doubled.
"""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import msgspec

from healthcloud import people
from healthcloud.core.caller import SYSTEM, Caller, CallerKind
from healthcloud.core.db import Database, Transaction
from healthcloud.core.errors import Problem
from healthcloud.index.imports import store
from healthcloud.index.imports.checking import Reader, reason_of
from healthcloud.index.imports.model import (
    Import,
    Outcome,
    RowAnswer,
    State,
    Tally,
    answers_place,
)
from healthcloud.index.imports.portions import store as portions
from healthcloud.index.imports.rows import ReadRow, Reason
from healthcloud.index.model import IMPORT, IMPORTED, SUBMIT
from healthcloud.index.placing.registering import register_records
from healthcloud.index.records.model import Answer, RecordIn
from healthcloud.index.records.model import Outcome as RecordOutcome

_ENCODER = msgspec.msgpack.Encoder()
_OURS = 500  # statuses from here on are the platform's fault, not the row's


class Work:
    """One import being worked by this process; `step` does the next portion until there is none."""

    def __init__(self, database: Database, one: Import, reader: Reader, policy: people.Policy) -> None:
        self._database = database
        self._one = one
        self._reader = reader
        self._policy = policy
        self._caller = operator_of(one)

    @classmethod
    async def of(cls, database: Database, import_id: UUID, policy: people.Policy) -> "Work | None":
        """Make it ready; None where it does not run."""
        async with database.read() as read:
            one = await store.find_import(read, import_id)
        if one is None or one.state != State.RUNNING or one.forgotten_at is not None:
            return None
        return cls(database, one, await Reader.of(database, one), policy)

    async def step(self) -> Import | None:
        """Do the next portion and return how the import stands; None when it runs no more."""
        async with self._database.read() as read:
            one = await store.find_import(read, self._one.id)
            found = await portions.next_open(read, self._one.id) if one is not None else None
        if one is None or one.state != State.RUNNING:
            return None
        if one.checked < one.portions:
            n = one.checked
            await self._database.transact(lambda tx: self._reader.check(tx, n))
        elif found is not None:
            await self._hand_in(found.n)
        else:
            await self._database.transact(lambda tx: store.finish(tx, one.id, tx.clock.now()))
            return None
        async with self._database.glance() as read:
            return await store.find_import(read, one.id)

    async def _hand_in(self, n: int) -> None:
        began = time.monotonic()
        async with self._database.read() as read:
            rows = await self._reader.settled(read, await self._reader.portion(read, n))
        good = [row for row in rows if not row.reasons]
        items = [RecordIn(row.number, row.written, self._one.id, row.n) for row in good]
        source = self._one.institution_id
        told = await register_records(self._database, self._caller, items, source_id=source, policy=self._policy)
        by_row = {row.n: answer_of(row, answer) for row, answer in zip(good, told, strict=True)}
        answers = [by_row.get(row.n) or _rejected(row, row.reasons) for row in rows]
        worked = timedelta(seconds=time.monotonic() - began)
        await self._database.transact(lambda tx: _settle(tx, self._one.id, n, answers, worked))


async def _settle(tx: Transaction, import_id: UUID, n: int, answers: Sequence[RowAnswer], worked: timedelta) -> None:
    counts = Counter(answer.outcome for answer in answers)
    tally = Tally(*(counts[outcome] for outcome in Outcome))
    sealed = tx.vault.seal(IMPORTED, answers_place(import_id, n), _ENCODER.encode(answers))
    if await portions.settle(tx, import_id, n, sealed, tally.rejected, tx.clock.now()):
        await store.count_rows(tx, import_id, tally, worked)


def operator_of(one: Import) -> Caller:
    """Return who handed the file in: the deeds of its rows name them."""
    if one.caller_kind == CallerKind.SYSTEM:
        return SYSTEM
    scopes = frozenset({IMPORT, SUBMIT})
    return replace(Caller(CallerKind(one.caller_kind), one.account_id, scopes), institution_id=one.institution_id)


def answer_of(row: ReadRow, answer: Answer) -> RowAnswer:
    """Return what the index said of a row; raise its Problem where that is the platform's fault, not the row's."""
    if answer.outcome is RecordOutcome.REFUSED:
        problem = answer.problem or Problem()
        if problem.status >= _OURS:
            raise problem
        reasons = tuple(map(reason_of, problem.faults)) or (Reason(problem.code, problem.zh, problem.sentence),)
        return _rejected(row, reasons)
    person_id = str(answer.person_id) if answer.person_id else ""
    return RowAnswer(row.n, row.number, answer.outcome.value, person_id, answer.card_status, answer.rule or "")


def _rejected(row: ReadRow, reasons: tuple[Reason, ...]) -> RowAnswer:
    return RowAnswer(row.n, row.number, Outcome.REJECTED, reasons=reasons)
