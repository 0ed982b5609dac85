"""Consents: purpose, words, term; withdrawn at the next read; a guardian's for a child."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from people.makers import POLICY, a_child, a_person, at, deeds_of, desk, resident

from healthcloud import people
from healthcloud.core.caller import Caller
from healthcloud.core.db import Database
from healthcloud.core.errors import Problem
from healthcloud.core.ids import new_id

consents = people.consents
WISH = consents.ConsentWish("research.diabetes", "2026-01", 365, "app")


async def give(
    database: Database, caller: Caller, person: UUID, wish: consents.ConsentWish = WISH
) -> people.consents.Consent:
    return await database.transact(lambda tx: consents.give_consent(tx, caller, person, wish, POLICY))


async def stands(database: Database, person: UUID, purpose: str = WISH.purpose) -> bool:
    async with database.read() as read:
        return await consents.consented(read, person, purpose, database.clock.now())


async def test_a_consent_stands_for_its_purpose_and_term_until_withdrawn(database: Database) -> None:
    person = await a_person(database)
    assert not await stands(database, person)
    given = await give(database, resident(person), person)
    assert await stands(database, person)
    assert not await stands(database, person, "research.cancer")
    assert not await stands(at(database, database.clock.now() + timedelta(days=366)), person)
    await database.transact(lambda tx: consents.withdraw_consent(tx, resident(person), person, given.id))
    assert not await stands(database, person)
    async with database.read() as read:
        [kept] = await consents.consents_of(read, person)
    assert (kept.text_version, kept.given_by, bool(kept.withdrawn_at)) == ("2026-01", person, True)
    assert [deed for deed, _ in await deeds_of(database, person)][:2] == [
        "people.consent-withdrawn",
        "people.consent-given",
    ]


async def test_nobody_consents_for_another(database: Database) -> None:
    person, stranger = await a_person(database), await a_person(database)
    with pytest.raises(Problem) as refused:
        await give(database, resident(stranger), person)
    assert refused.value.code == "person-not-found"
    assert (await deeds_of(database, person))[0] == ("people.consent-given", "refused")


async def test_a_child_needs_a_guardian_and_a_clerk_may_hold_the_paper(database: Database) -> None:
    child = await a_child(database, date(2015, 6, 1))
    with pytest.raises(Problem) as refused:
        await give(database, resident(child), child)
    assert refused.value.code == "guardian-needed"
    await give(database, desk(), child, consents.ConsentWish("research.asthma", "1", 30, "paper"))
    assert await stands(database, child, "research.asthma")


async def test_what_is_unclear_is_no_consent(database: Database) -> None:
    person = await a_person(database)
    with pytest.raises(Problem) as refused:
        await give(database, resident(person), person, consents.ConsentWish("Research!", "", 0, "shout"))
    assert {fault.pointer for fault in refused.value.faults} == {"#/purpose", "#/text_version", "#/days", "#/channel"}


async def test_an_unknown_consent_cannot_be_withdrawn(database: Database) -> None:
    person = await a_person(database)
    with pytest.raises(Problem) as missed:
        await database.transact(lambda tx: consents.withdraw_consent(tx, resident(person), person, new_id()))
    assert missed.value.code == "consent-not-found"
