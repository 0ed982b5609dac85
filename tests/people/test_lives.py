"""Deaths, their undoing, and registrations made in error."""

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from people.makers import (
    a_person,
    a_woman,
    announced,
    at,
    at_birth,
    checked,
    deeds_of,
    desk,
    face_of,
    next_number,
    register,
    resident,
)

from healthcloud import people
from healthcloud.core.caller import SYSTEM, Caller
from healthcloud.core.clock import SHANGHAI
from healthcloud.core.db import Database
from healthcloud.core.errors import Problem

PAPER = "居民死亡医学证明书"
POLICY = people.Policy(death_undo_days=30)


async def die(database: Database, person: UUID, day: date = date(2026, 11, 1)) -> None:
    await database.transact(lambda tx: people.record_death(tx, desk(), person, day, PAPER))


async def undo(database: Database, person: UUID, caller: Caller | None = None) -> None:
    clerk = caller or desk()
    await database.transact(lambda tx: people.undo_death(tx, clerk, person, "认错人", POLICY))


async def test_a_death_shows_at_the_next_look_and_can_be_undone(fresh_database: Database, owner_of: str) -> None:
    person = await a_person(fresh_database)
    await die(fresh_database, person)
    assert (await face_of(fresh_database, person)).state is people.PersonState.DECEASED
    await undo(fresh_database, person)
    assert (await face_of(fresh_database, person)).state is people.PersonState.ALIVE
    assert [deed for deed, _ in await deeds_of(fresh_database, person)][:2] == ["people.death-undone", "people.died"]
    assert {"people.person-died", "people.death-undone"} <= set(await announced(owner_of))


async def test_a_death_settles_after_the_days_of_the_policy(database: Database) -> None:
    person = await a_person(database)
    await die(database, person)
    later = at(database, database.clock.now() + timedelta(days=31))
    with pytest.raises(Problem) as settled:
        await undo(later, person)
    assert settled.value.code == "death-settled"
    assert (await deeds_of(database, person))[0] == ("people.death-undone", "refused")
    await undo(later, person, SYSTEM)


@pytest.mark.parametrize(("day", "code"), [(date(1899, 12, 31), "unacceptable"), (date(2999, 1, 1), "unacceptable")])
async def test_a_death_lies_between_birth_and_today(database: Database, day: date, code: str) -> None:
    person = await a_person(database)
    with pytest.raises(Problem) as problem:
        await die(database, person, day)
    assert problem.value.code == code


async def test_nobody_dies_twice_and_the_living_need_no_undoing(database: Database) -> None:
    person = await a_person(database)
    with pytest.raises(Problem) as alive:
        await undo(database, person)
    await die(database, person)
    with pytest.raises(Problem) as dead:
        await die(database, person)
    assert (alive.value.code, dead.value.code) == ("not-deceased", "already-deceased")


async def test_a_registration_made_in_error_frees_everything_for_whom_it_belongs_to(
    fresh_database: Database, owner_of: str
) -> None:
    database, clinic = fresh_database, desk()
    registration = checked(phone="13600000001", local_number="E-1")
    wrong = (await register(database, registration, caller=clinic)).person_id
    account = resident()
    await database.transact(lambda tx: people.accounts.attach_account(tx, clinic, wrong, account.account_id))
    await database.transact(lambda tx: people.withdraw_person(tx, clinic, wrong, "开错人"))
    assert (await face_of(database, wrong, clinic.institution_id)).local_number is None
    right = await register(
        database,
        people.Registration(
            "真名",
            registration.sex,
            registration.birth_date,
            registration.documents,
            phone="13600000001",
            local_number="E-1",
        ),
        caller=clinic,
        policy=people.Policy(persons_per_phone=1),
    )
    assert right.created
    async with database.read() as read:
        assert await people.accounts.person_of_account(read, account.account_id) is None
    assert {"people.person-withdrawn", "people.account-detached"} <= set(await announced(owner_of))
    for act in (
        lambda tx: people.withdraw_person(tx, clinic, wrong, "再撤"),
        lambda tx: people.correct(tx, clinic, wrong, people.CorrectionForm("x", name="别人")),
        lambda tx: people.record_death(tx, clinic, wrong, date(2026, 1, 1), PAPER),
    ):
        with pytest.raises(Problem) as gone:
            await database.transact(act)
        assert gone.value.code == "person-gone"


async def test_with_a_withdrawn_registration_grants_and_consents_end(database: Database) -> None:
    wrong, other = await a_person(database), await a_person(database)
    terms = people.grants.read_terms("carer", ["card"], None, database.clock.now().date())
    for person, keeper in ((wrong, other), (other, wrong)):
        await database.transact(
            lambda tx, p=person, k=keeper: people.grants.grant_at_counter(tx, desk(), p, k, terms, "到场", POLICY)  # type: ignore[misc]
        )
    wish = people.consents.ConsentWish("research.diabetes", "1", 30, "paper")
    await database.transact(lambda tx: people.consents.give_consent(tx, desk(), wrong, wish, POLICY))
    await database.transact(lambda tx: people.withdraw_person(tx, desk(), wrong, "开错人"))
    async with database.read() as read:
        assert await people.grants.kept_by(read, wrong) == await people.grants.kept_by(read, other) == []
        assert {grant.state for grant in await people.grants.grants_of(read, other)} == {"ended"}
        assert not await people.consents.consented(read, wrong, wish.purpose, database.clock.now())


async def test_a_newborn_registered_in_error_can_be_registered_again(database: Database) -> None:
    child = checked(name=None, sex="1", documents=(), birth=at_birth(await a_woman(database)))
    wrong = (await register(database, child)).person_id
    await database.transact(lambda tx: people.withdraw_person(tx, desk(), wrong, "写错母亲"))
    assert (await register(database, child)).created


async def test_whoever_is_withdrawn_while_registering_again_is_registered_anew(database: Database) -> None:
    """Registering and withdrawing the same person, over and over at once: never a dead end, never two alive."""
    registration = checked(documents=(people.DocumentForm("01", next_number()),))
    person = (await register(database, registration)).person_id
    await database.transact(lambda tx: people.withdraw_person(tx, desk(), person, "开错"))
    again = await register(database, registration)
    assert again.created
    assert again.person_id != person


async def test_only_with_the_scope(database: Database) -> None:
    person = await a_person(database)
    clerk = desk(None, "people.register")
    for act in (
        lambda tx: people.record_death(tx, clerk, person, date(2026, 1, 1), PAPER),
        lambda tx: people.undo_death(tx, clerk, person, PAPER, POLICY),
        lambda tx: people.withdraw_person(tx, clerk, person, PAPER),
        lambda tx: people.merge_persons(tx, clerk, person, person, PAPER),
        lambda tx: people.unmerge_persons(tx, clerk, person),
        lambda tx: people.accounts.detach_account(tx, clerk, person),
    ):
        with pytest.raises(Problem) as forbidden:
            await database.transact(act)
        assert forbidden.value.code == "forbidden"


async def test_the_day_of_death_is_counted_in_shanghai(database: Database) -> None:
    person = await a_person(database)
    just_past_midnight = at(database, datetime(2026, 11, 24, 0, 30, tzinfo=SHANGHAI))
    await die(just_past_midnight, person, date(2026, 11, 24))
