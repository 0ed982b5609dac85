"""Accounts: one own person each, claimed only where a counter wrote the account's number down."""

import asyncio

import pytest
from people.makers import POLICY, a_person, checked, deeds_of, desk, face_of, register, resident

from healthcloud import people
from healthcloud.core.caller import Caller
from healthcloud.core.db import Database
from healthcloud.core.errors import Problem
from healthcloud.core.ids import new_id

accounts = people.accounts
PROVEN = people.Verification(people.Level.REGISTRY, "registry")


async def claim(database: Database, caller: Caller, registration: people.Registration) -> people.Registered:
    return await database.transact(lambda tx: accounts.claim_own_person(tx, caller, registration, PROVEN, POLICY))


async def refused(database: Database, caller: Caller, registration: people.Registration, code: str) -> None:
    with pytest.raises(Problem) as problem:
        await claim(database, caller, registration)
    assert problem.value.code == code


async def test_somebody_new_is_registered_by_their_own_account(database: Database) -> None:
    me, registration = resident(), checked(phone="13500000001")
    first = await claim(database, me, registration)
    assert first.created
    assert await claim(database, me, registration) == people.Registered(first.person_id, created=False)
    async with database.read() as read:
        assert await accounts.person_of_account(read, me.account_id) == first.person_id
    await refused(database, me, checked(phone="13500000001"), "account-has-person")


async def test_somebody_known_is_tied_only_by_the_number_a_counter_wrote_down(database: Database) -> None:
    known = checked(phone="13500000002")
    person = (await register(database, known)).person_id
    for told in (
        people.Registration(known.name, known.sex, known.birth_date, known.documents, phone="13500000003"),
        people.Registration("冒充者", known.sex, known.birth_date, known.documents, phone="13500000002"),
        people.Registration(known.name, known.sex, known.birth_date, known.documents),
    ):
        await refused(database, resident(), told, "identity-not-confirmed")
    assert (await deeds_of(database, person)).count(("people.claimed", "refused")) == 3
    assert (await claim(database, resident(), known)).person_id == person


async def test_of_two_accounts_claiming_one_person_one_is_refused(database: Database) -> None:
    known = checked(phone="13500000004")
    await register(database, known)
    answers = await asyncio.gather(*(claim(database, resident(), known) for _ in range(4)), return_exceptions=True)
    assert sum(isinstance(answer, people.Registered) for answer in answers) == 1
    assert {answer.code for answer in answers if isinstance(answer, Problem)} == {"identity-not-confirmed"}


async def test_whom_a_counter_registers_at_this_very_moment_is_not_claimed_unproven(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = checked()
    await register(database, known)

    async def nobody_yet(*_: object) -> None:
        """See what a claim saw that looked just before."""

    monkeypatch.setattr("healthcloud.people.accounts.actions.holder", nobody_yet)
    await refused(database, resident(), known, "identity-not-confirmed")


async def test_a_counter_ties_another_account_and_unties_it(database: Database) -> None:
    person, old, new = await a_person(database), resident(), resident()
    clerk = desk()
    for account in (old, new, new):
        await database.transact(
            lambda tx, a=account: accounts.attach_account(tx, clerk, person, a.account_id)  # type: ignore[misc]
        )
    async with database.read() as read:
        assert await accounts.person_of_account(read, old.account_id) is None
        assert await accounts.person_of_account(read, new.account_id) == person
        assert await accounts.person_of_account(read, new_id()) is None
    other = await a_person(database)
    with pytest.raises(Problem) as tied:
        await database.transact(lambda tx: accounts.attach_account(tx, clerk, other, new.account_id))
    assert tied.value.code == "account-has-person"
    await database.transact(lambda tx: accounts.detach_account(tx, clerk, person))
    with pytest.raises(Problem) as untied:
        await database.transact(lambda tx: accounts.detach_account(tx, clerk, person))
    assert untied.value.code == "person-not-found"


async def test_staff_and_guests_claim_nobody(database: Database) -> None:
    await refused(database, desk(), checked(), "unauthenticated")


async def test_a_check_of_somebody_known_raises_their_level(database: Database) -> None:
    known, me = checked(phone="13500000005"), resident()
    person = (await register(database, known)).person_id
    await claim(database, me, known)
    assert (await face_of(database, person)).level is people.Level.REGISTRY
    since = database.clock.now()
    await claim(database, me, known)
    async with database.read() as read:
        assert await people.verified_since(read, person, since) is people.Level.REGISTRY
        assert await people.verified_since(read, person, database.clock.now()) is None
