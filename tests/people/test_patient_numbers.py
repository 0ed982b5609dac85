"""Patient numbers: one person each, linked, refused, unlinked, with their history."""

import asyncio

import asyncpg
import pytest
from people.makers import a_person, deeds_of, desk, face_of

from healthcloud import people
from healthcloud.core.db import Database
from healthcloud.core.errors import Problem

numbers = people.patient_numbers


async def test_a_number_is_linked_once_and_unlinked(fresh_database: Database, owner_of: str) -> None:
    database, clinic = fresh_database, desk()
    person = await a_person(database)
    assert clinic.institution_id
    for _ in range(2):
        await database.transact(lambda tx: numbers.link_local_number(tx, clinic, person, " P-1 "))
    assert (await face_of(database, person, clinic.institution_id)).local_number == "P-1"
    async with database.read() as read:
        assert await numbers.owner_of_number(read, clinic.institution_id, "P-1") == person
    await database.transact(lambda tx: numbers.unlink_local_number(tx, clinic, person, "P-1"))
    assert (await face_of(database, person, clinic.institution_id)).local_number is None
    connection = await asyncpg.connect(owner_of)
    history = await connection.fetch("SELECT what FROM people.local_number_history ORDER BY id")
    await connection.close()
    assert [row[0] for row in history] == ["linked", "unlinked"]


async def test_the_newest_number_is_shown(database: Database) -> None:
    clinic, person = desk(), await a_person(database)
    for number in ("OLD", "NEW"):
        await database.transact(lambda tx, n=number: numbers.link_local_number(tx, clinic, person, n))  # type: ignore[misc]
    assert (await face_of(database, person, clinic.institution_id)).local_number == "NEW"


async def test_anothers_number_is_refused_and_its_owner_can_read_that(database: Database) -> None:
    clinic, owner, other = desk(), await a_person(database), await a_person(database)
    await database.transact(lambda tx: numbers.link_local_number(tx, clinic, owner, "TAKEN"))
    with pytest.raises(Problem) as taken:
        await database.transact(lambda tx: numbers.link_local_number(tx, clinic, other, "TAKEN"))
    assert taken.value.code == "local-number-taken"
    assert (await deeds_of(database, owner))[0] == ("people.number-linked", "refused")


async def test_of_two_desks_linking_one_number_to_two_persons_one_is_refused(database: Database) -> None:
    clinic, persons = desk(), [await a_person(database) for _ in range(2)]
    answers = await asyncio.gather(
        *(database.transact(lambda tx, p=p: numbers.link_local_number(tx, clinic, p, "RACE")) for p in persons),  # type: ignore[misc]
        return_exceptions=True,
    )
    assert [type(answer).__name__ for answer in answers if answer] == ["LocalNumberTaken"]


async def test_what_is_not_linked_cannot_be_unlinked(database: Database) -> None:
    person = await a_person(database)
    for caller, number, code in (
        (desk(), "NEVER", "local-number-not-found"),
        (desk(), "a b", "unacceptable"),
        (desk(None, "people.open"), "NEVER", "forbidden"),
    ):
        with pytest.raises(Problem) as problem:
            await database.transact(lambda tx, c=caller, n=number: numbers.unlink_local_number(tx, c, person, n))  # type: ignore[misc]
        assert problem.value.code == code
