"""One whole city for each module."""

from collections.abc import AsyncIterator

import pytest
from conformance.city import Whole, whole_city

from healthcloud.core.db import Database


@pytest.fixture(scope="module")
async def city(database: Database) -> AsyncIterator[Whole]:
    async with whole_city(database) as city:
        yield city
