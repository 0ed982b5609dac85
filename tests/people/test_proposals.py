"""A resident's request for a correction: who somebody is takes two operators, a code of a group takes one."""

import asyncio
from uuid import UUID

import asyncpg
import pytest
from people.makers import a_person, deeds_of, desk, face_of, next_number, resident

from healthcloud import people
from healthcloud.core.caller import Caller
from healthcloud.core.db import Database
from healthcloud.core.errors import Forbidden, Problem, Unacceptable
from healthcloud.people.requests.model import read_asked

ANSWER = "已按身份证更正"


async def asks(database: Database, person: UUID, field: str = "name") -> UUID:
    asked = read_asked("correction", field, "与身份证不同")
    return (await database.transact(lambda tx: people.requests.ask(tx, resident(person), asked))).id


async def proposes(database: Database, who: Caller, person: UUID, request: UUID, **changes: object) -> bool:
    form = people.CorrectionForm(evidence="居民身份证原件", **changes)  # type: ignore[arg-type]  # a test names the fields
    return await database.transact(
        lambda tx: people.proposals.propose_correction(tx, who, person, request, form, ANSWER)
    )


async def confirms(database: Database, who: Caller, person: UUID, request: UUID) -> int:
    return await database.transact(lambda tx: people.proposals.confirm_correction(tx, who, person, request))


async def state_of(database: Database, person: UUID) -> tuple[str, str | None]:
    async with database.read() as read:
        [mine] = await people.requests.own_requests(read, resident(person))
    return mine.state, mine.answer


async def test_a_name_is_changed_by_two_and_never_by_one(fresh_database: Database, owner_of: str) -> None:
    database, first, second = fresh_database, desk(), desk()
    person = await a_person(database, name="王小眀")
    request = await asks(database, person)
    assert await proposes(database, first, person, request, name="王小明") is True
    assert (await face_of(database, person)).face.name == "王小眀"
    connection = await asyncpg.connect(owner_of)
    sealed = await connection.fetchval("SELECT proposal_sealed FROM people.proposed_corrections")
    await connection.close()
    assert "王小明".encode() not in sealed
    with pytest.raises(people.proposals.OwnProposal):
        await confirms(database, first, person, request)
    proposal, held = await database.transact(lambda tx: people.proposals.look_at(tx, second, person, request))
    assert (proposal.form.name, held.face.name) == ("王小明", "王小眀")
    assert await confirms(database, second, person, request) == 2
    assert (await face_of(database, person)).face.name == "王小明"
    assert await state_of(database, person) == ("done", ANSWER)
    told = await deeds_of(database, person)
    assert ("people.corrected", "refused") in told
    assert {"people.correction-proposed", "people.corrected", "people.opened"} <= {deed for deed, _ in told}


async def test_two_who_confirm_at_once_correct_once(fresh_database: Database) -> None:
    person = await a_person(fresh_database)
    request = await asks(fresh_database, person)
    await proposes(fresh_database, desk(), person, request, name="改后姓名")
    outcomes = await asyncio.gather(
        *(confirms(fresh_database, desk(), person, request) for _ in range(4)), return_exceptions=True
    )
    assert sorted(type(one).__name__ for one in outcomes) == ["ProposalNotFound"] * 3 + ["int"]


async def test_what_makes_nobody_another_is_decided_by_one(fresh_database: Database) -> None:
    person = await a_person(fresh_database)
    request = await asks(fresh_database, person, "ethnicity")
    assert await proposes(fresh_database, desk(), person, request, ethnicity="03") is False
    assert (await face_of(fresh_database, person)).face.ethnicity == "03"
    assert await state_of(fresh_database, person) == ("done", ANSWER)


async def test_declined_leaves_the_request_open_and_says_why(fresh_database: Database) -> None:
    person, second = await a_person(fresh_database, name="原名某"), desk()
    request = await asks(fresh_database, person)
    await proposes(fresh_database, desk(), person, request, name="新名某")
    with pytest.raises(Problem, match="correction-proposed-already"):
        await proposes(fresh_database, desk(), person, request, name="又一名")
    with pytest.raises(Unacceptable):
        await fresh_database.transact(lambda tx: people.proposals.decline_correction(tx, second, person, request, ""))
    await fresh_database.transact(
        lambda tx: people.proposals.decline_correction(tx, second, person, request, "证件照片看不清")
    )
    assert await state_of(fresh_database, person) == ("open", None)
    with pytest.raises(people.proposals.ProposalNotFound):
        await confirms(fresh_database, second, person, request)
    assert await proposes(fresh_database, desk(), person, request, name="再来名") is True


async def test_a_person_changed_meanwhile_is_looked_at_again(fresh_database: Database) -> None:
    person = await a_person(fresh_database)
    request = await asks(fresh_database, person)
    await proposes(fresh_database, desk(), person, request, name="先提出的")
    between = people.CorrectionForm("户口簿", name="中间改的")
    await fresh_database.transact(lambda tx: people.correct(tx, desk(), person, between))
    with pytest.raises(Problem, match="person-changed"):
        await confirms(fresh_database, desk(), person, request)
    assert (await face_of(fresh_database, person)).face.name == "中间改的"


async def test_wrong_values_and_wrong_hands_are_refused_before_anything_waits(fresh_database: Database) -> None:
    person = await a_person(fresh_database)
    request = await asks(fresh_database, person, "number")
    number = next_number()
    wrong = people.DocumentForm("01", number[:-1] + ("1" if number[-1] != "1" else "2"))
    with pytest.raises(Unacceptable):
        await proposes(fresh_database, desk(), person, request, document=wrong)
    with pytest.raises(Forbidden):
        await proposes(fresh_database, desk(None, "people.register"), person, request, name="甲某")
    async with fresh_database.read() as read:
        assert await people.proposals.proposed_for(read, desk(), person, request) is None


async def test_a_withdrawn_request_takes_its_proposal_along(fresh_database: Database) -> None:
    person = await a_person(fresh_database)
    request = await asks(fresh_database, person)
    await proposes(fresh_database, desk(), person, request, name="撤回之前")
    await fresh_database.transact(lambda tx: people.requests.withdraw_request(tx, resident(person), request))
    with pytest.raises(people.proposals.ProposalNotFound):
        await confirms(fresh_database, desk(), person, request)
    async with fresh_database.read() as read:
        assert await people.proposals.proposed_for(read, desk(), person, request) is None
