"""Who was loaded is kept row by row as who registered and applied for a card one by one."""

from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from healthcloud import cards, people
from healthcloud.core.caller import SYSTEM
from healthcloud.core.crypto import Vault
from healthcloud.core.db import Database
from healthcloud.server.demonstration import registrations

RESIDENTS = registrations(0, 150)
SEEN = people.Verification(people.Level.REGISTRY, "registry")
# By table: which columns are sealed, under which purpose, and what of a row they are bound to.
SEALED = {
    "people.persons": ("face_sealed", "people.face", ("id",)),
    "people.documents": ("number_sealed", "people.document", ("person_id", "id")),
    "people.contacts": ("phone_sealed", "people.phone", ("person_id", "id")),
}
# What a load leaves out on purpose, and why.
NOT_LOADED = {
    "people.verifications": "nobody was verified one by one: what asks for a check of late must find none",
    "audit.deeds": "one deed stands for all",
    "audit.unsealed": "as the deeds",
    "core.outbox": "nobody is told of each",
}

Row = dict[str, Any]


@pytest.fixture
async def registered(database: Database) -> Database:
    """A database whose residents came one by one."""
    for one in RESIDENTS:
        await _register(database, one)
    return database


async def _register(database: Database, resident: people.Registration) -> None:
    done = await database.transact(lambda tx: people.register(tx, SYSTEM, resident, SEEN, people.Policy()))
    wish = cards.Application(done.person_id, mode=cards.Mode.PREGENERATED)
    await database.transact(lambda tx: cards.apply(tx, SYSTEM, wish))


@pytest.fixture
async def loaded(fresh_database: Database) -> Database:
    """A database whose residents were loaded."""
    now = fresh_database.clock.now()
    rows = people.loading.prepare_residents(fresh_database.vault, RESIDENTS, now, people.Level.REGISTRY)
    await fresh_database.transact(lambda tx: people.loading.load_residents(tx, SYSTEM, rows))
    await fresh_database.transact(lambda tx: cards.load_cards(tx, SYSTEM, rows.person_ids))
    return fresh_database


async def test_the_loaded_are_like_the_registered(registered: Database, loaded: Database) -> None:
    one_by_one, at_once = await rows_of(registered), await rows_of(loaded)
    differing = {table for table in one_by_one if one_by_one[table] != at_once[table]}
    assert differing == NOT_LOADED.keys()
    assert len(at_once["people.document_index"]) == len(RESIDENTS)
    assert at_once["people.verifications"] == []
    assert len(at_once["audit.deeds"]) == len(at_once["audit.unsealed"]) == 2


async def rows_of(database: Database) -> dict[str, list[Row]]:
    """Return every row of every table these features write, what is random or of the clock named by what it is."""
    connection = await asyncpg.connect(database.url)
    try:
        names = await connection.fetch(
            """
            SELECT n.nspname || '.' || c.relname AS name
              FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
             WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
               AND (n.nspname IN ('people', 'cards') OR n.nspname || '.' || c.relname = ANY ($1))
            """,
            list(NOT_LOADED),
        )
        tables = {row["name"]: list(map(dict, await connection.fetch(f"SELECT * FROM {row['name']}"))) for row in names}
    finally:
        await connection.close()
    known = names_of(tables)
    for table, (column, purpose, bound) in SEALED.items():
        for row in tables[table]:
            row[column] = opened(database.vault, purpose, row, bound, row[column])
    return {name: sorted((told(row, known) for row in rows), key=str) for name, rows in tables.items()}


def names_of(tables: dict[str, list[Row]]) -> dict[object, str]:
    """Name persons by their document's fingerprint, documents and cards by their person."""
    index, known = tables["people.document_index"], {}
    for row in index:
        known[row["person_id"]] = f"person {row['fingerprint'].hex()}"
        known[row["document_id"]] = f"document {row['fingerprint'].hex()}"
    return known | {row["card_id"]: f"card of {known[row['person_id']]}" for row in tables["cards.holders"]}


def opened(vault: Vault, purpose: str, row: Row, bound: tuple[str, ...], value: bytes) -> bytes:
    return vault.open(purpose, b"".join(row[name].bytes for name in bound), value)


def told(row: Row, known: dict[object, str]) -> Row:
    return {name: told_value(value, known) for name, value in row.items()}


def told_value(value: object, known: dict[object, str]) -> object:
    if isinstance(value, list):
        return [told_value(one, known) for one in value]
    if isinstance(value, datetime):
        return "then"
    if isinstance(value, UUID):
        return known.get(value, value if value == SYSTEM.account_id else "an id")
    return known.get(value, value) if isinstance(value, bytes) else value
