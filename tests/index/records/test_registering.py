"""What a hospital hands in comes back as one person, card and explanation, or as a question."""

import asyncio
from dataclasses import replace
from uuid import UUID

import pytest
from fixtures.databases import Copy
from index.records.hospitals import hand_in, hand_in_one, hospital, items, patient
from people.makers import a_person, checked, desk, register

from healthcloud import cards, index, people
from healthcloud.core.caller import SYSTEM
from healthcloud.core.crypto import Vault
from healthcloud.core.db import Database
from healthcloud.core.errors import Forbidden
from healthcloud.core.ids import new_id
from healthcloud.index import Outcome
from healthcloud.index.matching import Written
from healthcloud.index.placing.jobs import sweep
from healthcloud.index.placing.reactions import on_registration, on_withdrawal
from healthcloud.index.questions import store as questions
from healthcloud.index.records import store

UNNUMBERED = Written(
    name="欧阳小花", sex="2", birth_date="1901-03-04", phone="13800000017", address="朝阳路12号3单元401"
)


async def states_of(database: Database, person_id: UUID) -> list[tuple[str, str]]:
    async with database.read() as read:
        return sorted((one.number, one.state) for one in await index.records_of(read, person_id))


async def test_the_certain_become_persons_with_a_card_made_ahead(database: Database) -> None:
    caller = hospital()
    answer = await hand_in_one(database, caller, patient())
    assert (answer.outcome, answer.card_status) == (Outcome.NEW, cards.CardStatus.PREPARED)
    assert answer.person_id is not None
    async with database.read() as read:
        seen = (await people.faces(read, caller.institution_id, [answer.person_id]))[answer.person_id]
    assert (seen.face.name, seen.local_number, seen.level) == ("欧阳小花", "P1", people.Level.DECLARED)
    assert await states_of(database, answer.person_id) == [("P1", "placed")]


async def test_two_hospitals_come_to_one_person(database: Database) -> None:
    written = patient()
    first = await hand_in_one(database, hospital(), written)
    second = await hand_in_one(database, hospital(), written, 7)
    assert (second.outcome, second.rule) == (Outcome.LINKED, "same-number")
    assert second.person_id == first.person_id
    assert second.card_status == cards.CardStatus.PREPARED


async def test_one_patient_under_two_numbers_of_one_file_is_one_person(database: Database) -> None:
    written = patient()
    first, second = await hand_in(database, hospital(), [written, written])
    assert first.person_id == second.person_id is not None


async def test_who_has_no_number_becomes_a_person_without_a_card(fresh_database: Database) -> None:
    first = await hand_in_one(fresh_database, hospital(), UNNUMBERED)
    second = await hand_in_one(fresh_database, hospital(), UNNUMBERED)
    assert (first.outcome, first.card_status) == (Outcome.NEW, None)
    assert (second.outcome, second.person_id) == (Outcome.LINKED, first.person_id)


async def test_the_same_again_changes_nothing(database: Database) -> None:
    caller, written = hospital(), patient()
    first = await hand_in_one(database, caller, written)
    again = await hand_in_one(database, caller, written)
    assert (again.outcome, again.person_id) == (Outcome.UNCHANGED, first.person_id)


async def test_another_spelling_of_the_same_is_a_version_that_stays_with_its_person(database: Database) -> None:
    caller, written = hospital(), patient()
    first = await hand_in_one(database, caller, written)
    again = await hand_in_one(database, caller, replace(written, phone="13800000000"))
    assert again.person_id == first.person_id
    async with database.read() as read:
        record = await index.find_record(read, caller.institution_id or new_id(), "P1")
        assert record is not None
        former = await index.versions_of(read, record)
    assert [one.content.phone for one in former] == ["13800000000", None]
    assert again.question_id is None


async def test_a_record_that_says_somebody_else_stays_and_is_asked_about(database: Database) -> None:
    caller = hospital()
    first = await hand_in_one(database, caller, patient())
    again = await hand_in_one(database, caller, patient("司马光", sex="2"))
    assert again.person_id == first.person_id
    assert again.rule == "changed"
    assert again.question_id is not None


async def test_a_number_with_another_name_is_asked_about(database: Database) -> None:
    first = patient()
    await hand_in_one(database, hospital(), first)
    answer = await hand_in_one(database, hospital(), replace(first, name="司马光"))
    assert (answer.outcome, answer.person_id) == (Outcome.REVIEW, None)
    assert answer.question_id is not None


async def test_a_local_number_of_somebody_else_is_asked_about(database: Database) -> None:
    caller = hospital()
    other = await a_person(database)
    clerk = desk(caller.institution_id)
    await database.transact(lambda tx: people.patient_numbers.link_local_number(tx, clerk, other, "P1"))
    answer = await hand_in_one(database, caller, patient())
    assert (answer.outcome, answer.person_id) == (Outcome.REVIEW, None)
    assert answer.question_id is not None


async def test_a_local_number_linked_at_a_counter_finds_its_person_before_the_index_heard(database: Database) -> None:
    caller = hospital()
    known = checked()
    person_id = (await register(database, known)).person_id
    clerk = desk(caller.institution_id)
    await database.transact(lambda tx: people.patient_numbers.link_local_number(tx, clerk, person_id, "P1"))
    document = known.documents[0]
    written = Written(known.name, known.sex, str(known.birth_date), document.kind, document.number)
    answer = await hand_in_one(database, caller, written)
    assert (answer.outcome, answer.person_id) == (Outcome.LINKED, person_id)


async def test_what_cannot_be_read_is_refused_alone(database: Database) -> None:
    answers = await hand_in(database, hospital(), [Written(name=None), patient(), Written(name="司马光")])
    assert [one.outcome for one in answers] == [Outcome.REFUSED, Outcome.NEW, Outcome.REFUSED]
    assert [bool(one.problem and one.problem.faults) for one in answers] == [True, False, True]


async def test_one_number_twice_with_different_contents_is_refused_the_second_time(database: Database) -> None:
    caller = hospital()
    first, second = items(patient())[0], items(patient("司马光"))[0]
    answers = await index.register_records(database, caller, [first, second, first])
    assert [one.outcome for one in answers] == [Outcome.NEW, Outcome.REFUSED, Outcome.UNCHANGED]


async def test_a_phone_of_too_many_is_left_out(fresh_database: Database) -> None:
    many = [replace(patient(name), phone="13800000011") for name in ("赵一", "钱二", "孙三", "李四", "周五", "吴六")]
    answers = await hand_in(fresh_database, hospital(), many)
    assert {one.outcome for one in answers} == {Outcome.NEW}
    persons = [one.person_id for one in answers if one.person_id is not None]
    async with fresh_database.read() as read:
        seen = await people.faces(read, None, persons)
    assert sorted(one.face.phone or "" for one in seen.values()) == ["", *["13800000011"] * 5]


async def test_nobody_hands_in_for_another_institution(database: Database) -> None:
    with pytest.raises(Forbidden):
        await index.register_records(database, hospital(), items(patient()), source_id=new_id())
    with pytest.raises(Forbidden):
        await index.register_records(database, replace(hospital(), scopes=frozenset()), items(patient()))


async def test_twenty_at_once_through_two_pools_are_one_person(
    fresh_database: Database, fresh_copy: Copy, vault: Vault
) -> None:
    other = await Database.connect(fresh_copy.app_url, vault=vault)
    pools = [fresh_database, other]
    answers = await asyncio.gather(*(hand_in_one(pools[n % 2], hospital(), UNNUMBERED) for n in range(20)))
    await other.close()
    assert len({one.person_id for one in answers}) == 1
    assert sum(one.outcome is Outcome.NEW for one in answers) == 1


async def test_what_was_left_waiting_is_placed_by_the_sweep(fresh_database: Database) -> None:
    caller = hospital()
    [received] = await fresh_database.transact(lambda tx: index.receive(tx, caller, items(patient())))
    assert received.record_id is not None
    later = fresh_database
    assert await later.transact(sweep) == 0
    from_now = (later.clock.now()).replace(year=2027)
    async with fresh_database.read() as read:
        assert await store.waiting(read, from_now, 10) == [received.record_id]
    [placed] = await index.place(fresh_database, [received.record_id])
    assert placed.outcome is Outcome.NEW
    assert await index.place(fresh_database, [received.record_id]) == []


async def test_the_citys_register_finds_who_came_without_a_number(fresh_database: Database) -> None:
    """Given somebody known from a record, when they are registered at a counter, then a merge is asked, not made."""
    known = checked(phone="13800000019")
    written = Written(known.name, known.sex, str(known.birth_date), phone=known.phone)
    first = await hand_in_one(fresh_database, hospital(), written)
    assert first.outcome is Outcome.NEW
    registered = await register(fresh_database, known)
    event = people.events.PersonRegistered(registered.person_id, None, 0)
    await fresh_database.transact(lambda tx: on_registration(tx, [event]))
    [placed] = await index.place(fresh_database, [registered.person_id])
    assert placed.person_id == registered.person_id
    assert await states_of(fresh_database, registered.person_id) == [("", "placed")]
    async with fresh_database.read() as read:
        [asked] = await questions.questions_about(read, [registered.person_id])
        question = await questions.question(read, asked)
        assert first.person_id is not None
        assert await people.canonical_of(read, first.person_id) == first.person_id
    assert question is not None
    assert (question.kind, set(question.person_ids)) == ("merge", {first.person_id, registered.person_id})


async def test_a_number_that_comes_later_stays_with_its_record_and_is_shown(fresh_database: Database) -> None:
    """Given somebody made without a number, when a record with one is linked by weights, then no document is theirs."""
    numbered = replace(patient(), phone="13800000018", address="朝阳路12号3单元401")
    first = await hand_in_one(fresh_database, hospital(), replace(numbered, number=None, document_kind=None))
    second = await hand_in_one(fresh_database, hospital(), numbered)
    third = await hand_in_one(fresh_database, hospital(), numbered)
    person_id = first.person_id
    assert person_id is not None
    assert [(one.outcome, one.person_id) for one in (second, third)] == [(Outcome.LINKED, person_id)] * 2
    assert second.rule != "same-number"
    assert [one.card_status for one in (second, third)] == [None, None]
    async with fresh_database.read() as read:
        seen = (await people.faces(read, None, [person_id]))[person_id]
    clerk = replace(hospital(), scopes=frozenset({"index.review"}))
    golden = await fresh_database.transact(lambda tx: index.golden.golden_of(tx, clerk, person_id))
    assert seen.face.document_number == ""
    assert golden.value(index.golden.Field.DOCUMENT) == f"01:{numbered.number}"
    document = people.DocumentForm("01", numbered.number or "")
    registered = await register(fresh_database, checked(name=numbered.name, sex="2", documents=(document,)))
    assert registered.person_id != person_id
    event = people.events.PersonRegistered(registered.person_id, None, 0)
    await fresh_database.transact(lambda tx: on_registration(tx, [event]))
    await index.place(fresh_database, [registered.person_id])
    async with fresh_database.read() as read:
        assert len(await questions.questions_about(read, [registered.person_id])) == 1


async def test_records_of_a_registration_made_in_error_end_and_may_come_again(fresh_database: Database) -> None:
    caller, written = hospital(), patient()
    first = await hand_in_one(fresh_database, caller, written)
    person_id = first.person_id
    assert person_id is not None
    await fresh_database.transact(lambda tx: people.withdraw_person(tx, SYSTEM, person_id, "误登记"))
    await fresh_database.transact(lambda tx: on_withdrawal(tx, people.events.PersonWithdrawn(person_id)))
    assert await states_of(fresh_database, person_id) == [("P1", "ended")]
    again = await hand_in_one(fresh_database, caller, written)
    assert again.outcome is Outcome.NEW
    assert again.person_id != person_id
