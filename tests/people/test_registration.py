"""Registering: the same person through any channel, from eight desks at once, is one person."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from people.makers import (
    SEEN,
    at_birth,
    checked,
    deeds_of,
    desk,
    face_of,
    next_name,
    next_number,
    register,
)

from healthcloud import people
from healthcloud.core.db import Database
from healthcloud.core.errors import Forbidden, Problem, Unacceptable
from healthcloud.core.ids import new_id
from healthcloud.people.registration import joining, settle

CARD = people.DocumentForm


async def refused(database: Database, registration: people.Registration, code: str, **how: object) -> None:
    with pytest.raises(Problem) as problem:
        await register(database, registration, **how)  # type: ignore[arg-type]  # the test names register's own keywords
    assert problem.value.code == code


async def test_a_second_registration_finds_the_same_person(database: Database) -> None:
    number, name = next_number(), next_name()
    first = await register(database, checked(name=name, documents=(CARD("01", number),)))
    second = await register(database, checked(name=f" {name[0]}　{name[1:]} ", documents=(CARD("02", number.lower()),)))
    assert first.created
    assert not second.created
    assert second.person_id == first.person_id
    assert await deeds_of(database, first.person_id) == [("people.registered", "done")] * 2


async def test_eight_desks_at_once_register_one_person_each_time(fresh_database: Database) -> None:
    database = fresh_database
    newcomers = [checked() for _ in range(20)]
    answers = await asyncio.gather(*(register(database, one) for _ in range(8) for one in newcomers))
    assert len({answer.person_id for answer in answers}) == len(newcomers)
    assert sum(answer.created for answer in answers) == len(newcomers)


async def test_eight_desks_with_different_documents_of_one_person_register_one(fresh_database: Database) -> None:
    name, number = next_name(), next_number()
    card, passport = CARD("01", number), CARD("03", "E1234567", "CHN")
    ways = [(card, passport), (passport, card), (card,), (CARD("05", number), passport)]
    answers = await asyncio.gather(
        *(register(fresh_database, checked(name=name, documents=way)) for _ in range(2) for way in ways)
    )
    assert len({answer.person_id for answer in answers}) == 1


async def test_an_old_number_and_a_new_one_are_one_person(database: Database) -> None:
    name, number = next_name(), next_number()
    first = await register(database, checked(name=name, documents=(CARD("01", number),)))
    old = number[:6] + number[8:17]
    assert (await register(database, checked(name=name, documents=(CARD("01", old),)))).person_id == first.person_id


@pytest.mark.parametrize("difference", ["name", "sex", "birth_date"])
async def test_other_data_under_one_number_is_refused_without_a_second_person(
    database: Database, difference: str
) -> None:
    passport = CARD("03", f"P{difference.encode().hex()[:8].upper()}", "USA")
    said = {"name": "Ann Lee", "sex": "2", "birth_date": date(1990, 1, 2), "documents": (passport,)}
    first = await register(database, checked(**said))
    other = said | {"name": "Bob Kay"} if difference == "name" else said
    other = other | {"sex": "1"} if difference == "sex" else other
    other = other | {"birth_date": date(1990, 2, 1)} if difference == "birth_date" else other
    with pytest.raises(people.IdentityConflict) as conflict:
        await register(database, checked(**other))
    assert "Ann" not in str(conflict.value.body())
    assert await deeds_of(database, first.person_id) == [
        ("people.registered", "refused"),
        ("people.registered", "done"),
    ]
    assert (await face_of(database, first.person_id)).face.name == "Ann Lee"


async def test_a_second_registration_fills_in_what_was_missing_and_overwrites_nothing(database: Database) -> None:
    clinic = desk()
    number, name = next_number(), next_name()
    bare = checked(name=name, documents=(CARD("01", number),))
    full = checked(
        name=name,
        documents=(CARD("01", number), CARD("03", "E7654321", "CHN")),
        phone="13800000001",
        ethnicity="01",
        local_number="MZ0001",
    )
    other_phone = checked(name=name, documents=(CARD("01", number),), phone="13800000002")
    person = (await register(database, bare)).person_id
    assert not (await register(database, full, caller=clinic, verification=SEEN)).created
    await register(database, other_phone)
    seen = await face_of(database, person, clinic.institution_id)
    assert (seen.face.phone, seen.face.ethnicity, seen.local_number) == ("13800000001", "01", "MZ0001")
    assert seen.level is people.Level.FACE_TO_FACE
    again = await register(
        database, checked(name=name, documents=(CARD("03", "E7654321", "CHN"),), birth_date=full.birth_date)
    )
    assert again.person_id == person
    assert (await face_of(database, person)).level is people.Level.FACE_TO_FACE


async def test_a_correction_at_the_same_moment_is_not_overwritten(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = checked(name="钱一")
    person = (await register(database, known)).person_id
    form = people.CorrectionForm("身份证原件", name="钱壹")
    real, waiting = joining.join, [lambda tx: people.correct(tx, desk(), person, form)]

    async def correct_meanwhile(*arguments: Any) -> Any:
        while waiting:
            await database.transact(waiting.pop())
        return await real(*arguments)

    monkeypatch.setattr(settle, "join", correct_meanwhile)
    with_phone = replace(known, phone="13811112222")
    with pytest.raises(people.IdentityConflict):
        await register(database, with_phone)
    assert (await face_of(database, person)).face.name == "钱壹"
    assert (await register(database, replace(with_phone, name="钱壹"))).person_id == person
    face = (await face_of(database, person)).face
    assert (face.name, face.phone) == ("钱壹", "13811112222")


async def test_documents_of_two_persons_in_one_registration_are_refused(database: Database) -> None:
    one, other = checked(), checked()
    first, second = await register(database, one), await register(database, other)
    both = checked(
        name=one.name,
        documents=(CARD("01", one.documents[0].number), CARD("03", "E1111111", "CHN")),
        birth_date=one.birth_date,
    )
    await register(database, both)
    mixed = people.Registration(one.name, one.sex, one.birth_date, (one.documents[0], other.documents[0]))
    await refused(database, mixed, "document-belongs-to-another")
    assert ("people.registered", "refused") in await deeds_of(database, first.person_id)
    assert second.person_id != first.person_id


async def test_a_refused_registration_leaves_its_other_documents_free(database: Database) -> None:
    known = checked()
    await register(database, known)
    passport = CARD("03", "E2222222", "CHN")
    wrong = people.read_registration(
        people.RegistrationForm(
            "冒名者", documents=(CARD("01", known.documents[0].number), passport), birth_date=known.birth_date
        ),
        date(2026, 11, 23),
    )
    await refused(database, wrong, "identity-conflict")
    assert (await register(database, checked(documents=(passport,), birth_date=date(1990, 1, 1)))).created


async def test_a_phone_number_serves_five_persons_and_also_in_a_race_no_more(fresh_database: Database) -> None:
    wishes = [checked(phone="13900000000") for _ in range(8)]
    answers = await asyncio.gather(*(register(fresh_database, one) for one in wishes), return_exceptions=True)
    problems = [answer for answer in answers if isinstance(answer, Problem)]
    assert [problem.code for problem in problems] == ["phone-has-too-many-persons"] * 3
    late = wishes[answers.index(problems[0])]
    assert (
        await register(fresh_database, people.Registration(late.name, late.sex, late.birth_date, late.documents))
    ).created


async def test_a_patient_number_belongs_to_one_person_of_its_institution(database: Database) -> None:
    clinic, other_clinic = desk(), desk()
    holder = checked(local_number="A1")
    first = await register(database, holder, caller=clinic)
    await register(database, holder, caller=clinic)
    await refused(database, checked(local_number="A1"), "local-number-taken", caller=clinic)
    second = await register(database, checked(local_number="A1"), caller=other_clinic)
    assert ("people.registered", "refused") in await deeds_of(database, first.person_id)
    assert (await face_of(database, first.person_id, clinic.institution_id)).local_number == "A1"
    assert (await face_of(database, first.person_id, other_clinic.institution_id)).local_number is None
    assert (await face_of(database, second.person_id, other_clinic.institution_id)).local_number == "A1"


async def test_who_belongs_to_no_institution_has_no_patient_numbers(database: Database) -> None:
    city = replace(desk(), institution_id=None)
    with pytest.raises(Unacceptable):
        await register(database, checked(local_number="A1"), caller=city)


async def test_without_the_scope_nobody_registers(database: Database) -> None:
    with pytest.raises(Forbidden):
        await register(database, caller=desk(None, "cards.verify"))


async def test_a_newborn_registers_once_by_mother_day_and_order(database: Database) -> None:
    mother = await register(
        database, checked(name="王芳", documents=(CARD("01", next_number(male=False, born=date(1998, 3, 4))),))
    )
    birth = at_birth(mother.person_id, of_several=True, order=1)
    first = await register(database, checked(name=None, sex="2", documents=(), birth=birth))
    again = await register(database, checked(name="王小雨", sex="2", documents=(), birth=birth))
    twin = await register(
        database, checked(name=None, sex="1", documents=(), birth=at_birth(mother.person_id, of_several=True, order=2))
    )
    assert (first.created, again.created, twin.created) == (True, False, True)
    assert again.person_id == first.person_id
    assert (await face_of(database, first.person_id)).face.name == "王芳之女甲"
    assert (await face_of(database, twin.person_id)).face.name == "王芳之子乙"
    assert ("people.child-registered", "done") in await deeds_of(database, mother.person_id)
    await refused(database, checked(name=None, sex="1", documents=(), birth=birth), "identity-conflict")


async def test_a_newborn_with_a_certificate_is_the_one_registered_without(database: Database) -> None:
    mother = await register(database, checked(documents=(CARD("01", next_number(male=False, born=date(1998, 3, 4))),)))
    birth = at_birth(mother.person_id)
    first = await register(database, checked(name=None, sex="1", documents=(), birth=birth))
    certificate = CARD("08", "T370000001")
    named = await register(database, checked(name="王小雨", sex="1", documents=(certificate,), birth=birth))
    assert named.person_id == first.person_id
    assert (await face_of(database, first.person_id)).face.document_number == "T370000001"
    later = checked(name="王芳之子", sex="1", documents=(certificate,), birth_date=birth.born_at.date())
    seen = await face_of(database, first.person_id)
    later = people.Registration(seen.face.name, later.sex, later.birth_date, later.documents)
    assert (await register(database, later)).person_id == first.person_id


async def test_eight_desks_register_one_newborn_once(fresh_database: Database) -> None:
    mother = await register(
        fresh_database, checked(documents=(CARD("01", next_number(male=False, born=date(1998, 3, 4))),))
    )
    child = checked(name=None, sex="1", documents=(), birth=at_birth(mother.person_id))
    answers = await asyncio.gather(*(register(fresh_database, child) for _ in range(8)))
    assert len({answer.person_id for answer in answers}) == 1


@pytest.mark.parametrize("who", ["nobody", "a man", "too young", "withdrawn"])
async def test_a_birth_needs_a_mother_who_can_be(database: Database, who: str) -> None:
    number = next_number(male=who == "a man", born=date(2020 if who == "too young" else 1995, 1, 1))
    mother = await register(database, checked(documents=(CARD("01", number),)))
    mother_id = new_id() if who == "nobody" else mother.person_id
    if who == "withdrawn":
        await database.transact(lambda tx: people.withdraw_person(tx, desk(), mother_id, "开错人"))
    born = datetime(2026, 11, 1, tzinfo=UTC)
    await refused(database, checked(name=None, documents=(), birth=at_birth(mother_id, born)), "mother-not-found")
