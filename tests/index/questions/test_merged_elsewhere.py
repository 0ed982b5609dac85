"""Two registrations linked, or parted, at people's own desk: the queue hears of it."""

from uuid import UUID

from index.questions.working import queue, settle
from index.records.hospitals import hand_in_one, hospital
from people.makers import checked, desk, register

from healthcloud import people
from healthcloud.core.db import Database
from healthcloud.index import Outcome
from healthcloud.index.matching import Written
from healthcloud.index.questions import Kind


async def asked_to_merge(database: Database) -> tuple[UUID, UUID]:
    """Return whom a hospital spoke of without a number, and the same registered at a counter: a merge is asked."""
    known = checked(phone="13800000041")
    written = Written(known.name, known.sex, str(known.birth_date), phone=known.phone)
    first = await hand_in_one(database, hospital(), written)
    registered = await register(database, known)
    await settle(database)
    assert (first.outcome, [one.kind for one in await queue(database)]) == (Outcome.NEW, [Kind.MERGE])
    assert first.person_id is not None
    return first.person_id, registered.person_id


async def test_a_merge_at_the_desk_closes_the_question_and_its_undoing_asks_again(fresh_database: Database) -> None:
    first, registered = await asked_to_merge(fresh_database)
    asked = [one.id for one in await queue(fresh_database)]
    clerk, merge = desk(), people.merge_persons
    await fresh_database.transact(lambda tx: merge(tx, clerk, first, registered, "核对两份登记为同一人"))
    await settle(fresh_database)
    assert await queue(fresh_database) == []
    await fresh_database.transact(lambda tx: people.unmerge_persons(tx, clerk, first))
    await settle(fresh_database)
    assert [one.id for one in await queue(fresh_database)] == asked


async def test_a_record_that_waited_for_two_is_placed_once_they_are_one(fresh_database: Database) -> None:
    first, registered = await asked_to_merge(fresh_database)
    async with fresh_database.read() as read:
        face = (await people.faces(read, None, [registered]))[registered].face
    written = Written(face.name, face.sex, str(face.birth_date), phone=face.phone)
    third = await hand_in_one(fresh_database, hospital(), written)
    assert third.outcome is Outcome.REVIEW
    clerk, merge = desk(), people.merge_persons
    await fresh_database.transact(lambda tx: merge(tx, clerk, first, registered, "核对两份登记为同一人"))
    await settle(fresh_database)
    assert await queue(fresh_database) == []
