"""The town of cards' tests, well within a minute: codes of one minute are one use, of two they are two."""

import pytest
from cards.scanning import Town

from healthcloud.core.clock import REAL_CLOCK

LATE_IN_A_MINUTE = 45


@pytest.fixture
def town(served_town: Town) -> Town:
    served_town.database.clock = REAL_CLOCK
    if served_town.now.second >= LATE_IN_A_MINUTE:
        served_town.advance(seconds=20)
    return served_town
