"""A table the handlers under test write to, and a way to stand at another time."""

from collections.abc import AsyncIterator

import asyncpg
import pytest
from core.background.effects import Effects, Later, Write
from fixtures.databases import Copy

from healthcloud.core.clock import Clock
from healthcloud.core.db import Database, Transaction


@pytest.fixture(scope="module", autouse=True)
async def effects_table(owner_url: str) -> None:
    connection = await asyncpg.connect(owner_url)
    await connection.execute(
        """
        CREATE TABLE core.effects (about text NOT NULL, said text NOT NULL);
        CREATE TABLE core.queue (id integer NOT NULL CONSTRAINT queue_pk PRIMARY KEY);
        GRANT SELECT, INSERT, UPDATE, DELETE ON core.effects, core.queue TO healthcloud_app;
        """
    )
    await connection.close()


@pytest.fixture
def about(request: pytest.FixtureRequest) -> str:
    """A name of this test's own, for its kinds and effects: the module's tests share a database."""
    return str(request.node.name).replace("[", "-").rstrip("]")


@pytest.fixture
def write(about: str) -> Write:
    """What a handler does: `await write(tx, said)`."""

    async def write(tx: Transaction, said: str) -> int:
        return await tx.run("INSERT INTO core.effects (about, said) VALUES ($1, $2)", about, said)

    return write


@pytest.fixture
def effects(database: Database) -> Effects:
    """Everything the handlers of a test have said, sorted."""

    async def effects(about: str) -> list[str]:
        async with database.read() as read:
            return await read.values(str, "SELECT said FROM core.effects WHERE about = $1 ORDER BY said", about)

    return effects


@pytest.fixture
def later(database: Database) -> Later:
    """The same database, that much later."""
    return lambda offset: Database(database._pool, database.url, Clock(offset=offset), database.vault)


@pytest.fixture
async def superuser(module_copy: Copy) -> AsyncIterator[asyncpg.Connection]:
    """Who may end other people's connections."""
    connection = await asyncpg.connect(module_copy.superuser_url)
    yield connection
    await connection.close()
