"""The lists are told while the database is away: what was read last, as much of it as a reader lacks."""

from datetime import UTC, datetime

import pytest

from healthcloud.cards.offline import Revocations
from healthcloud.cards.offline.kept import lacking
from healthcloud.cards.offline.model import Published

NOW = datetime(2026, 11, 23, tzinfo=UTC)
WHOLE = Revocations(Published(7, NOW, 0, "s"), [Published(8, NOW, 0, "a"), Published(9, NOW, 0, "b")])


@pytest.mark.parametrize(
    ("after", "snapshot", "deltas"),
    [(None, 7, [8, 9]), (3, 7, [8, 9]), (7, None, [8, 9]), (8, None, [9]), (9, None, []), (12, None, [])],
)
def test_a_reader_gets_what_it_lacks(after: int | None, snapshot: int | None, deltas: list[int]) -> None:
    found = lacking(WHOLE, after)
    assert (found.snapshot.number if found.snapshot else None, [one.number for one in found.deltas]) == (
        snapshot,
        deltas,
    )
