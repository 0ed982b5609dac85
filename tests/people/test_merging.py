"""Merging: two registrations of one person resolve to one and can be parted again, nothing of either rewritten."""

from typing import Any
from uuid import UUID

import asyncpg
import pytest
from people.makers import POLICY, a_person, a_woman, at_birth, checked, deeds_of, desk, face_of, register, resident

from healthcloud import people
from healthcloud.core.caller import Caller
from healthcloud.core.db import Database
from healthcloud.core.errors import Problem
from healthcloud.core.ids import new_id


async def merge(database: Database, person: UUID, into: UUID) -> UUID:
    return await database.transact(lambda tx: people.merge_persons(tx, desk(), person, into, "同一人，两证"))


async def unmerge(database: Database, person: UUID) -> None:
    await database.transact(lambda tx: people.unmerge_persons(tx, desk(), person))


async def state_of(owner_url: str) -> list[list[tuple[Any, ...]]]:
    connection = await asyncpg.connect(owner_url)
    try:
        rows = await connection.fetch("SELECT id, canonical_id, grouped FROM people.persons ORDER BY id")
        members = await connection.fetch("SELECT * FROM people.canonical_members ORDER BY 1, 2")
        return [[tuple(row) for row in rows], [tuple(row) for row in members]]
    finally:
        await connection.close()


async def test_a_merged_person_is_met_as_the_one_they_resolve_to(database: Database) -> None:
    clinic = desk()
    one = (await register(database, checked(name="张三", local_number="A"), caller=clinic)).person_id
    other = (await register(database, checked(name="张三丰", local_number="B"), caller=clinic)).person_id
    assert await merge(database, one, other) == other
    for person in (one, other):
        seen = await face_of(database, person, clinic.institution_id)
        assert (seen.person_id, seen.canonical_id, seen.face.name) == (person, other, "张三丰")
        assert seen.local_number == "B"
        async with database.read() as read:
            assert await people.canonical_of(read, person) == other
    await unlink_b(database, clinic, other)
    assert (await face_of(database, one, clinic.institution_id)).local_number == "A"
    assert (await deeds_of(database, one))[0] == ("people.merged", "done")


async def unlink_b(database: Database, clinic: Caller, person: UUID) -> None:
    await database.transact(lambda tx: people.patient_numbers.unlink_local_number(tx, clinic, person, "B"))


async def test_a_merge_and_its_undoing_restore_everything(fresh_database: Database, owner_of: str) -> None:
    ids = [await a_person(fresh_database) for _ in range(4)]

    async def check_members() -> None:
        persons, members = await state_of(owner_of)
        assert members == sorted((canonical, person) for person, canonical, grouped in persons if grouped)

    states = [await state_of(owner_of)]
    for person, into in ((0, 1), (2, 3), (1, 3)):
        await merge(fresh_database, ids[person], ids[into])
        states.append(await state_of(owner_of))
        await check_members()
    for person in (0, 2, 1):
        assert (await face_of(fresh_database, ids[person])).canonical_id == ids[3]
    for person, before in ((0, 2), (2, 1), (0, 0)):
        await unmerge(fresh_database, ids[person])
        assert await state_of(owner_of) == states[before]


async def test_registering_either_again_finds_the_canonical_person(database: Database) -> None:
    first, second = checked(name="李四"), checked(name="李四")
    one, other = (await register(database, first)).person_id, (await register(database, second)).person_id
    await merge(database, one, other)
    second_look = people.Registration(first.name, second.sex, second.birth_date, (*first.documents, *second.documents))
    assert (await register(database, second_look)).person_id == other
    found = await database.transact(
        lambda tx: people.find_by_document(tx, desk(), people.DocumentForm("01", first.documents[0].number))
    )
    assert found.person_id == other


async def test_a_newborn_is_one_whichever_registration_of_its_mother_is_named(database: Database) -> None:
    mother, again = await a_woman(database), await a_woman(database)
    child = checked(name=None, sex="1", documents=(), birth=at_birth(mother))
    first = await register(database, child)
    await merge(database, mother, again)
    for known_as in (mother, again):
        birth = checked(name=None, sex="1", documents=(), birth=at_birth(known_as))
        assert (await register(database, birth)).person_id == first.person_id


async def test_an_account_and_a_grant_follow_the_merge(database: Database) -> None:
    one, other, keeper = [await a_person(database) for _ in range(3)]
    terms = people.grants.read_terms("child", ["card"], None, database.clock.now().date())
    await database.transact(lambda tx: people.grants.grant_at_counter(tx, desk(), one, keeper, terms, "到场", POLICY))
    me = resident(one)
    await database.transact(lambda tx: people.accounts.attach_account(tx, desk(), one, me.account_id))
    await merge(database, one, other)
    async with database.read() as read:
        assert await people.accounts.person_of_account(read, me.account_id) == other
        assert await people.may_act_for(read, resident(keeper), other, "card")
        assert await people.may_act_for(read, me, other, "card")


async def test_what_cannot_be_merged_or_parted(database: Database) -> None:
    one, other, gone = [await a_person(database) for _ in range(3)]
    await database.transact(lambda tx: people.withdraw_person(tx, desk(), gone, "开错"))
    for person, into, code in (
        (one, one, "merge-refused"),
        (one, gone, "person-gone"),
        (one, new_id(), "person-not-found"),
    ):
        with pytest.raises(Problem) as refused:
            await merge(database, person, into)
        assert refused.value.code == code
    with pytest.raises(Problem) as never:
        await unmerge(database, one)
    assert never.value.code == "merge-refused"
    await merge(database, one, other)
    with pytest.raises(Problem) as linked:
        await database.transact(lambda tx: people.withdraw_person(tx, desk(), other, "开错"))
    assert linked.value.code == "person-linked"
