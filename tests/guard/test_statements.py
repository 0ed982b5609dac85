"""Every statement fits the migrated schema, its dataclass and its arguments, and reaches only where it may."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
from guard import statements


@pytest.fixture
async def connection(owner_url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(owner_url)
    yield connection
    await connection.close()


async def test_every_statement_fits(connection: asyncpg.Connection) -> None:
    public = await statements.public_relations(connection)
    faults: list[str] = []
    checked = 0
    for path in statements.stores():
        found, misfits = statements.statements_of(path)
        faults += misfits
        for statement in found:
            faults += await statements.statement_faults(connection, statement, public)
            checked += 1
    assert faults == []
    assert checked > 50


# A connection goes back to its pool as it is (core.db).
LEAVES_SOMETHING = re.compile(
    r"^\s*(SET|RESET|LISTEN|DECLARE|PREPARE|DISCARD)\b|set_config|advisory_lock", re.IGNORECASE
)


def test_no_statement_leaves_something_behind_in_its_session() -> None:
    found = [one for path in statements.stores() for one in statements.statements_of(path)[0]]
    assert [one.place for one in found if LEAVES_SOMETHING.search(one.sql)] == []
    for sql in ("\n  SET search_path = x", "SELECT set_config('a', 'b', false)", "SELECT pg_advisory_lock(1)"):
        assert LEAVES_SOMETHING.search(sql)


STORE = """
from dataclasses import dataclass
from uuid import UUID

@dataclass
class Line:
    id: UUID

async def find(read, id):
    return await read.one(Line, "{sql}", {arguments})
"""


@pytest.mark.parametrize(
    ("sql", "arguments", "told"),
    [
        ("SELECT deed_id AS wrong FROM audit.unsealed WHERE deed_id = $1", "id", "columns"),
        ("SELECT deed_id AS id FROM audit.unsealed WHERE deed_id = $1", "id, id", "arguments"),
        ("SELECT nothing AS id FROM audit.unsealed WHERE deed_id = $1", "id", "nothing"),
        ("SELECT deed_id AS id FROM audit.unsealed WHERE deed_id = $1", "id", "public"),
        ("DELETE FROM audit.unsealed WHERE deed_id = $1 RETURNING deed_id AS id", "id", "writes"),
    ],
)
async def test_the_check_can_fail(
    connection: asyncpg.Connection,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    sql: str,
    arguments: str,
    told: str,
) -> None:
    package = tmp_path / "healthcloud"
    path = package / "cards" / "store.py"
    path.parent.mkdir(parents=True)
    path.write_text(STORE.format(sql=sql, arguments=arguments))
    namespace: dict[str, object] = {}
    exec(compile(path.read_text(), path, "exec"), namespace)  # noqa: S102 - the sample store just written
    module = type("Module", (), namespace)
    monkeypatch.setattr("importlib.import_module", lambda _: module)
    [statement], misfits = statements.statements_of(path, package)
    assert misfits == []
    faults = await statements.statement_faults(connection, statement, set())
    assert any(told in fault for fault in faults), faults


def test_two_statements_in_one_function_are_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "cards" / "store.py"
    path.parent.mkdir()
    path.write_text('async def f(tx):\n    await tx.run("SELECT 1")\n    await tx.run("SELECT 2")\n')
    assert statements.statements_of(path, tmp_path)[1]
    path.write_text("async def f(tx, sql):\n    await tx.run(sql)\n")
    assert statements.statements_of(path, tmp_path)[1]
