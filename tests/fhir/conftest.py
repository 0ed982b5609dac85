"""One whole city for each module, and two hospitals' programs."""

from collections.abc import AsyncIterator

import pytest
from conformance.city import Whole, whole_city
from fixtures.fhir_desk import Desk, desk_of

from healthcloud.core.db import Database


@pytest.fixture(scope="module")
async def city(database: Database) -> AsyncIterator[Whole]:
    async with whole_city(database) as city:
        yield city


@pytest.fixture(scope="module")
def desk(city: Whole) -> Desk:
    """A program that may do everything of the face."""
    return desk_of(city, city.here.id)


@pytest.fixture(scope="module")
def there(city: Whole) -> Desk:
    """The same of another hospital."""
    return desk_of(city, city.town.there.id)
