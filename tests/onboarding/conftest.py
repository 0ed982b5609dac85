"""A town for each module, with a sealer; uses are counted by point from what it has sealed."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from cards.scanning import Town, a_town
from onboarding.coming import Coming

from healthcloud import audit
from healthcloud.core.clock import REAL_CLOCK
from healthcloud.core.db import Database


@pytest.fixture(scope="module")
async def served_town(database: Database) -> AsyncIterator[Town]:
    async with a_town(database) as town:
        yield town


@pytest.fixture
def coming(served_town: Town, tmp_path: Path) -> Coming:
    served_town.database.clock = REAL_CLOCK
    return Coming(served_town, audit.Sealer(served_town.database, audit.HeadFile(tmp_path / "heads")))
