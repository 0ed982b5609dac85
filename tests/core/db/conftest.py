"""A table of things, whose uniqueness is checked at COMMIT: that is how a test makes a COMMIT wait, or fail."""

from collections.abc import AsyncIterator

import asyncpg
import pytest
from fixtures.databases import Copy


@pytest.fixture(scope="module", autouse=True)
async def things(owner_url: str) -> None:
    connection = await asyncpg.connect(owner_url)
    await connection.execute(
        """
        CREATE TABLE core.things (
            key text NOT NULL,
            n integer NOT NULL DEFAULT 0 CONSTRAINT things_counted CHECK (n >= 0),
            CONSTRAINT things_unique UNIQUE (key) DEFERRABLE INITIALLY DEFERRED);
        GRANT SELECT, INSERT, UPDATE ON core.things TO healthcloud_app;
        """
    )
    await connection.close()


@pytest.fixture
def key(request: pytest.FixtureRequest) -> str:
    """A row of this test's own."""
    return str(request.node.name)


@pytest.fixture
async def superuser(module_copy: Copy) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(module_copy.superuser_url)
    yield connection
    await connection.close()
