"""The review queue: what is uncertain is asked once, opened by a deed, answered for good, merged by two."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from index.questions.working import (
    answered,
    ask_about,
    confirmed,
    found,
    opened,
    queue,
    reviewer,
    settle,
    two_alike,
    undone,
)
from index.records.hospitals import hand_in_one, hospital
from people.makers import SEEN, a_person, at, checked, deeds_of, register

from healthcloud import audit, index, people
from healthcloud.core.db import Database
from healthcloud.core.errors import Forbidden, Problem, Unacceptable
from healthcloud.core.ids import new_id
from healthcloud.index.questions import Kind, NewQuestion, QuestionState


async def who_is(database: Database, source_id: UUID, number: str = "P1") -> UUID | None:
    async with database.read() as read:
        return await people.patient_numbers.owner_of_number(read, source_id, number)


async def sources_of(database: Database, person_id: UUID) -> set[UUID]:
    async with database.read() as read:
        return {one.source_id for one in await index.records_of(read, person_id)}


async def two_persons(database: Database) -> tuple[UUID, UUID, UUID]:
    """Register two persons, with their records of the city, and ask whether they are one."""
    one, other = await a_person(database), await a_person(database)
    await settle(database)
    return one, other, await ask_about(database, one, other)


async def test_a_question_is_opened_with_both_sides_and_whoever_is_concerned_can_read_it(
    fresh_database: Database,
) -> None:
    alike = await two_alike(fresh_database)
    [waiting] = await queue(fresh_database)
    assert (waiting.id, waiting.kind, waiting.state) == (alike.question_id, Kind.PAIR, "open")
    shown = await opened(fresh_database, replace(reviewer(), reason="核对两院档案"), waiting.id)
    assert {side.side.person_id for side in shown.sides} == {alike.person_id, None}
    assert {one.content.name for side in shown.sides for one in side.records} == {"欧阳小花"}
    [compared] = shown.comparisons
    assert compared.is_open
    assert {part.field: part.level for part in compared.decision.parts}["number"] == "missing"
    async with fresh_database.read() as read:
        told = await audit.deeds_about(read, [alike.person_id])
    assert next(one.reason for one in told if one.deed == "index.compared") == "核对两院档案"
    assert {line.key for line in shown.consequences} >= {"consequences.level-0", "consequences.numbers"}


async def test_one_clerk_works_on_a_question_until_the_claim_lapses(database: Database) -> None:
    alike, first, other = await two_alike(database), reviewer(), reviewer()
    await opened(database, first, alike.question_id)
    assert (await opened(database, other, alike.question_id)).claimed_by_another
    with pytest.raises(Problem, match="index-question-taken"):
        await answered(database, other, alike.question_id, "same")
    later = at(database, database.clock.now() + timedelta(minutes=16))
    assert (await answered(later, other, alike.question_id, "different")).state is QuestionState.CLOSED


async def test_same_puts_the_record_with_the_person_and_undoing_takes_it_off(fresh_database: Database) -> None:
    alike, clerk = await two_alike(fresh_database), reviewer()
    done = await answered(fresh_database, clerk, alike.question_id, "same")
    assert await who_is(fresh_database, alike.source_id) == alike.person_id
    assert alike.source_id in await sources_of(fresh_database, alike.person_id)
    assert await queue(fresh_database) == []
    await undone(fresh_database, clerk, done)
    assert await who_is(fresh_database, alike.source_id) is None
    assert alike.source_id not in await sources_of(fresh_database, alike.person_id)
    assert [one.id for one in await queue(fresh_database)] == [alike.question_id]
    deeds = {deed for deed, _ in await deeds_of(fresh_database, alike.person_id)}
    assert {"index.judged-same", "index.decision-undone"} <= deeds
    with pytest.raises(Problem, match="index-decision-not-found"):
        await undone(fresh_database, clerk, done)


async def test_different_stands_whatever_the_machine_finds_later(fresh_database: Database) -> None:
    alike = await two_alike(fresh_database)
    await answered(fresh_database, reviewer(), alike.question_id, "different")
    someone = await who_is(fresh_database, alike.source_id)
    assert someone not in (None, alike.person_id)
    async with fresh_database.read() as read:
        [first] = [one for one in await index.records_of(read, alike.person_id) if one.source_id != index.CITY]
    # The same number would bind them; a person has said that they are two.
    again = replace(alike.written, number=first.content.number, document_kind="01")
    answer = await hand_in_one(fresh_database, hospital(alike.source_id), again)
    assert answer.person_id != alike.person_id
    assert await who_is(fresh_database, alike.source_id) != alike.person_id


async def test_later_puts_a_question_off_and_keeps_it(fresh_database: Database) -> None:
    alike = await two_alike(fresh_database)
    done = await answered(fresh_database, reviewer(), alike.question_id, "later")
    assert done.state is QuestionState.OPEN
    assert await queue(fresh_database) == []
    assert [one.id for one in await queue(fresh_database, put_off=True)] == [alike.question_id]
    later = at(fresh_database, fresh_database.clock.now() + timedelta(days=8))
    assert [one.id for one in await queue(later)] == [alike.question_id]


async def test_two_persons_are_merged_by_two_reviewers_and_never_by_one(database: Database) -> None:
    one, other, question_id = await two_persons(database)
    first, second = reviewer(), reviewer()
    done = await answered(database, first, question_id, "same")
    assert (done.waits, done.state) == (True, QuestionState.PROPOSED)
    async with database.read() as read:
        assert await people.canonical_of(read, other) == other
    with pytest.raises(Problem, match="index-own-merge"):
        await confirmed(database, first, question_id)
    assert ("index.judged-same", "refused") in await deeds_of(database, one)
    assert (await confirmed(database, second, question_id)).state is QuestionState.CLOSED
    async with database.read() as read:
        assert await people.canonical_of(read, other) == one
        [line] = await index.questions.history_of(read, first, question_id)
    assert (line.account_id, line.second_account, line.reason) == (first.account_id, second.account_id, "电话核实过")
    with pytest.raises(Problem, match="index-question-settled"):
        await confirmed(database, second, question_id)


async def test_the_better_verified_of_two_is_whom_both_resolve_to(database: Database) -> None:
    early = await a_person(database)
    seen = (await register(database, checked(), verification=SEEN)).person_id
    await settle(database)
    question_id = await ask_about(database, early, seen)
    await answered(database, reviewer(), question_id, "same")
    await confirmed(database, reviewer(), question_id)
    async with database.read() as read:
        assert await people.canonical_of(read, early) == seen


async def test_a_declined_merge_leaves_the_question_open(database: Database) -> None:
    _, _, question_id = await two_persons(database)
    await answered(database, reviewer(), question_id, "same")
    await database.transact(lambda tx: index.questions.decline(tx, reviewer(), question_id, "照片不是一个人"))
    assert (await found(database, question_id)).state == "open"
    with pytest.raises(Problem, match="index-question-settled"):
        await confirmed(database, reviewer(), question_id)


async def test_a_merge_by_others_is_not_undone_by_a_decision_it_rests_on(database: Database) -> None:
    one, other, question_id = await two_persons(database)
    await answered(database, reviewer(), question_id, "same")
    done = await confirmed(database, reviewer(), question_id)
    third = (await register(database, checked(), verification=SEEN)).person_id
    city = replace(reviewer(), scopes=frozenset({"people.correct"}))
    await database.transact(lambda tx: people.merge_persons(tx, city, one, third, "三份是同一人"))
    with pytest.raises(Problem, match="index-decision-built-on"):
        await undone(database, reviewer(), done)
    await database.transact(lambda tx: people.unmerge_persons(tx, city, one))
    await undone(database, reviewer(), done)
    async with database.read() as read:
        assert await people.canonical_of(read, other) == other


async def test_a_record_that_is_another_s_is_split_off_and_can_come_back(fresh_database: Database) -> None:
    alike, clerk = await two_alike(fresh_database), reviewer()
    await answered(fresh_database, clerk, alike.question_id, "same")
    async with fresh_database.read() as read:
        [wrong] = [one for one in await index.records_of(read, alike.person_id) if one.source_id == alike.source_id]

    async def split(*record_ids: UUID) -> index.questions.Answered:
        done = await fresh_database.transact(
            lambda tx: index.questions.split(tx, clerk, alike.person_id, record_ids, "本人说没去过该院")
        )
        await index.place(fresh_database, done.to_place)
        return done

    with pytest.raises(Problem, match="index-nothing-to-split"):
        await split(new_id())
    done = await split(wrong.id)
    stranger = await who_is(fresh_database, alike.source_id)
    assert stranger not in (None, alike.person_id)
    await undone(fresh_database, clerk, done)
    assert await who_is(fresh_database, alike.source_id) == alike.person_id
    async with fresh_database.read() as read:
        assert stranger is not None
        seen = (await people.faces(read, None, [stranger]))[stranger]
    assert seen.state is people.PersonState.WITHDRAWN


async def test_the_same_is_asked_once_and_a_changed_component_replaces_its_question(fresh_database: Database) -> None:
    one, other, third = [await a_person(fresh_database) for _ in range(3)]
    await settle(fresh_database)
    first = await ask_about(fresh_database, one, other)
    assert await ask_about(fresh_database, other, one) == first
    assert len(await queue(fresh_database)) == 1
    wider = NewQuestion(Kind.BRIDGE, (one, other, third), (one, other, third))
    await fresh_database.transact(lambda tx: index.questions.ask(tx, [wider], {one, other, third}))
    assert [question.id for question in await queue(fresh_database)] == [wider.id]
    assert (await found(fresh_database, first)).closed_as == "replaced"
    with pytest.raises(Problem, match="index-sides-unclear"):
        await answered(fresh_database, reviewer(), wider.id, "different")
    left = await answered(fresh_database, reviewer(), wider.id, "different", (one, other))
    assert left.state is QuestionState.OPEN
    await answered(fresh_database, reviewer(), wider.id, "different", (one, third))
    last = await answered(fresh_database, reviewer(), wider.id, "different")
    assert last.state is QuestionState.CLOSED


async def test_the_queue_pages_and_is_filtered(fresh_database: Database) -> None:
    persons = [await a_person(fresh_database) for _ in range(6)]
    await settle(fresh_database)
    source = new_id()
    asked = [
        NewQuestion(Kind.MERGE, (persons[place], persons[place + 1]), weight=float(place), source_id=source)
        for place in range(5)
    ]
    for one in asked:
        await fresh_database.transact(lambda tx, one=one: index.questions.ask(tx, [one]))  # type: ignore[misc]  # bound
    seen: list[UUID] = []
    cursor = None
    while len(seen) < len(asked):
        async with fresh_database.read() as read:
            page = await index.questions.open_questions(read, reviewer(), cursor=cursor, limit=2)
        seen += [one.id for one in page.items]
        cursor = page.next
    assert (seen, cursor) == ([one.id for one in asked], None)
    assert len(await queue(fresh_database, weight_from=3.0)) == 2
    assert await queue(fresh_database, kind=Kind.PAIR) == []
    assert len(await queue(fresh_database, source_id=source)) == 5
    with pytest.raises(Forbidden):
        async with fresh_database.read() as read:
            await index.questions.open_questions(read, replace(reviewer(), scopes=frozenset()))


async def test_a_reason_is_needed_and_may_name_nobody(database: Database) -> None:
    alike = await two_alike(database)
    for reason in ("", "身份证 37040219000101001X 一致"):
        with pytest.raises(Unacceptable):
            await database.transact(
                lambda tx, reason=reason: index.questions.answer(  # type: ignore[misc]  # bound
                    tx, reviewer(), alike.question_id, index.questions.Verdict.SAME, reason
                )
            )
