"""Care grants: asked, accepted, refused, withdrawn, run out; limits and guardians; every line for both."""

import asyncio
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from people.makers import (
    POLICY,
    TODAY,
    a_child,
    a_person,
    a_woman,
    announced,
    at,
    at_birth,
    checked,
    deeds_of,
    desk,
    face_of,
    register,
    resident,
)

from healthcloud import people
from healthcloud.core.caller import GUEST, SYSTEM, Caller
from healthcloud.core.clock import SHANGHAI
from healthcloud.core.db import Database
from healthcloud.core.errors import Problem
from healthcloud.core.ids import new_id
from healthcloud.people.grants.actions import end_expired
from healthcloud.people.grants.model import age_on, ends_at

grants = people.grants
Grant = people.grants.Grant


async def wish_for(database: Database, person: UUID, **changes: object) -> people.grants.GrantWish:
    face = (await face_of(database, person)).face
    document = people.DocumentForm(face.document_kind, face.document_number)
    asked = {"relation": "child", "scopes": ("card", "bookings"), "last_day": None} | changes
    return grants.GrantWish(face.name, document, **asked)  # type: ignore[arg-type]  # a test names the fields


async def ask(database: Database, keeper: UUID, wish: people.grants.GrantWish) -> Grant:
    return await database.transact(lambda tx: grants.ask_grant(tx, resident(keeper), wish, POLICY))


async def accept(database: Database, caller: Caller, grant: Grant, evidence: str | None = None) -> Grant:
    return await database.transact(
        lambda tx: grants.accept_grant(tx, caller, grant.person_id, grant.id, evidence, POLICY)
    )


async def may(database: Database, keeper: UUID, person: UUID, scope: str = "card") -> bool:
    async with database.read() as read:
        return await people.may_act_for(read, resident(keeper), person, scope)


async def test_an_elder_lets_a_child_act_and_takes_it_back(fresh_database: Database, owner_of: str) -> None:
    database = fresh_database
    elder, child = await a_person(database), await a_person(database)
    grant = await ask(database, child, await wish_for(database, elder))
    assert not await may(database, child, elder)
    await accept(database, resident(elder), grant)
    assert await may(database, child, elder)
    assert not await may(database, child, elder, "records")
    assert not await may(database, elder, child)
    await database.transact(lambda tx: grants.withdraw_grant(tx, resident(elder), elder, grant.id))
    assert not await may(database, child, elder)
    for one in (elder, child):
        told = [deed for deed, _ in await deeds_of(database, one) if deed.startswith("people.grant")]
        assert told == ["people.grant-withdrawn", "people.grant-accepted", "people.grant-asked"]
    assert {"people.grant-asked", "people.grant-accepted", "people.grant-ended"} <= set(await announced(owner_of))


async def test_oneself_may_always_act_and_a_stranger_never(database: Database) -> None:
    one, other = await a_person(database), await a_person(database)
    assert await may(database, one, one, "anything")
    assert not await may(database, one, other)
    async with database.read() as read:
        assert not await people.may_act_for(read, GUEST, one, "card")
        assert not await people.may_act_for(read, desk(), one, "card")


async def test_a_grant_ends_with_its_last_day(database: Database) -> None:
    elder, carer = await a_person(database), await a_person(database)
    wish = await wish_for(database, elder, relation="carer", last_day=date(2026, 12, 31))
    early = at(database, datetime(2026, 11, 23, 9, tzinfo=SHANGHAI))
    await accept(early, resident(elder), await ask(early, carer, wish))
    last_moment = datetime(2026, 12, 31, 23, 59, 59, tzinfo=SHANGHAI)
    assert await may(at(database, last_moment), carer, elder)
    assert not await may(at(database, last_moment + timedelta(seconds=1)), carer, elder)


async def test_what_has_run_out_is_ended_and_can_be_asked_again(fresh_database: Database) -> None:
    elder, carer = await a_person(fresh_database), await a_person(fresh_database)
    early = at(fresh_database, datetime(2026, 11, 23, 9, tzinfo=SHANGHAI))
    wish = await wish_for(early, elder, last_day=date(2026, 11, 30))
    await accept(early, resident(elder), await ask(early, carer, wish))
    later = at(fresh_database, datetime(2026, 12, 24, 9, tzinfo=SHANGHAI))
    again = await ask(later, carer, await wish_for(later, elder, last_day=date(2026, 12, 31)))
    assert await later.transact(lambda tx: end_expired(tx, SYSTEM)) == 0
    much_later = at(fresh_database, datetime(2027, 1, 2, 9, tzinfo=SHANGHAI))
    assert await much_later.transact(lambda tx: end_expired(tx, SYSTEM)) == 1
    async with fresh_database.read() as read:
        assert {one.state for one in await grants.grants_of(read, elder)} == {"ended"}
        assert await grants.kept_by(read, carer) == []
    assert again.state == "asked"


async def test_a_guardian_decides_for_a_young_child_at_a_counter(database: Database) -> None:
    child, parent = await a_child(database, date(2016, 3, 1)), await a_person(database)
    grant = await ask(database, parent, await wish_for(database, child, relation="parent"))
    with pytest.raises(Problem) as refused:
        await accept(database, resident(child), grant)
    assert refused.value.code == "guardian-needed"
    accepted = await accept(database, desk(), grant, "户口簿")
    assert (accepted.state, accepted.evidence) == ("accepted", "户口簿")
    assert accepted.until == datetime(2034, 3, 1, tzinfo=SHANGHAI)
    assert await may(database, parent, child)
    grown = at(database, datetime(2034, 3, 1, tzinfo=SHANGHAI))
    assert not await may(grown, parent, child)


async def test_a_mother_acts_for_the_newborn_she_was_registered_with(database: Database) -> None:
    mother = await a_woman(database)
    certificate = people.DocumentForm("08", "T370000077")
    wish = checked(name="王小雨", sex="2", documents=(certificate,), birth=at_birth(mother))
    child = (await register(database, wish)).person_id
    grant = await ask(database, mother, await wish_for(database, child, relation="parent"))
    assert grant.state == "accepted"
    other = await a_woman(database)
    assert (await ask(database, other, await wish_for(database, child, relation="parent"))).state == "asked"


async def test_at_a_counter_somebody_without_a_phone_gets_a_keeper(database: Database) -> None:
    elder, child = await a_person(database), await a_person(database)
    terms = grants.read_terms("child", ["card", "records"], None, TODAY)
    await database.transact(
        lambda tx: grants.grant_at_counter(tx, desk(), elder, child, terms, "双方到场，身份证原件", POLICY)
    )
    assert await may(database, child, elder, "records")
    with pytest.raises(Problem) as unproven:
        await database.transact(lambda tx: grants.grant_at_counter(tx, desk(), child, elder, terms, " ", POLICY))
    assert unproven.value.code == "unacceptable"


async def test_who_is_named_wrongly_and_who_is_not_there_look_alike(database: Database) -> None:
    person, keeper = await a_person(database), await a_person(database)
    right = await wish_for(database, person)
    nobody = people.DocumentForm("01", "370402190001010015")
    bodies = []
    for wish in (
        grants.GrantWish("猜的名", right.document, "child", ("card",)),
        grants.GrantWish(right.name, nobody, "child", ("card",)),
        grants.GrantWish("\ue000", right.document, "child", ("card",)),
    ):
        with pytest.raises(Problem) as missed:
            await ask(database, keeper, wish)
        bodies.append(missed.value.body())
    assert bodies[0] == bodies[1] == bodies[2]
    assert (await deeds_of(database, person)).count(("people.grant-asked", "refused")) == 2


@pytest.mark.parametrize("who", ["a stranger", "the keeper"])
async def test_only_the_person_decides(database: Database, who: str) -> None:
    elder, keeper, stranger = [await a_person(database) for _ in range(3)]
    grant = await ask(database, keeper, await wish_for(database, elder))
    caller = resident(stranger if who == "a stranger" else keeper)
    acts = [
        lambda tx: grants.accept_grant(tx, caller, elder, grant.id, None, POLICY),
        lambda tx: grants.refuse_grant(tx, caller, elder, grant.id),
    ]
    if who == "a stranger":
        acts.append(lambda tx: grants.withdraw_grant(tx, caller, elder, grant.id))
    for act in acts:
        with pytest.raises(Problem) as refused:
            await database.transact(act)
        assert refused.value.code == "grant-not-found"
    with pytest.raises(Problem) as missed:
        await database.transact(lambda tx: grants.refuse_grant(tx, caller, elder, new_id()))
    assert missed.value.body() == refused.value.body()


async def test_what_is_decided_stays_decided(database: Database) -> None:
    elder, keeper = await a_person(database), await a_person(database)
    grant = await ask(database, keeper, await wish_for(database, elder))
    with pytest.raises(Problem) as twice:
        await ask(database, keeper, await wish_for(database, elder))
    assert twice.value.code == "grant-already-open"
    await database.transact(lambda tx: grants.refuse_grant(tx, resident(elder), elder, grant.id))
    for act in (
        lambda tx: grants.accept_grant(tx, resident(elder), elder, grant.id, None, POLICY),
        lambda tx: grants.withdraw_grant(tx, resident(keeper), elder, grant.id),
    ):
        with pytest.raises(Problem) as decided:
            await database.transact(act)
        assert decided.value.code == "grant-decided"
    assert (await ask(database, keeper, await wish_for(database, elder))).state == "asked"


async def test_limits_hold_in_a_race(fresh_database: Database) -> None:
    database, policy = fresh_database, people.Policy(persons_per_keeper=3, keepers_per_person=2)
    keeper = await a_person(database)
    elders = [await a_person(database) for _ in range(6)]
    terms = grants.read_terms("carer", ["card"], None, TODAY)

    async def let(person: UUID, by: UUID) -> object:
        return await database.transact(
            lambda tx: grants.grant_at_counter(tx, desk(), person, by, terms, "到场", policy)
        )

    answers = await asyncio.gather(*(let(elder, keeper) for elder in elders), return_exceptions=True)
    assert sum(isinstance(answer, Grant) for answer in answers) == 3
    assert {answer.code for answer in answers if isinstance(answer, Problem)} == {"too-many-kept"}
    elder = elders[0] if isinstance(answers[0], Problem) else await a_person(database)
    helpers = [await a_person(database) for _ in range(5)]
    answers = await asyncio.gather(*(let(elder, helper) for helper in helpers), return_exceptions=True)
    assert sum(isinstance(answer, Grant) for answer in answers) == 2
    assert {answer.code for answer in answers if isinstance(answer, Problem)} == {"too-many-keepers"}


@pytest.mark.parametrize(
    ("relation", "scopes", "last_day", "pointer"),
    [
        ("friend", ["card"], None, "#/relation"),
        ("child", [], None, "#/scopes"),
        ("child", ["everything"], None, "#/scopes"),
        ("child", ["card"], date(2026, 11, 22), "#/last_day"),
    ],
)
def test_terms_that_cannot_be(relation: str, scopes: list[str], last_day: date | None, pointer: str) -> None:
    with pytest.raises(Problem) as refused:
        grants.read_terms(relation, scopes, last_day, TODAY)
    assert [fault.pointer for fault in refused.value.faults] == [pointer]


async def test_nobody_keeps_themself_or_the_dead(database: Database) -> None:
    one, dead = await a_person(database), await a_person(database)
    await database.transact(lambda tx: people.record_death(tx, desk(), dead, TODAY, "证明"))
    for person in (one, dead):
        with pytest.raises(Problem) as missed:
            await ask(database, one, await wish_for(database, person))
        assert missed.value.code == "person-not-found"


async def test_a_keeper_may_open_the_data_and_both_can_read_that(database: Database) -> None:
    elder, child = await a_person(database), await a_person(database)
    await accept(
        database, resident(elder), await ask(database, child, await wish_for(database, elder, scopes=("identity",)))
    )
    seen = await database.transact(lambda tx: people.open_person(tx, resident(child), elder))
    assert seen.face.document_number
    for one in (elder, child):
        assert (await deeds_of(database, one))[0] == ("people.opened", "done")


def twin_of_age(born: date, day: date) -> int:
    """Count birthdays one by one; who was born on 29 February is a year older on 1 March of other years."""
    years = 0
    while True:
        try:
            birthday = born.replace(year=born.year + years + 1)
        except ValueError:
            birthday = date(born.year + years + 1, 3, 1)
        if birthday > day:
            return years
        years += 1


@given(st.dates(date(1900, 1, 1), date(2026, 11, 23)), st.dates(date(2000, 1, 1), date(2060, 1, 1)))
def test_age_is_counted_as_the_slow_twin_counts_it(born: date, day: date) -> None:
    if born <= day:
        assert age_on(born, day) == twin_of_age(born, day)


@given(st.dates(date(2009, 1, 1), date(2026, 11, 22)))
def test_a_grant_over_a_child_ends_on_the_very_day_it_comes_of_age(born: date) -> None:
    end = ends_at(born, None, TODAY, POLICY)
    assert end is not None
    assert twin_of_age(born, end.date()) == 18
    assert twin_of_age(born, end.date() - timedelta(days=1)) == 17
