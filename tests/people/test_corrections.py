"""Corrections: right at the next look, kept before and after, evidenced; another's document is never taken."""

from datetime import date
from uuid import UUID

import asyncpg
import pytest
from people.makers import (
    a_person,
    announced,
    at_birth,
    checked,
    deeds_of,
    desk,
    face_of,
    next_number,
    register,
    resident,
    waiting_jobs,
)

from healthcloud import people
from healthcloud.core.caller import Caller
from healthcloud.core.db import Database
from healthcloud.core.errors import Problem
from healthcloud.people.seen.model import unpack

CARD = people.DocumentForm
SEEN = "居民身份证原件"


async def correct(database: Database, person: UUID, **changes: object) -> int:
    form = people.CorrectionForm(evidence=str(changes.pop("evidence", SEEN)), **changes)  # type: ignore[arg-type]  # a test names the fields
    return await database.transact(lambda tx: people.correct(tx, desk(), person, form))


async def refused(database: Database, person: UUID, code: str, **changes: object) -> Problem:
    with pytest.raises(Problem) as problem:
        await correct(database, person, **changes)
    assert problem.value.code == code
    return problem.value


async def test_a_corrected_name_is_seen_at_the_next_look(fresh_database: Database, owner_of: str) -> None:
    person = await a_person(fresh_database, name="王小眀")
    assert await correct(fresh_database, person, name="王小明") == 2
    seen = await face_of(fresh_database, person)
    assert seen.face.name == "王小明"
    assert seen.level is people.Level.FACE_TO_FACE
    assert await deeds_of(fresh_database, person) == [("people.corrected", "done"), ("people.registered", "done")]
    assert "people.person-corrected" in await announced(owner_of)
    assert await waiting_jobs(fresh_database, "people.recheck") == 1


async def test_the_history_is_sealed_and_shows_before_and_after(fresh_database: Database, owner_of: str) -> None:
    person = await a_person(fresh_database, name="李雷雷")
    await correct(fresh_database, person, name="李雷")
    connection = await asyncpg.connect(owner_of)
    row = await connection.fetchrow("SELECT * FROM people.corrections")
    await connection.close()
    assert row
    place = person.bytes + row["id"].bytes
    opened = [
        unpack(fresh_database.vault.open("people.history", place + side, row[f"{side.decode()}_sealed"]))
        for side in (b"before", b"after")
    ]
    assert [face.name for face in opened] == ["李雷雷", "李雷"]
    assert (row["fields"], row["evidence"], row["version"]) == (["name"], SEEN, 2)


async def test_a_mistyped_number_is_free_for_its_holder(database: Database) -> None:
    wrong, right = next_number(), next_number()
    person = await a_person(database, documents=(CARD("01", wrong),))
    await correct(database, person, document=CARD("01", right))
    seen = await face_of(database, person)
    assert seen.face.document_number == right
    holder = await register(database, checked(documents=(CARD("01", wrong),)))
    assert holder.created
    assert (await register(database, checked(name=seen.face.name, documents=(CARD("01", right),)))).person_id == person


async def test_a_former_number_goes_on_finding_its_person(database: Database) -> None:
    old, new = next_number(), next_number()
    registration = checked(documents=(CARD("01", old),))
    person = (await register(database, registration)).person_id
    await correct(database, person, document=CARD("01", new), mistyped=False)
    face = (await face_of(database, person)).face
    found = await database.transact(lambda tx: people.find_by_document(tx, desk(), CARD("01", old)))
    assert found.person_id == person
    assert face.document_number == new
    assert await correct(database, person, document=CARD("01", old), mistyped=False) == 3
    assert (await face_of(database, person)).face.document_number == old


async def test_sex_and_birth_date_follow_a_corrected_number(database: Database) -> None:
    person = await a_person(database, documents=(CARD("01", next_number(male=True)),))
    woman = next_number(male=False, born=date(1901, 2, 3))
    await correct(database, person, document=CARD("01", woman))
    face = (await face_of(database, person)).face
    assert (face.sex, face.birth_date) == ("2", date(1901, 2, 3))


async def test_a_sex_or_birth_date_against_the_number_is_refused(database: Database) -> None:
    person = await a_person(database, documents=(CARD("01", next_number(male=True)),))
    for changes, pointer in (({"sex": "2"}, "#/sex"), ({"birth_date": date(1950, 1, 1)}, "#/birth_date")):
        problem = await refused(database, person, "unacceptable", **changes)
        assert [fault.pointer for fault in problem.faults] == [pointer]


async def test_another_persons_document_is_never_taken(database: Database) -> None:
    number = next_number()
    owner = await a_person(database, documents=(CARD("01", number),))
    person = await a_person(database)
    before = await face_of(database, person)
    await refused(database, person, "document-belongs-to-another", document=CARD("01", number))
    assert await face_of(database, person) == before
    assert ("people.corrected", "refused") in await deeds_of(database, owner)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, "nothing-to-correct"),
        ({"name": "张\ue000"}, "unacceptable"),
        ({"name": "新名字", "evidence": " "}, "unacceptable"),
        ({"name": "新名字", "version": 7}, "person-changed"),
        ({"document": CARD("01", "370402190001010014")}, "unacceptable"),
        ({"ethnicity": "99"}, "unacceptable"),
    ],
)
async def test_what_cannot_be_corrected_changes_nothing(
    database: Database, changes: dict[str, object], code: str
) -> None:
    person = await a_person(database)
    before = await face_of(database, person)
    await refused(database, person, code, **changes)
    assert await face_of(database, person) == before


async def test_a_correction_needs_its_scope(database: Database) -> None:
    person = await a_person(database)
    with pytest.raises(Problem) as forbidden:
        await database.transact(
            lambda tx: people.correct(
                tx, desk(None, "people.register"), person, people.CorrectionForm(SEEN, name="别名")
            )
        )
    assert forbidden.value.code == "forbidden"


async def test_a_phone_number_is_changed_by_its_owner_and_by_nobody_else(database: Database) -> None:
    person, stranger = await a_person(database, phone="13700000001"), await a_person(database)
    policy = people.Policy(persons_per_phone=1)

    async def change(caller: Caller, phone: str | None) -> None:
        await database.transact(lambda tx: people.contacts.change_phone(tx, caller, person, phone, policy))

    await change(resident(person), "+86 137 0000 0002")
    assert (await face_of(database, person)).face.phone == "13700000002"
    for caller, phone, code in (
        (resident(stranger), "13700000003", "person-not-found"),
        (desk(None, "cards.verify"), "13700000003", "forbidden"),
        (resident(person), "123", "unacceptable"),
    ):
        with pytest.raises(Problem) as problem:
            await change(caller, phone)
        assert problem.value.code == code
    assert ("people.contact-changed", "refused") in await deeds_of(database, person)
    await register(database, checked(phone="13700000001"), policy=policy)
    with pytest.raises(Problem) as full:
        await change(resident(person), "13700000001")
    assert full.value.code == "phone-has-too-many-persons"
    await change(desk(), None)
    assert (await face_of(database, person)).face.phone is None
    assert (await register(database, checked(phone="13700000002"), policy=policy)).created


async def test_a_child_without_a_document_gets_one_and_stays_who_it_is(database: Database) -> None:
    mother = await a_person(database, documents=(CARD("01", next_number(male=False, born=date(1996, 5, 1))),))
    child = await a_person(database, name=None, sex="1", documents=(), birth=at_birth(mother))
    certificate = people.read_registration(
        people.RegistrationForm("某", documents=(CARD("08", "T370000009"),), birth_date=date(2026, 11, 20)),
        date(2026, 11, 23),
    ).documents[0]
    await database.transact(lambda tx: people.add_document(tx, desk(), child, certificate))
    await database.transact(lambda tx: people.add_document(tx, desk(), child, certificate))
    seen = await face_of(database, child)
    assert (seen.face.document_kind, seen.face.document_number) == ("08", "T370000009")
    other = await a_person(database)
    with pytest.raises(Problem) as taken:
        await database.transact(lambda tx: people.add_document(tx, desk(), other, certificate))
    assert taken.value.code == "document-belongs-to-another"


async def test_a_document_of_somebody_of_another_age_is_not_added(database: Database) -> None:
    person = await a_person(database, documents=(CARD("03", "E3333333", "CHN"),), birth_date=date(1990, 1, 1), sex="1")
    card = people.read_registration(
        people.RegistrationForm("某", documents=(CARD("01", next_number(born=date(1991, 1, 1))),)), date(2026, 11, 23)
    ).documents[0]
    with pytest.raises(people.IdentityConflict):
        await database.transact(lambda tx: people.add_document(tx, desk(), person, card))
    assert (await deeds_of(database, person))[0] == ("people.document-added", "refused")
