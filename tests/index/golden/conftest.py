"""A town whose cards can be scanned, for what follows a correction."""

from collections.abc import AsyncIterator

import pytest
from cards.scanning import Town, a_town

from healthcloud.core.clock import REAL_CLOCK
from healthcloud.core.db import Database


@pytest.fixture
async def town(database: Database) -> AsyncIterator[Town]:
    database.clock = REAL_CLOCK
    async with a_town(database) as town:
        yield town
