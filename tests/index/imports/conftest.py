"""The code sets institutions are opened by."""

import pytest

from healthcloud import institutions
from healthcloud.core.caller import SYSTEM
from healthcloud.core.db import Database


@pytest.fixture(autouse=True)
async def code_sets(database: Database) -> None:
    await institutions.load_standard_sets(database, SYSTEM)
