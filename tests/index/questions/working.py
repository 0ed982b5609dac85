"""Reviewers at work for the tests of the queue, and what runs behind the requests, driven by hand."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from index.records.hospitals import hand_in_one, hospital, patient

from healthcloud import cards, index
from healthcloud.core.background import Wiring
from healthcloud.core.caller import Caller, CallerKind
from healthcloud.core.consequences import Consequence
from healthcloud.core.db import Database, Transaction
from healthcloud.core.ids import new_id
from healthcloud.index.matching import Written
from healthcloud.index.questions import Answered, NewQuestion, Opened, Question, Verdict
from healthcloud.server.consequences import CONSEQUENCES

WIRING = Wiring(reactions=(*cards.REACTIONS, *index.REACTIONS), jobs=index.JOBS)


def reviewer() -> Caller:
    """Return an index clerk of the city."""
    return Caller(CallerKind.STAFF, new_id(), frozenset({"index.review"}))


async def settle(database: Database) -> None:
    """Relay every event and do every job that is wired, until nothing is left of them."""
    kinds = WIRING.kinds()
    while await _relay(database) + await _work(database, kinds):
        pass


async def _relay(database: Database) -> int:
    reactions = WIRING.reactions_by_event()
    async with database.read() as read:
        rows = await read.all(lambda *row: row, "SELECT id, kind, body FROM core.outbox ORDER BY at, id")
    for row_id, kind, body in rows:

        async def relay(tx: Transaction, row_id: UUID = row_id, kind: str = kind, body: Any = body) -> None:
            for reaction in reactions.get(kind, ()):
                await reaction.job_kind().carry_out(tx, [body])
            await tx.run("DELETE FROM core.outbox WHERE id = $1", row_id)

        await database.transact(relay)
    return len(rows)


async def _work(database: Database, kinds: Mapping[str, Any]) -> int:
    async with database.read() as read:
        rows = await read.all(lambda *row: row, "SELECT id, kind, body FROM core.jobs ORDER BY id")
    done = 0
    for row_id, kind, body in rows:
        if kind in kinds:

            async def work(tx: Transaction, row_id: UUID = row_id, kind: str = kind, body: Any = body) -> None:
                await kinds[kind].carry_out(tx, [body])
                await tx.run("DELETE FROM core.jobs WHERE id = $1", row_id)

            await database.transact(work)
            done += 1
    return done


@dataclass(frozen=True)
class Alike:
    """A person whose record one hospital has, and another hospital's record like it, of nobody yet."""

    person_id: UUID
    question_id: UUID
    source_id: UUID
    written: Written


async def two_alike(database: Database) -> Alike:
    """Have two hospitals hand in records that resemble each other without anything to decide by; the second waits."""
    written, other = patient(), hospital()
    first = await hand_in_one(database, hospital(), written)
    unsure = replace(written, number=None, document_kind=None)
    second = await hand_in_one(database, other, unsure)
    assert (first.outcome, second.outcome) == ("new", "review"), (first, second)
    assert first.person_id is not None
    assert second.question_id is not None
    assert other.institution_id is not None
    return Alike(first.person_id, second.question_id, other.institution_id, unsure)


async def ask_about(database: Database, *person_ids: UUID, kind: index.questions.Kind | None = None) -> UUID:
    """Ask whether persons are one, by the city's own records of them."""
    kind = kind or index.questions.Kind.MERGE
    asked = NewQuestion(kind, tuple(person_ids), tuple(person_ids), 3.0)
    [question_id] = await database.transact(lambda tx: index.questions.ask(tx, [asked]))
    return question_id


async def opened(
    database: Database, who: Caller, question_id: UUID, told: tuple[Consequence, ...] = CONSEQUENCES
) -> Opened:
    return await database.transact(lambda tx: index.questions.question(tx, who, question_id, told))


async def answered(
    database: Database, who: Caller, question_id: UUID, verdict: str, between: tuple[UUID, UUID] | None = None
) -> Answered:
    """Answer, and have what waits after it placed, as the interface does."""
    done = await database.transact(
        lambda tx: index.questions.answer(tx, who, question_id, Verdict(verdict), "电话核实过", between)
    )
    if done.to_place:
        await index.place(database, done.to_place)
    return done


async def confirmed(database: Database, who: Caller, question_id: UUID) -> Answered:
    return await database.transact(lambda tx: index.questions.confirm(tx, who, question_id))


async def undone(database: Database, who: Caller, done: Answered) -> Answered:
    return await database.transact(
        lambda tx: index.questions.undo(tx, who, done.question_id, done.decision_id, "认定有误")
    )


async def queue(database: Database, **wanted: Any) -> list[Question]:
    async with database.read() as read:
        page = await index.questions.open_questions(read, reviewer(), index.questions.Filter(**wanted))
    return page.items


async def found(database: Database, question_id: UUID) -> Question:
    async with database.read() as read:
        return await index.questions.find(read, reviewer(), question_id)
