"""The hot statements find their rows by key, whether the tables are empty when the plan is made or have grown."""

from pathlib import Path
from typing import Any

import asyncpg
import pytest
from cards.scanning import Town, a_town
from guard.statements import plan_nodes, statements_of

import healthcloud
from healthcloud.core.db import Database
from healthcloud.core.hot_connection import PLANNING

SOURCE = Path(healthcloud.__file__).parent
HOT = [("cards/verification/store.py", "check_and_use"), ("people/seen/store.py", "seen_at")]
BY_KEY = {"Index Scan", "Index Only Scan"}


async def scans_of(owner_url: str, sql: str) -> list[dict[str, Any]]:
    """Return the plan's nodes that read a table."""
    connection = await asyncpg.connect(owner_url, server_settings=PLANNING)
    try:
        nodes = await plan_nodes(connection, sql)
    finally:
        await connection.close()
    return [node for node in nodes if "Relation Name" in node and node["Node Type"] != "ModifyTable"]


def sql_of(place: str, function: str) -> str:
    found, _ = statements_of(SOURCE / place)
    return next(statement.sql for statement in found if statement.function == function)


@pytest.mark.parametrize(("place", "function"), HOT)
async def test_no_hot_statement_reads_a_table_but_by_key(
    fresh_database: Database, owner_of: str, place: str, function: str
) -> None:
    sql = sql_of(place, function)
    empty = await scans_of(owner_of, sql)
    assert {node["Node Type"] for node in empty} <= BY_KEY
    assert all("Index Cond" in node for node in empty)
    async with a_town(fresh_database) as town:
        await fill(town)
    owner = await asyncpg.connect(owner_of)
    await owner.execute("ANALYZE")
    await owner.close()
    grown = await scans_of(owner_of, sql)
    assert {node["Node Type"] for node in grown} <= BY_KEY
    assert all("Index Cond" in node for node in grown)


async def fill(town: Town) -> None:
    for _ in range(3):
        holder = await town.holder()
        await town.scan(town.code(holder.card))


async def test_the_check_can_fail(owner_url: str) -> None:
    found = await scans_of(owner_url, "SELECT 1 FROM cards.uses WHERE scene <> 'x'")
    assert any(node["Node Type"] not in BY_KEY or "Index Cond" not in node for node in found)
