"""A merge and its un-merge restore everything: every row of people, cards and index, but for times and history."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from index.questions.working import answered, ask_about, confirmed, reviewer, settle, undone
from index.records.hospitals import hand_in_one, hospital
from people.makers import POLICY, SEEN, checked, desk, next_number, register, resident

from healthcloud import cards, people
from healthcloud.core.caller import SYSTEM
from healthcloud.core.db import Database, Transaction
from healthcloud.index.matching import Written

# What happened stays: history, words of who did what, lists already told to readers.
HISTORY = {
    "people.merges",
    "people.local_number_history",
    "people.corrections",
    "people.state_changes",
    "people.verifications",
    "cards.history",
    "cards.revocations",
    "cards.revocation_deltas",
    "index.decisions",
    "index.decided_pairs",
    "index.decided_records",
}
# How often and when a row was written, and what was decided about a pair by whom while it stood.
ASIDE = {"version", "changed_at", "opened_at", "claimed_by", "claimed_until", "linked_at", "placed_at", "decided_at"}


async def rows_of(owner_url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Return all rows of people, cards and index."""
    connection = await asyncpg.connect(owner_url)
    try:
        tables = await connection.fetch(
            """
            SELECT table_schema || '.' || table_name AS name, array_agg(column_name::text ORDER BY ordinal_position)
              FROM information_schema.columns
             WHERE table_schema IN ('people', 'cards', 'index') AND table_name !~ '_\\d{6}$'
             GROUP BY 1 ORDER BY 1
            """
        )
        found: dict[str, list[tuple[Any, ...]]] = {}
        for name, columns in tables:
            if name not in HISTORY:
                kept = ", ".join(f'"{column}"::text' for column in columns if column not in ASIDE)
                rows = await connection.fetch(f"SELECT {kept} FROM {name}")
                found[name] = sorted(tuple(str(value) for value in row) for row in rows)
        return found
    finally:
        await connection.close()


@dataclass(frozen=True)
class Life:
    """What one of two persons has before they are merged."""

    card: str  # none, prepared, normal, frozen, cancelled
    phones: int
    numbers: int
    is_kept: bool
    keeps: bool
    has_account: bool


LIVES = st.builds(
    Life,
    card=st.sampled_from(["normal", "frozen", "prepared", "none", "cancelled"]),
    phones=st.integers(0, 2),
    numbers=st.integers(0, 2),
    is_kept=st.booleans(),
    keeps=st.booleans(),
    has_account=st.booleans(),
)


FULL = Life("normal", phones=2, numbers=1, is_kept=True, keeps=True, has_account=True)
SMALL = Life("normal", phones=1, numbers=0, is_kept=False, keeps=False, has_account=False)
FROZEN = replace(FULL, card="frozen", keeps=False)


async def lived(database: Database, life: Life, relative: UUID) -> UUID:
    """Register somebody and give them what they have."""
    number = next_number(born=date(1902, 3, 4))
    registration = checked(documents=(people.DocumentForm("01", number),))
    person = (await register(database, registration, verification=SEEN)).person_id
    me = resident(person)
    transact = database.transact
    if life.has_account:
        await transact(lambda tx: people.accounts.attach_account(tx, desk(), person, me.account_id))
    terms = people.grants.read_terms("child", ["card"], None, database.clock.now().date())
    for subject, keeper in ((person, relative),) * life.is_kept + ((relative, person),) * life.keeps:
        await transact(
            lambda tx, subject=subject, keeper=keeper: people.grants.grant_at_counter(  # type: ignore[misc]  # bound
                tx, desk(), subject, keeper, terms, "到场", POLICY
            )
        )
    for _ in range(life.numbers):
        written = Written(registration.name, registration.sex, f"{registration.birth_date}", "01", number)
        answer = await hand_in_one(database, hospital(), written)
        assert answer.person_id == person, answer
    return person


async def with_card(database: Database, life: Life, person: UUID) -> None:
    transact, me = database.transact, resident(person)
    if life.card == "prepared":
        await transact(lambda tx: cards.prepare(tx, SYSTEM, [person]))
    elif life.card != "none":
        await transact(lambda tx: cards.apply(tx, me, cards.Application()))
        for place in range(life.phones):
            await transact(
                lambda tx, place=place: cards.phones.enrol_phone(tx, me, None, f"手机{place}")  # type: ignore[misc]  # bound
            )
        if life.card == "frozen":
            await transact(lambda tx: cards.freeze(tx, me, None))
        if life.card == "cancelled":
            await transact(lambda tx: cards.cancel(tx, me, None))


@settings(max_examples=3, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(one=FULL, other=FULL, card_first="one")
@example(one=FROZEN, other=FULL, card_first="other")
@example(one=FULL, other=FROZEN, card_first="one")
@given(one=LIVES, other=LIVES, card_first=st.sampled_from(["one", "other"]))
async def test_a_merge_and_its_unmerge_restore_everything(
    database: Database, owner_url: str, one: Life, other: Life, card_first: str
) -> None:
    relative = (await register(database, checked(), verification=SEEN)).person_id
    first, second = await lived(database, one, relative), await lived(database, other, relative)
    given_cards = [(one, first), (other, second)]
    for life, person in given_cards if card_first == "one" else reversed(given_cards):
        await with_card(database, life, person)
    await settle(database)
    question_id = await ask_about(database, first, second)
    before = await rows_of(owner_url)
    await answered(database, reviewer(), question_id, "same")
    done = await confirmed(database, reviewer(), question_id)
    await settle(database)
    merged = await rows_of(owner_url)
    assert merged["people.persons"] != before["people.persons"]
    await undone(database, reviewer(), done)
    await settle(database)
    after = await rows_of(owner_url)
    assert {name: rows for name, rows in after.items() if rows != before[name]} == {}


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
async def test_merges_one_upon_another_are_taken_back_one_by_one(
    database: Database, owner_url: str, order: tuple[int, int, int]
) -> None:
    relative = (await register(database, checked(), verification=SEEN)).person_id
    persons = [await lived(database, SMALL, relative) for _ in order]
    for place in order:
        await with_card(database, SMALL, persons[place])
    await settle(database)
    states = [await rows_of(owner_url)]
    for one, into in ((0, 1), (1, 2)):
        await database.transact(lambda tx, one=one, into=into: merge(tx, persons[one], persons[into]))  # type: ignore[misc]  # bound
        await settle(database)
        states.append(await rows_of(owner_url))
    for one, before in ((1, 1), (0, 0)):
        await database.transact(lambda tx, one=one: people.unmerge_persons(tx, SYSTEM, persons[one]))  # type: ignore[misc]  # bound
        await settle(database)
        after = await rows_of(owner_url)
        assert {name: rows for name, rows in after.items() if rows != states[before][name]} == {}


async def merge(tx: Transaction, one: UUID, into: UUID) -> None:
    await people.merge_persons(tx, SYSTEM, one, into, "同一人")
