"""Terminals: enrolled by a code that works once, bound to one browser, refused as soon as they are retired."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from uuid import UUID

import pytest
from institutions.entering import MANAGER, organisation_number, staff_of, wish, ws218

from healthcloud import access, institutions
from healthcloud.core.caller import GUEST, SYSTEM, Caller
from healthcloud.core.clock import Clock
from healthcloud.core.db import Database, Transaction
from healthcloud.core.errors import Forbidden
from healthcloud.core.ids import new_id
from healthcloud.institutions import codes, departments, terminals
from healthcloud.institutions.departments import errors as department_errors
from healthcloud.institutions.errors import InstitutionClosed, InstitutionUnknown, ParticularsWrong
from healthcloud.institutions.terminals import errors
from healthcloud.institutions.terminals.model import terminal_code

WINDOW = terminals.TerminalWish("挂号窗口1", "01", "010101")


async def enrolled(
    city: Database, hospital: UUID, one: terminals.TerminalWish = WINDOW, caller: Caller = MANAGER
) -> terminals.Enrolment:
    return await city.transact(lambda tx: institutions.enrol_terminal(tx, caller, hospital, one))


async def bound(city: Database, code: str) -> terminals.Bound:
    return await city.transact(lambda tx: institutions.bind_terminal(tx, GUEST, code))


async def sits_at(city: Database, token: str) -> UUID | None:
    async with city.read() as read:
        seat = await institutions.terminal_of_token(read, token)
    return None if seat is None else seat.terminal_id


async def department(city: Database, hospital: UUID, code: str = "0301") -> UUID:
    one = departments.DepartmentWish(code, "呼吸内科", code)
    added = await city.transact(lambda tx: departments.add_departments(tx, MANAGER, {hospital: [one]}))
    return added[hospital][0].id


async def test_a_browser_is_bound_by_its_code_however_it_is_typed(city: Database, hospital: UUID) -> None:
    enrolment = await enrolled(city, hospital)
    desk = await bound(city, f" {enrolment.code.lower().replace('-', ' ')} ")
    assert desk.terminal.id == enrolment.terminal_id == await sits_at(city, desk.token)
    async with city.read() as read:
        seat = await institutions.terminal_of_token(read, desk.token)
    assert seat is not None
    assert seat.institution_id == hospital
    assert enrolment.code not in repr(enrolment)
    assert desk.token not in repr(desk)


@pytest.mark.parametrize("token", ["", "x", "a" * 43, "é" * 43, "a" * 43 + "\n"])
async def test_another_token_is_no_terminal(city: Database, token: str) -> None:
    assert await sits_at(city, token) is None


async def test_a_code_works_once_even_for_two_browsers_at_once(city: Database, hospital: UUID) -> None:
    enrolment = await enrolled(city, hospital)
    done = await asyncio.gather(*(bound(city, enrolment.code) for _ in range(6)), return_exceptions=True)
    assert sum(isinstance(one, terminals.Bound) for one in done) == 1
    assert sum(isinstance(one, errors.EnrolmentCodeWrong) for one in done) == 5


async def test_a_code_is_good_for_half_an_hour(city: Database, hospital: UUID) -> None:
    enrolment = await enrolled(city, hospital)

    async def late(tx: Transaction) -> terminals.Bound:
        tx.clock = Clock(timedelta(minutes=31))
        return await institutions.bind_terminal(tx, GUEST, enrolment.code)

    with pytest.raises(errors.EnrolmentCodeWrong):
        await city.transact(late)
    assert (await bound(city, enrolment.code)).terminal.id == enrolment.terminal_id


async def test_a_newer_code_makes_the_one_before_worthless(city: Database, hospital: UUID) -> None:
    first = await enrolled(city, hospital)
    second = await enrolled(city, hospital)
    assert first.terminal_id == second.terminal_id
    with pytest.raises(errors.EnrolmentCodeWrong):
        await bound(city, first.code)
    await bound(city, second.code)


async def test_the_browser_before_goes_on_until_another_is_bound(city: Database, hospital: UUID) -> None:
    old = await bound(city, (await enrolled(city, hospital)).code)
    enrolment = await enrolled(city, hospital)
    assert await sits_at(city, old.token) == old.terminal.id
    new = await bound(city, enrolment.code)
    assert await sits_at(city, old.token) is None
    assert await sits_at(city, new.token) == old.terminal.id


async def test_a_retired_terminal_is_refused_at_once(city: Database, hospital: UUID) -> None:
    desk = await bound(city, (await enrolled(city, hospital)).code)
    spare = await enrolled(city, hospital)
    await city.transact(lambda tx: terminals.retire_terminal(tx, MANAGER, desk.terminal.id))
    assert await sits_at(city, desk.token) is None
    with pytest.raises(errors.EnrolmentCodeWrong):
        await bound(city, spare.code)
    with pytest.raises(errors.TerminalUnknown):
        await city.transact(lambda tx: terminals.retire_terminal(tx, MANAGER, desk.terminal.id))
    again = await enrolled(city, hospital)
    assert again.terminal_id != desk.terminal.id


async def test_closing_an_institution_retires_its_terminals(city: Database, hospital: UUID) -> None:
    desk = await bound(city, (await enrolled(city, hospital)).code)
    await city.transact(lambda tx: institutions.close_institution(tx, MANAGER, hospital, date(2026, 11, 23)))
    assert await sits_at(city, desk.token) is None
    with pytest.raises(InstitutionClosed):
        await enrolled(city, hospital)


async def test_no_terminal_is_added_while_its_institution_closes(city: Database) -> None:
    for _ in range(8):
        opened = await city.transact(lambda tx: institutions.open_institution(tx, MANAGER, wish(("ws218", ws218()))))
        hospital = opened.institution_id
        await asyncio.gather(
            city.transact(
                partial(institutions.close_institution, caller=MANAGER, institution_id=hospital, on=date(2026, 11, 23))
            ),
            *(enrolled(city, hospital, replace(WINDOW, name=f"窗口{n}")) for n in range(4)),
            return_exceptions=True,
        )
        async with city.read() as read:
            assert not [one for one in await terminals.terminals_of(read, hospital) if one.is_active]


async def test_a_replacement_takes_name_and_place(city: Database, hospital: UUID) -> None:
    place = await department(city, hospital)
    desk = await bound(city, (await enrolled(city, hospital, replace(WINDOW, department_id=place))).code)
    enrolment = await city.transact(lambda tx: terminals.replace_terminal(tx, MANAGER, desk.terminal.id))
    async with city.read() as read:
        old = await institutions.terminal(read, desk.terminal.id)
        new = await institutions.terminal(read, enrolment.terminal_id)
    assert (old.state, old.replaced_by) == ("retired", new.id)
    assert (new.name, new.department_id, new.scene_code, new.state) == ("挂号窗口1", place, "010101", "active")
    assert await sits_at(city, desk.token) is None
    assert await sits_at(city, (await bound(city, enrolment.code)).token) == new.id


async def test_terminals_are_added_once(city: Database, hospital: UUID) -> None:
    kiosk = terminals.TerminalWish("自助机1", "02", "10101")
    done = await asyncio.gather(
        *(city.transact(lambda tx: terminals.add_terminals(tx, MANAGER, {hospital: [WINDOW, kiosk]})) for _ in range(4))
    )
    assert len({one.id for each in done for one in each[hospital]}) == 2
    assert done[0][hospital][1].scene_code == "010101"
    with pytest.raises(errors.TerminalTaken):
        await enrolled(city, hospital, replace(WINDOW, kind="02"))


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"kind": "03"}, codes.CodeUnknown),
        ({"scene_code": "999999"}, codes.CodeUnknown),
        ({"name": " "}, ParticularsWrong),
        ({"department_id": new_id()}, department_errors.DepartmentUnknown),
    ],
)
async def test_a_terminal_has_its_rules(
    city: Database, hospital: UUID, said: dict[str, str], problem: type[Exception]
) -> None:
    with pytest.raises(problem):
        await enrolled(city, hospital, replace(WINDOW, **said))  # type: ignore[arg-type]  # one wrong field at a time


async def test_a_department_of_another_institution_is_no_place(city: Database, hospital: UUID) -> None:
    opened = await city.transact(lambda tx: institutions.open_institution(tx, MANAGER, wish(("ws218", ws218()))))
    theirs = await department(city, opened.institution_id)
    with pytest.raises(department_errors.DepartmentUnknown):
        await enrolled(city, hospital, replace(WINDOW, department_id=theirs))


async def test_only_those_who_manage_the_institution_may(city: Database, hospital: UUID) -> None:
    enrolment = await enrolled(city, hospital, caller=staff_of(hospital))
    for caller in (GUEST, staff_of(new_id()), replace(staff_of(hospital), scopes=frozenset({"cards.verify"}))):
        with pytest.raises(Forbidden):
            await enrolled(city, hospital, caller=caller)
        retire = partial(terminals.retire_terminal, caller=caller, terminal_id=enrolment.terminal_id)
        with pytest.raises(Forbidden):
            await city.transact(retire)
    with pytest.raises(InstitutionUnknown):
        await enrolled(city, new_id())


async def test_a_client_of_another_institution_gets_no_terminal(city: Database, hospital: UUID) -> None:
    enrolment = await enrolled(city, hospital)
    with pytest.raises(errors.ClientElsewhere):
        await city.transact(lambda tx: terminals.bind_to_client(tx, MANAGER, enrolment.terminal_id, new_id()))
    await city.transact(lambda tx: terminals.bind_to_client(tx, MANAGER, enrolment.terminal_id, None))


async def test_a_terminal_is_given_to_a_client_of_its_institution_that_has_a_key(
    city: Database, hospital: UUID
) -> None:
    enrolment = await enrolled(city, hospital)

    async def admitted(tx: Transaction) -> UUID:
        return (await access.create_client(tx, SYSTEM, hospital, "HIS", ["cards.verify"])).client_id

    client = await city.transact(admitted)
    with pytest.raises(errors.ClientElsewhere):
        await city.transact(lambda tx: terminals.bind_to_client(tx, MANAGER, enrolment.terminal_id, client))
    await city.transact(lambda tx: access.add_client_key(tx, SYSTEM, client))
    await city.transact(lambda tx: terminals.bind_to_client(tx, MANAGER, enrolment.terminal_id, client))
    async with city.read() as read:
        assert (await institutions.terminal(read, enrolment.terminal_id)).client_id == client


async def test_a_terminal_is_found_by_id_name_and_platform_code(city: Database) -> None:
    platform = "KGA" + organisation_number()
    opened = await city.transact(lambda tx: institutions.open_institution(tx, MANAGER, wish(("platform", platform))))
    hospital = opened.institution_id
    place = await department(city, hospital)
    first = await enrolled(city, hospital, replace(WINDOW, name="诊室1", department_id=place))
    await enrolled(city, hospital, replace(WINDOW, name="诊室2", department_id=place))
    loose = await enrolled(city, hospital)
    async with city.read() as read:
        every = await terminals.terminals_of(read, hospital)
        told = await terminals.terminal_codes(read, hospital, every)
        assert told[first.terminal_id] == f"{platform}_0301"
        assert told[loose.terminal_id] == "-1"
        for named in (first.terminal_id, "诊室1", f"{platform}_0301", f"{platform.lower()}_0301"):
            found = await institutions.terminal_named(read, hospital, named)
            assert found is not None, named
            assert found.id == first.terminal_id
        for named in (new_id(), "诊室9", "-1", f"{platform}_0399", "KGA404_0301"):
            assert await institutions.terminal_named(read, hospital, named) is None
        assert await institutions.terminal_named(read, new_id(), first.terminal_id) is None


@pytest.mark.parametrize(
    ("organisation", "department_code", "code"),
    [("KGA1", "0301", "KGA1_0301"), ("KGA1", None, "-1"), (None, "0301", "-1"), ("KGA1", "XK01", "-1")],
)
def test_a_terminal_code_needs_both_halves(organisation: str | None, department_code: str | None, code: str) -> None:
    assert terminal_code(organisation, department_code) == code


async def test_scenes_are_steps_their_children_and_tencents(city: Database) -> None:
    async with city.read() as read:
        scenes = await institutions.scenes(read)
        assert [await institutions.scene_exists(read, one) for one in ("010101", "0101011", "10101", "x")] == [
            True,
            True,
            False,
            False,
        ]
    assert scenes["010101"].step == "010101"
    assert scenes["0101081"].step == "010108"
    assert scenes["0101051"].step == "010105"
    assert scenes["010103"].label == "取药"


@pytest.mark.parametrize(
    ("text", "plain"),
    [("10101", "010101"), ("010101", "010101"), ("101011", "0101011"), ("0", "000000"), ("１０１０１", "010101")],
)
def test_a_scene_is_read_without_its_leading_zeros(text: str, plain: str) -> None:
    assert codes.plain_scene(text) == plain


async def test_a_terminal_is_given_another_step_and_the_change_is_written(city: Database, hospital: UUID) -> None:
    enrolment = await enrolled(city, hospital)
    await city.transact(lambda tx: terminals.set_scene(tx, MANAGER, enrolment.terminal_id, "010102"))
    async with city.read() as read:
        assert (await institutions.terminal(read, enrolment.terminal_id)).scene_code == "010102"
    with pytest.raises(codes.CodeUnknown):
        await city.transact(lambda tx: terminals.set_scene(tx, MANAGER, enrolment.terminal_id, "999999"))
    with pytest.raises(Forbidden):
        await city.transact(lambda tx: terminals.set_scene(tx, staff_of(new_id()), enrolment.terminal_id, "010101"))
