"""Building the index over the persons there already: everybody once, however often, and found by the next hospital."""

from datetime import timedelta
from functools import partial
from uuid import UUID

from index.records.hospitals import hand_in_one, hospital, patient
from people.makers import checked, register

from healthcloud import index
from healthcloud.core.caller import SYSTEM
from healthcloud.core.db import Database
from healthcloud.index import Outcome
from healthcloud.index.matching import Written
from healthcloud.index.questions import store as questions
from healthcloud.index.records import store

FIRST, LAST = UUID(int=0), UUID(int=(1 << 128) - 1)


async def built(database: Database) -> tuple[int, int]:
    """Build over the first range; return how many persons there are, and how many were added."""
    async with database.read() as read:
        upto = await index.building.next_range(read, FIRST)
        assert upto is not None
        assert await index.building.next_range(read, upto) is None
    return await database.transact(partial(index.building.build, caller=SYSTEM, after=FIRST, upto=upto))


async def test_everybody_is_indexed_once_and_found(fresh_database: Database) -> None:
    known = [checked(phone="13800000031") for _ in range(3)]
    persons = [(await register(fresh_database, one)).person_id for one in known]
    assert await built(fresh_database) == (3, 3)
    assert await built(fresh_database) == (3, 0)
    later = (await register(fresh_database, checked())).person_id
    assert await built(fresh_database) == (4, 1)
    one = known[1]
    written = Written(one.name, one.sex, str(one.birth_date), phone="13800000031")
    answer = await hand_in_one(fresh_database, hospital(), written)
    assert (answer.outcome, answer.person_id) == (Outcome.LINKED, persons[1])
    async with fresh_database.read() as read:
        [own] = await index.records_of(read, later)
    assert (own.source_id, own.id, own.number) == (index.CITY, later, "")


async def test_who_is_built_after_a_hospital_spoke_is_compared_with_what_it_said(fresh_database: Database) -> None:
    """Given a patient without a number, when the city's register is built after, then people are asked of the two."""
    known = checked(phone="13800000032")
    written = Written(known.name, known.sex, str(known.birth_date), phone="13800000032")
    first = await hand_in_one(fresh_database, hospital(), written)
    person_id = (await register(fresh_database, known)).person_id
    assert await built(fresh_database) == (2, 2)
    await compared(fresh_database)
    assert await merges_asked(fresh_database, person_id) == [{person_id, first.person_id}]


async def test_who_spoke_while_a_range_was_written_is_compared_after_it(fresh_database: Database) -> None:
    """Given a range written before a hospital spoke, when it is looked at after its commit, then they are compared."""
    known = checked(phone="13800000033")
    person_id = (await register(fresh_database, known)).person_id
    since = fresh_database.clock.now()
    assert await built(fresh_database) == (1, 1)
    look = partial(index.building.compare_built, caller=SYSTEM, after=FIRST, upto=LAST, since=since)
    await fresh_database.transact(look)
    assert await waiting(fresh_database) == []
    await hand_in_one(fresh_database, hospital(), patient())
    await fresh_database.transact(look)
    assert await waiting(fresh_database) == [person_id]
    await compared(fresh_database)
    assert await waiting(fresh_database) == []


async def waiting(database: Database) -> list[UUID]:
    async with database.read() as read:
        return await store.waiting(read, database.clock.now() + timedelta(days=1), 10)


async def compared(database: Database) -> None:
    """Place what waits, as the sweep does."""
    await index.place(database, await waiting(database))


async def merges_asked(database: Database, record_id: UUID) -> list[set[UUID]]:
    """Return the persons of each open question of a merge about a record."""
    async with database.read() as read:
        ids = await questions.questions_about(read, [record_id])
        found = [await questions.question(read, one) for one in ids]
    return [set(one.person_ids) for one in found if one is not None and (one.kind, one.state) == ("merge", "open")]
