"""A database with the standard code sets, and a hospital of the test's own in it."""

from uuid import UUID

import pytest
from institutions.entering import MANAGER, wish, ws218

from healthcloud import institutions
from healthcloud.core.caller import SYSTEM
from healthcloud.core.db import Database


@pytest.fixture(scope="module")
async def city(database: Database) -> Database:
    await institutions.load_standard_sets(database, SYSTEM)
    return database


@pytest.fixture
async def hospital(city: Database) -> UUID:
    opened = await city.transact(lambda tx: institutions.open_institution(tx, MANAGER, wish(("ws218", ws218()))))
    return opened.institution_id
