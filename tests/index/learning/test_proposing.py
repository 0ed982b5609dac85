"""What a batch leads to: a version nobody decides by yet, and questions only about what rules and people leave open."""

from dataclasses import replace
from uuid import UUID

import pytest
from index.learning.test_models import MANAGER
from index.records.hospitals import hospital, items, patient
from people.makers import next_number

from healthcloud import index
from healthcloud.core.caller import Caller, CallerKind
from healthcloud.core.db import Database
from healthcloud.core.errors import Forbidden
from healthcloud.core.ids import new_id
from healthcloud.index import learning, linkage
from healthcloud.index.linkage.batch.job import Pair
from healthcloud.index.linkage.converting import LEAST_M, LINK_ODDS, job_of, proposed
from healthcloud.index.matching import DEFAULT_MODEL, Written
from healthcloud.index.questions.model import Kind, question_id
from healthcloud.index.questions.store import question

PRIOR = 2.0**-20


def found(*pairs: tuple[UUID, UUID]) -> linkage.Found:
    """Return what a batch says that learned what it knew already, and found these pairs."""
    job = job_of(DEFAULT_MODEL, sample=1, most=1, threads=1, memory_mib=1)
    return linkage.Found(
        weights={one.field: {level.name: (level.m, level.u) for level in one.levels} for one in job.comparisons},
        prior=PRIOR,
        records=1_000,
        pairs=100,
        links=10,
        expected=9.99,
        both=8,
        only_new=2,
        only_live=1,
        unlinked=tuple(Pair(one.hex, other.hex, 20.0) for one, other in pairs),
        seconds={},
    )


async def received(database: Database, written: Written) -> UUID:
    """Keep a record that nobody has placed yet."""
    [kept] = await database.transact(lambda tx: index.receive(tx, hospital(), items(written)))
    assert kept.record_id is not None
    return kept.record_id


async def test_a_model_is_proposed_and_the_live_one_stays(database: Database) -> None:
    version, measures = await linkage.propose(database, MANAGER, "duckdb", DEFAULT_MODEL, found())
    assert (measures.records, measures.questions, measures.expected_precision) == (1_000, 0, 0.999)
    async with database.read() as read:
        model = await learning.model_of(read, version)
        assert await learning.live_model(read) is DEFAULT_MODEL
    assert model.link == pytest.approx(LINK_ODDS + 20, abs=0.01), "the same odds, from where pairs at random begin"
    assert model.link_names == DEFAULT_MODEL.link_names


async def test_a_pair_nobody_linked_is_asked_about_once(database: Database) -> None:
    written = patient()
    pair = await received(database, written), await received(database, written)
    for _ in range(2):
        _, measures = await linkage.propose(database, MANAGER, "duckdb", DEFAULT_MODEL, found(pair))
    assert measures.questions == 1
    async with database.read() as read:
        asked = await question(read, question_id(Kind.PAIR, pair))
        records = await index.records_by_id(read, pair)
    assert asked is not None
    assert set(asked.record_ids) == set(pair)
    assert [one.person_id for one in records] == [None, None], "no record moved"


async def test_what_the_rules_forbid_is_not_asked(database: Database) -> None:
    """Given twins, or two who share nothing, then weights alone ask nobody."""
    one = patient("王建国")
    other = patient("李小红", number=next_number(male=False))
    pair = await received(database, one), await received(database, replace(other, birth_date="1903-05-06"))
    _, measures = await linkage.propose(database, MANAGER, "duckdb", DEFAULT_MODEL, found(pair))
    assert measures.questions == 0


async def test_what_is_of_one_person_by_now_is_not_asked(database: Database) -> None:
    written = patient()
    pair = await received(database, written), await received(database, written)
    await index.place(database, pair)
    _, measures = await linkage.propose(database, MANAGER, "duckdb", DEFAULT_MODEL, found(pair))
    assert measures.questions == 0


async def test_only_who_manages_the_index_may_propose(database: Database) -> None:
    clerk = Caller(CallerKind.STAFF, new_id(), frozenset({"index.review"}))
    with pytest.raises(Forbidden):
        await linkage.propose(database, clerk, "duckdb", DEFAULT_MODEL, found())


def test_what_a_batch_never_saw_may_still_happen() -> None:
    """Given an index in which no sex is ever wrong, then a wrong one weighs much, not everything."""
    seen = found()
    seen.weights["sex"]["different"] = (1e-93, 0.5)
    model = proposed(DEFAULT_MODEL, seen)
    weight = model.weights["sex"]["different"]
    assert weight.m == LEAST_M
    assert weight.bits == pytest.approx(-15.6, abs=0.1)
    again = job_of(model, sample=1, most=1, threads=1, memory_mib=1)
    assert all(level.m > 0 < level.u for one in again.comparisons for level in one.levels)
