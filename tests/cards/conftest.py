"""A town for each module; the clock is put right before each test."""

from collections.abc import AsyncIterator

import pytest
from cards.scanning import Town, a_town

from healthcloud.core.clock import REAL_CLOCK
from healthcloud.core.db import Database


@pytest.fixture(scope="module")
async def served_town(database: Database) -> AsyncIterator[Town]:
    async with a_town(database) as town:
        yield town


@pytest.fixture
def town(served_town: Town) -> Town:
    served_town.database.clock = REAL_CLOCK
    return served_town
