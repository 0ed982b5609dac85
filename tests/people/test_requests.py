"""A resident asks about their own data; it stands open until it is answered in words they read."""

import pytest
from people.makers import POLICY, a_woman, at_birth, checked, deeds_of, desk, register, resident

from healthcloud import people
from healthcloud.core.db import Database
from healthcloud.core.errors import Forbidden, Unacceptable
from healthcloud.core.ids import new_id
from healthcloud.people.requests.errors import RequestClosed, RequestNotFound, RequestOpenAlready
from healthcloud.people.requests.model import read_asked

WRONG_NAME = read_asked("correction", "name", "身份证上的字与平台不同")


async def test_a_correction_is_asked_answered_and_read(database: Database) -> None:
    person = (await register(database)).person_id
    me, clerk = resident(person), desk()
    asked = await database.transact(lambda tx: people.requests.ask(tx, me, WRONG_NAME))
    assert asked.state == "open"
    assert asked.ticket == f"{asked.id.hex[-8:-4]}-{asked.id.hex[-4:]}".upper()
    with pytest.raises(RequestOpenAlready):
        await database.transact(lambda tx: people.requests.ask(tx, me, WRONG_NAME))
    async with database.read() as read:
        waiting = await people.requests.waiting_requests(read, clerk, limit=100)
    assert asked.id in [one.id for one in waiting]
    await database.transact(
        lambda tx: people.requests.answer_request(tx, clerk, person, asked.id, "已按身份证更正", granted=True)
    )
    async with database.read() as read:
        [mine] = await people.requests.own_requests(read, me)
    assert (mine.state, mine.answer) == ("done", "已按身份证更正")
    with pytest.raises(RequestClosed):
        await database.transact(lambda tx: people.requests.withdraw_request(tx, me, asked.id))
    told = [deed for deed, _ in await deeds_of(database, person)]
    assert {"people.request-asked", "people.request-answered"} <= set(told)


async def test_nobody_else_sees_or_answers_it(database: Database) -> None:
    person, other = [(await register(database)).person_id for _ in range(2)]
    asked = await database.transact(lambda tx: people.requests.ask(tx, resident(person), WRONG_NAME))
    async with database.read() as read:
        assert await people.requests.own_requests(read, resident(other)) == []
        with pytest.raises(RequestNotFound):
            await people.requests.own_request(read, resident(other), asked.id)
        with pytest.raises(Forbidden):
            await people.requests.waiting_requests(read, resident(other))
    with pytest.raises(RequestNotFound):
        await database.transact(lambda tx: people.requests.withdraw_request(tx, resident(other), asked.id))


def test_what_is_asked_is_something_and_holds_no_number() -> None:
    assert read_asked("objection", str(new_id()), "我那天没有去过").kind == "objection"
    for kind, subject, text in (
        ("correction", "height", "x"),
        ("objection", "name", "x"),
        ("closing", "account", ""),
        ("correction", "name", "370402190001010015"),
        ("wish", "name", "x"),
    ):
        with pytest.raises(Unacceptable):
            read_asked(kind, subject, text)


async def test_a_look_at_oneself_and_a_copy_are_lines(database: Database) -> None:
    person = (await register(database)).person_id
    await database.transact(lambda tx: people.reveal_own(tx, resident(person)))
    await database.transact(lambda tx: people.reveal_own(tx, resident(person), copied=True))
    told = [deed for deed, _ in await deeds_of(database, person)]
    assert {"people.copied", "people.revealed"} <= set(told)


async def test_a_mother_keeps_her_newborn_and_nobody_elses(database: Database) -> None:
    mother = await a_woman(database)
    birth = checked(name=None, documents=(), sex="1", birth=at_birth(mother))
    child = (await register(database, birth)).person_id
    stranger = (await register(database)).person_id
    async with database.read() as read:
        assert [one.canonical_id for one in await people.grants.newborns_to_keep(read, mother)] == [child]
        assert await people.grants.newborns_to_keep(read, stranger) == []
    with pytest.raises(people.PersonNotFound):
        await database.transact(lambda tx: people.grants.keep_newborn(tx, resident(stranger), child, POLICY))
    grant = await database.transact(lambda tx: people.grants.keep_newborn(tx, resident(mother), child, POLICY))
    assert grant.state == "accepted"
    async with database.read() as read:
        assert await people.grants.newborns_to_keep(read, mother) == []
        assert await people.may_act_for(read, resident(mother), child, "card")
