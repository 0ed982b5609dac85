"""Faces: many at once as one institution meets them; opened only by deed; a miss and a refusal look alike."""

import asyncio
import time

import asyncpg
import pytest
from people.makers import a_person, checked, deeds_of, desk, face_of, register, resident

from healthcloud import people
from healthcloud.core.crypto import SealBroken
from healthcloud.core.db import Database
from healthcloud.core.errors import Problem
from healthcloud.core.ids import new_id


async def test_many_faces_come_at_once_and_who_does_not_exist_is_left_out(database: Database) -> None:
    clinic = desk()
    wishes = [checked(local_number=f"N{place}") for place in range(20)]
    ids = [(await register(database, one, caller=clinic)).person_id for one in wishes]
    async with database.read() as read:
        seen = await people.faces(read, clinic.institution_id, [*ids, ids[0], new_id()])
    assert set(seen) == set(ids)
    for place, person in enumerate(ids):
        assert seen[person].face.name == wishes[place].name
        assert seen[person].local_number == f"N{place}"
        assert seen[person].canonical_id == person
        assert seen[person].state is people.PersonState.ALIVE


async def test_a_face_is_sealed_for_its_own_row(database: Database, owner_url: str) -> None:
    one, other = await a_person(database), await a_person(database)
    connection = await asyncpg.connect(owner_url)
    sql = "UPDATE people.persons SET face_sealed = (SELECT face_sealed FROM people.persons WHERE id = $2) WHERE id = $1"
    await connection.execute(sql, one, other)
    await connection.close()
    with pytest.raises(SealBroken):
        await face_of(database, one)


async def test_nothing_of_a_person_stands_in_the_tables_in_clear(database: Database, owner_url: str) -> None:
    registration = checked(name="欧阳不在库", phone="13812345678", local_number="HIS-1")
    await register(database, registration, caller=desk())
    connection = await asyncpg.connect(owner_url)
    told = ""
    for row in await connection.fetch(
        "SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('people', 'audit', 'core')"
    ):
        rows = await connection.fetch(f"SELECT t::text FROM {row[0]}.{row[1]} t")
        told += "".join(one[0] for one in rows)
    await connection.close()
    assert "HIS-1" in told
    for secret in ("欧阳不在库", "13812345678", registration.documents[0].number):
        assert secret not in told
        assert secret.encode().hex() not in told


async def test_unsealing_a_face_takes_microseconds(database: Database) -> None:
    ids = await asyncio.gather(*(a_person(database) for _ in range(50)))
    async with database.read() as read:
        await people.faces(read, None, ids)
        started = time.perf_counter()
        for _ in range(10):
            await people.faces(read, None, ids)
        spent = (time.perf_counter() - started) / 500
    assert spent < 200e-6  # 12 µs of it Python on an idle machine; the rest is the database


async def test_opening_somebodys_data_is_a_deed_with_a_reason(database: Database) -> None:
    person = await a_person(database)
    doctor = desk(None, "people.open")
    seen = await database.transact(lambda tx: people.open_person(tx, doctor, person, " 核对 就诊人 "))
    assert seen.face.document_number
    assert (await deeds_of(database, person))[0] == ("people.opened", "done")


@pytest.mark.parametrize("reason", [None, " ", "x" * 201])
async def test_without_a_reason_nothing_is_opened(database: Database, reason: str | None) -> None:
    person = await a_person(database)
    with pytest.raises(Problem) as refused:
        await database.transact(lambda tx: people.open_person(tx, desk(None, "people.open"), person, reason))
    assert refused.value.code == "reason-needed"


async def test_own_data_needs_no_reason_and_leaves_no_line(database: Database) -> None:
    person = await a_person(database)
    before = await deeds_of(database, person)
    seen = await database.transact(lambda tx: people.open_person(tx, resident(person), person))
    assert seen.person_id == person
    assert await deeds_of(database, person) == before


async def test_a_miss_and_a_refusal_look_alike_and_the_refusal_is_kept(database: Database) -> None:
    person, stranger = await a_person(database), await a_person(database)
    bodies = []
    for caller in (resident(stranger), desk(None, "cards.verify")):
        for asked in (person, new_id()):
            with pytest.raises(Problem) as refused:
                await database.transact(lambda tx, c=caller, a=asked: people.open_person(tx, c, a, "看看"))  # type: ignore[misc]
            bodies.append(refused.value.body())
    assert all(body == bodies[0] for body in bodies)
    assert (await deeds_of(database, person)).count(("people.opened", "refused")) == 2


async def test_a_clerk_finds_somebody_by_document_masked_and_they_can_read_it(database: Database) -> None:
    clinic = desk()
    registration = checked(local_number="H-77", phone="13800000077")
    person = (await register(database, registration, caller=clinic)).person_id
    document = people.DocumentForm("02", registration.documents[0].number)
    found = await database.transact(lambda tx: people.find_by_document(tx, clinic, document))
    assert (found.person_id, found.local_number) == (person, "H-77")
    assert found.face.phone == "138****0077"
    assert "*" in found.face.name
    assert (await deeds_of(database, person))[0] == ("people.looked-up", "done")


async def test_whom_nobody_registered_is_not_found(database: Database) -> None:
    for document, code in (("370402190001010015", "person-not-found"), ("370402190001010014", "unacceptable")):
        with pytest.raises(Problem) as missed:
            await database.transact(
                lambda tx, d=document: people.find_by_document(tx, desk(), people.DocumentForm("01", d))  # type: ignore[misc]
            )
        assert missed.value.code == code
