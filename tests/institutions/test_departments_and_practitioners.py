"""Departments and practitioners are entered once; a practitioner is one person at every institution."""

import asyncio
from dataclasses import replace
from datetime import date
from functools import partial
from uuid import UUID

import pytest
from institutions.entering import MANAGER, staff_of, wish, ws218

from healthcloud import institutions
from healthcloud.core.db import Database
from healthcloud.core.errors import Forbidden
from healthcloud.core.ids import new_id
from healthcloud.institutions import codes, departments, practitioners
from healthcloud.institutions.departments import errors as department_errors
from healthcloud.institutions.errors import InstitutionUnknown, ParticularsWrong
from healthcloud.institutions.practitioners import errors

LUNGS = departments.DepartmentWish("HX", "呼吸内科", "0301")
_licences = iter(f"1103704{n:08d}" for n in range(1, 1000))


def doctor(**said: object) -> practitioners.PractitionerWish:
    told = {"name": "钱演示", "staff_number": "0001", "started_on": date(2020, 1, 1), "title_code": "233"} | said
    return practitioners.PractitionerWish(**told)  # type: ignore[arg-type]  # a test's own words


async def added(city: Database, hospital: UUID, one: practitioners.PractitionerWish) -> UUID:
    return await city.transact(lambda tx: practitioners.add_practitioner(tx, MANAGER, hospital, one))


async def another(city: Database) -> UUID:
    one = wish(("ws218", ws218()), name="另一医院（演示）")
    return (await city.transact(lambda tx: institutions.open_institution(tx, MANAGER, one))).institution_id


async def test_a_department_is_added_once_however_many_try(city: Database, hospital: UUID) -> None:
    pharmacy = departments.DepartmentWish("YF", "药房", "5400")
    done = await asyncio.gather(
        *(
            city.transact(lambda tx: departments.add_departments(tx, MANAGER, {hospital: [LUNGS, pharmacy]}))
            for _ in range(4)
        )
    )
    assert len({one.id for each in done for one in each[hospital]}) == 2
    assert [one.code for one in done[0][hospital]] == ["HX", "YF"]
    with pytest.raises(department_errors.DepartmentTaken):
        await city.transact(
            lambda tx: departments.add_departments(tx, MANAGER, {hospital: [replace(LUNGS, name="心内科")]})
        )


async def test_a_department_has_its_rules(city: Database, hospital: UUID) -> None:
    for wrong, problem in (
        (replace(LUNGS, standard_code="9999"), codes.CodeUnknown),
        (replace(LUNGS, name=""), ParticularsWrong),
    ):
        with pytest.raises(problem):
            await city.transact(partial(departments.add_departments, caller=MANAGER, wishes={hospital: [wrong]}))
    with pytest.raises(InstitutionUnknown):
        await city.transact(lambda tx: departments.add_departments(tx, MANAGER, {new_id(): [LUNGS]}))
    with pytest.raises(Forbidden):
        await city.transact(lambda tx: departments.add_departments(tx, staff_of(new_id()), {hospital: [LUNGS]}))


async def test_a_closed_department_takes_nobody(city: Database, hospital: UUID) -> None:
    own = staff_of(hospital)
    one = (await city.transact(lambda tx: departments.add_departments(tx, own, {hospital: [LUNGS]})))[hospital][0]
    await city.transact(lambda tx: departments.close_department(tx, own, hospital, one.id))
    with pytest.raises(department_errors.DepartmentUnknown):
        await added(city, hospital, doctor(department_id=one.id))
    with pytest.raises(department_errors.DepartmentUnknown):
        await city.transact(lambda tx: departments.close_department(tx, own, hospital, one.id))


async def test_a_licence_tells_one_practitioner_at_every_institution(city: Database, hospital: UUID) -> None:
    licence = next(_licences)
    here = await added(city, hospital, doctor(licence_number=licence))
    there = await added(city, await another(city), doctor(licence_number=f" {licence} ", staff_number="77"))
    assert here == there
    assert await added(city, hospital, doctor(licence_number=licence)) == here
    with pytest.raises(errors.LicenceTaken):
        await added(city, hospital, doctor(licence_number=licence, name="赵演示", staff_number="0002"))
    with pytest.raises(errors.StaffNumberTaken):
        await added(city, hospital, doctor(licence_number=licence, staff_number="0003"))


async def test_eight_desks_enter_one_practitioner_once(city: Database, hospital: UUID) -> None:
    licensed, nurse = doctor(licence_number=next(_licences)), doctor(staff_number="N1", name="孙演示")
    for one in (licensed, nurse):
        done = await asyncio.gather(*(added(city, hospital, one) for _ in range(8)))
        assert len(set(done)) == 1
    async with city.read() as read:
        assert len(await practitioners.practitioners_of(read, hospital)) == 2


async def test_a_staff_number_is_one_persons(city: Database, hospital: UUID) -> None:
    await added(city, hospital, doctor())
    with pytest.raises(errors.StaffNumberTaken):
        await added(city, hospital, doctor(name="李演示"))
    with pytest.raises(errors.StaffNumberTaken):
        await added(city, hospital, doctor(licence_number=next(_licences)))
    with pytest.raises(ParticularsWrong):
        await added(city, hospital, doctor(staff_number="工号一"))
    with pytest.raises(codes.CodeUnknown):
        await added(city, hospital, doctor(title_code="999", staff_number="0009"))


async def test_a_post_ends_once(city: Database, hospital: UUID) -> None:
    one = await added(city, hospital, doctor())
    on = date(2026, 11, 23)
    await city.transact(lambda tx: practitioners.end_post(tx, MANAGER, hospital, one, on))
    async with city.read() as read:
        (post,) = await practitioners.practitioners_of(read, hospital)
    assert (post.ended_on, post.name) == (on, "钱演示")
    with pytest.raises(errors.PractitionerUnknown):
        await city.transact(lambda tx: practitioners.end_post(tx, MANAGER, hospital, one, on))
    with pytest.raises(errors.StaffNumberTaken):
        await added(city, hospital, doctor())


async def test_an_account_is_one_practitioners(city: Database, hospital: UUID) -> None:
    one = await added(city, hospital, doctor())
    other = await added(city, hospital, doctor(name="周演示", staff_number="0002"))
    account = new_id()
    for _ in range(2):
        await city.transact(lambda tx: practitioners.link_account(tx, MANAGER, account, one))
    with pytest.raises(errors.AccountLinked):
        await city.transact(lambda tx: practitioners.link_account(tx, MANAGER, account, other))
    with pytest.raises(errors.PractitionerUnknown):
        await city.transact(lambda tx: practitioners.link_account(tx, MANAGER, new_id(), new_id()))
    async with city.read() as read:
        found = await practitioners.practitioner_of_account(read, account)
        assert found is not None
        assert found.id == one
        assert await practitioners.practitioner_of_account(read, new_id()) is None
