"""No statement reads a table through, but for those that say why."""

from collections.abc import AsyncIterator

import asyncpg
import pytest
from guard.plans import COSTS, READING_THROUGH, every_statement, first_columns, read_through

from healthcloud.core.hot_connection import PLANNING

# What each request of a peak is made of; that it is looked at by the guard is itself checked.
HOT = {
    "access/clients/store.py key_standings",
    "access/clients/store.py use_nonces",
    "access/sessions/store.py session_rows",
    "audit/store.py add_deeds",
    "audit/store.py add_deeds_of_each",
    "audit/store.py claim_unsealed",
    "cards/verification/store.py check_and_use",
    "core/background/store.py claim_events",
    "core/background/store.py take",
    "core/idempotency/store.py claim_each",
    "core/idempotency/store.py keep_each",
    "institutions/terminals/store.py seat_of_token",
    "people/identities/store.py claim",
    "people/identities/store.py owners",
    "people/registration/store.py add_rows",
    "people/registration/store.py join_lookups",
    "people/registration/store.py known",
    "people/seen/store.py seen_at",
    "people/seen/store.py seen_resolved_at",
}

# What a resident's own screens and a desk's page are made of.
OWN_SCREENS = {
    "access/sessions/store.py session_rows",
    "audit/store.py count_about",
    "audit/store.py deeds_about",
    "cards/desk/store.py newest",
    "cards/phones/store.py phones_of",
    "cards/store.py front_rows",
    "cards/store.py held_card_id",
    "cards/uses/store.py card_ids_of",
    "cards/uses/store.py uses_of",
    "people/grants/store.py grants_of",
    "people/grants/store.py kept_by",
    "people/grants/store.py members_of",
    "people/looks/store.py read_up_to",
    "people/requests/store.py requests_of",
    "people/seen/store.py seen_at",
}


@pytest.fixture
async def connection(owner_url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(owner_url, server_settings=PLANNING | COSTS)
    yield connection
    await connection.close()


async def test_every_statement_finds_its_rows_by_an_index(connection: asyncpg.Connection) -> None:
    found = {}
    firsts = await first_columns(connection)
    for name, statement in every_statement():
        if through := await read_through(connection, statement.sql, firsts):
            found[name] = through
    assert {name: tables for name, tables in found.items() if name not in READING_THROUGH} == {}
    assert READING_THROUGH.keys() - found.keys() == set()


def test_the_hot_ones_are_among_them_and_none_is_excused() -> None:
    names = {name for name, _ in every_statement()}
    assert names >= HOT | OWN_SCREENS, (HOT | OWN_SCREENS) - names
    assert (HOT | OWN_SCREENS).isdisjoint(READING_THROUGH)


@pytest.mark.parametrize(
    ("sql", "through"),
    [
        ("SELECT p.state FROM people.persons p, cards.holders h WHERE h.card_id = $1 AND p.id = h.person_id", True),
        ("DELETE FROM cards.uses WHERE scene = $1", True),
        ("SELECT name FROM institutions.institutions WHERE lower(name) = lower($1) ORDER BY name LIMIT 1", True),
        ("SELECT seq FROM audit.blocks ORDER BY seq DESC LIMIT 1", False),
        ("SELECT card_id FROM cards.holders WHERE person_id = $1", False),
        ("SELECT u.scene FROM unnest($1::bytea[]) AS a (id) JOIN cards.uses u ON u.card_id = a.id", False),
    ],
)
async def test_the_check_can_fail(connection: asyncpg.Connection, sql: str, *, through: bool) -> None:
    assert bool(await read_through(connection, sql, await first_columns(connection))) is through
