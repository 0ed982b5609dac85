"""A long queue costs no more than a short one: each claim finds its rows by index."""

from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
from guard.statements import plan_nodes, statements_of

from healthcloud.core.background import store


@pytest.fixture(scope="module")
async def backlog(owner_url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(owner_url)
    await connection.execute(
        """
        INSERT INTO core.jobs (id, kind, priority, body, due_at, created_at)
        SELECT gen_random_uuid(), 'kind-' || n % 5, n % 3, '{}', now(), now() FROM generate_series(1, 5000) AS n;
        INSERT INTO core.outbox (id, kind, body, at)
        SELECT gen_random_uuid(), 'kind-' || n % 5, '{}', now() FROM generate_series(1, 5000) AS n;
        ANALYZE core.jobs, core.outbox;
        """
    )
    yield connection
    await connection.close()


@pytest.mark.parametrize(
    "name", ["claim_events", "due", "take", "take_one", "hide", "remove", "advance", "postpone", "bury"]
)
async def test_a_backlog_is_not_read_through(backlog: asyncpg.Connection, name: str) -> None:
    [statement] = [s for s in statements_of(Path(store.__file__))[0] if s.function == name]
    nodes = await plan_nodes(backlog, statement.sql)
    assert [node["Node Type"] for node in nodes if node["Node Type"] == "Seq Scan"] == []
    assert any(node.get("Index Name", "").startswith(("jobs_", "outbox_")) for node in nodes)
