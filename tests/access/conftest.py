"""A town for each module; each test starts it with the clock as it left it."""

from collections.abc import AsyncIterator

import pytest
from access.town import Town, a_town

from healthcloud.core.db import Database


@pytest.fixture(scope="module")
async def town(database: Database) -> AsyncIterator[Town]:
    async with a_town(database) as town:
        yield town
