"""Building the index over the persons there already: everybody once, however often, and found by the next hospital."""

from functools import partial
from uuid import UUID

from index.records.hospitals import hand_in_one, hospital
from people.makers import checked, register

from healthcloud import index
from healthcloud.core.caller import SYSTEM
from healthcloud.core.db import Database
from healthcloud.index import Outcome
from healthcloud.index.matching import Written

FIRST = UUID(int=0)


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
