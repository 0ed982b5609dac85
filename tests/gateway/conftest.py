"""A served city for each module of the faces' tests."""

from collections.abc import AsyncIterator

import pytest
from gateway.faces import FaceTown, face_town

from healthcloud.core.db import Database


@pytest.fixture(scope="module")
async def city(database: Database) -> AsyncIterator[FaceTown]:
    async with face_town(database) as city:
        yield city
