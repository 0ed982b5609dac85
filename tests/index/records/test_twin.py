"""What is placed through the database is what all pairs decided in memory would make, in whatever order they come."""

from functools import partial
from itertools import combinations
from random import Random
from uuid import UUID

from fixtures.databases import copied
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from index.records.hospitals import hospital

from healthcloud import index
from healthcloud.core.crypto import Vault
from healthcloud.core.db import Database
from healthcloud.core.ids import new_id
from healthcloud.index.grouping import PairDecision, groups
from healthcloud.index.matching import DEFAULT_MODEL, Outcome, Written, block_texts, decide, features_of
from healthcloud.index.questions import store as questions
from healthcloud.index.records.reads import records_by_id
from healthcloud_simulators.hospital_files import files

SEEDS = st.integers(0, 10_000)


def a_world(seed: int, size: int = 40) -> list[Written]:
    """Return some people's rows of two hospitals, many of them in both."""
    rows = files(seed, size, size * 2 // 5).rows
    return [
        Written(
            name=row.written.name,
            sex=row.written.sex,
            birth_date=row.written.birth_date,
            number=row.written.number,
            phone=row.written.phone,
            address=row.written.address,
        )
        for row in rows
    ]


async def handed_in(database: Database, world: list[Written], order: list[int]) -> dict[int, index.Record]:
    """Hand a world in by one institution, in an order and in portions; return the records kept by their place."""
    caller = hospital()
    kept: dict[int, UUID] = {}
    for at in range(0, len(order), 7):
        places = order[at : at + 7]
        items = [index.RecordIn(f"{place}", world[place]) for place in places]
        received = await database.transact(partial(index.receive, caller=caller, items=items))
        ids = [one.record_id for one in received if one.record_id is not None]
        kept |= {place: one.record_id for place, one in zip(places, received, strict=True) if one.record_id}
        await index.place(database, ids)
    async with database.read() as read:
        found = {one.id: one for one in await records_by_id(read, list(kept.values()))}
    return {place: found[record_id] for place, record_id in kept.items()}


def by_all_pairs(records: dict[int, index.Record]) -> set[frozenset[int]]:
    """Group in memory: every pair that shares a block, decided, and the groups of all of them."""
    made = {place: features_of(one.content) for place, one in records.items()}
    texts = {place: set(block_texts(one, DEFAULT_MODEL)) for place, one in made.items()}
    ids = {place: new_id() for place in made}
    decisions = []
    for one, other in combinations(made, 2):
        if not texts[one].isdisjoint(texts[other]):
            found = decide(made[one], made[other], DEFAULT_MODEL)
            if found.outcome is not Outcome.NONE:
                decisions.append(PairDecision(ids[one], ids[other], found.outcome, found.rule))
    place_of = {record_id: place for place, record_id in ids.items()}
    grouping = groups(list(ids.values()), decisions)
    asked = {one for question in grouping.questions for one in question.records}
    return {frozenset(place_of[one] for one in group) for group in grouping.groups if asked.isdisjoint(group)}


def as_placed(records: dict[int, index.Record]) -> dict[UUID, frozenset[int]]:
    persons: dict[UUID, set[int]] = {}
    for place, one in records.items():
        if one.person_id is not None:
            persons.setdefault(one.person_id, set()).add(place)
    return {person: frozenset(places) for person, places in persons.items()}


@settings(
    max_examples=3,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=SEEDS)
async def test_groups_nobody_is_asked_about_are_those_of_all_pairs(database: Database, seed: int) -> None:
    world = a_world(seed)
    order = list(range(len(world)))
    Random(seed).shuffle(order)  # noqa: S311 - the same every time is the point
    records = await handed_in(database, world, order)
    expected = by_all_pairs(records)
    assert expected <= set(as_placed(records).values())
    assert any(len(group) > 1 for group in expected)


async def test_another_order_makes_the_same_groups_and_asks_the_same(
    fresh_database: Database, postgres: dict[str, str], vault: Vault
) -> None:
    world = a_world(7, 140)
    forth = await handed_in(fresh_database, world, list(range(len(world))))
    asked = await asked_of_pairs(fresh_database, forth)
    async with copied(postgres) as copy:
        other = await Database.connect(copy.app_url, vault=vault)
        back = await handed_in(other, world, list(reversed(range(len(world)))))
        assert await asked_of_pairs(other, back) == asked
        await other.close()
    same = by_all_pairs(forth)
    assert same == by_all_pairs(back)
    assert same <= set(as_placed(forth).values()) & set(as_placed(back).values())
    assert asked


async def asked_of_pairs(database: Database, records: dict[int, index.Record]) -> set[tuple[str, frozenset[int]]]:
    """Return the open questions that follow from pairs alone, by the places of their records."""
    place_of = {one.id: place for place, one in records.items()}
    async with database.read() as read:
        ids = await questions.questions_about(read, sorted(place_of))
        found = [await questions.question(read, one) for one in ids]
    return {
        (one.kind, frozenset(place_of[record] for record in one.record_ids))
        for one in found
        if one is not None and one.state == "open" and one.kind in {"pair", "bridge", "too-large"}
    }
