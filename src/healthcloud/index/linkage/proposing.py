"""What a batch leads to: a proposed version of the model, and questions about pairs nobody has linked."""

from collections.abc import Collection, Sequence
from uuid import UUID

from msgspec.structs import replace

from healthcloud import people
from healthcloud.core.caller import Caller
from healthcloud.core.db import Database, Read, Transaction
from healthcloud.index.learning import Measures, propose_model
from healthcloud.index.linkage import store
from healthcloud.index.linkage.batch.job import Found, Pair
from healthcloud.index.linkage.converting import measures_of, proposed
from healthcloud.index.matching import Decision, Model, Outcome, decide
from healthcloud.index.model import MANAGE
from healthcloud.index.questions.asking import ask
from healthcloud.index.questions.model import Kind, NewQuestion
from healthcloud.index.records import contents
from healthcloud.index.records import store as records
from healthcloud.index.records.store import RecordRow

ASKED_AT_ONCE = 200


async def propose(database: Database, caller: Caller, engine: str, live: Model, found: Found) -> tuple[int, Measures]:
    """
    Propose the model a batch found and ask about the pairs it would link (scope index.manage).

    Each pair is decided again by `matching.decide` under the new model, exact rules and all: of what these forbid, and
    of what people have answered, nobody is asked. No record moves. Returns the version's number and its measures.
    """
    caller.must(MANAGE)
    model = proposed(live, found)
    asked = 0
    for start in range(0, len(found.unlinked), ASKED_AT_ONCE):
        pairs = found.unlinked[start : start + ASKED_AT_ONCE]

        async def ask_some(tx: Transaction, pairs: Sequence[Pair] = pairs) -> int:
            return len(await ask(tx, await _questions(tx, model, pairs)))

        asked += await database.transact(ask_some)
    measures = replace(measures_of(engine, live, found), questions=asked)
    version = await database.transact(lambda tx: propose_model(tx, caller, model, measures))
    return version, measures


async def _questions(tx: Transaction, model: Model, pairs: Sequence[Pair]) -> list[NewQuestion]:
    ids = sorted({UUID(one) for pair in pairs for one in (pair.one, pair.other)})
    rows = {row.id: row for row in await records.records(tx, ids)}
    answered = {tuple(said) for said in await store.said_by_people(tx, ids)}
    whose = await _persons(tx, rows.values())
    asked = []
    for pair in pairs:
        one, other = rows.get(UUID(pair.one)), rows.get(UUID(pair.other))
        if one is None or other is None or (one.id, other.id) in answered:
            continue
        persons = {whose[row.id] for row in (one, other) if row.id in whose}
        if len(persons) == 1 and one.id in whose and other.id in whose:
            continue  # joined since the batch looked
        decision = _decided(tx, one, other, model)
        if decision.outcome is not Outcome.NONE:
            asked.append(NewQuestion(Kind.PAIR, (one.id, other.id), tuple(sorted(persons)), decision.weight))
    return asked


async def _persons(read: Read, rows: Collection[RecordRow]) -> dict[UUID, UUID]:
    """Return whom each record's person resolves to."""
    whose = await people.resolved(read, {row.person_id for row in rows if row.person_id})
    return {row.id: whose[row.person_id].person_id for row in rows if row.person_id in whose}


def _decided(tx: Transaction, one: RecordRow, other: RecordRow, model: Model) -> Decision:
    return decide(contents.features(tx.vault, one), contents.features(tx.vault, other), model)
