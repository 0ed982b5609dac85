"""A town for each module, with a sealer; figures count what it has sealed."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from cards.scanning import Town, a_town
from figures.counting import Counted

from healthcloud import audit
from healthcloud.core.clock import REAL_CLOCK
from healthcloud.core.db import Database


@pytest.fixture(scope="module")
async def served_town(database: Database) -> AsyncIterator[Town]:
    async with a_town(database) as town:
        yield town


@pytest.fixture
def counted(served_town: Town, tmp_path: Path) -> Counted:
    served_town.database.clock = REAL_CLOCK
    return Counted(served_town, audit.Sealer(served_town.database, audit.HeadFile(tmp_path / "heads")))
