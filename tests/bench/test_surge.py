"""A surge on a whole city: with the gate it is well again soon; without it, the control, it must not be."""

import shutil

import pytest
from bench import surge
from bench.city import BenchCity

pytestmark = [
    pytest.mark.city,
    pytest.mark.skipif(shutil.which("wrk") is None, reason="wrk is not installed: scripts/debian-packages bench"),
]
SECONDS = 6.0
MOST_SILENT = 0.01


def test_whoever_is_told_that_their_scan_was_taken_finds_it_kept(
    city: BenchCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given a process that can bear hardly anything, then refusals are refusals, and what is acknowledged is there."""
    monkeypatch.setattr(surge, "CALM_SECONDS", 0.5)
    monkeypatch.setattr(surge, "AFTER_SECONDS", 0.5)
    monkeypatch.setattr(surge, "RESIDENTS", 20)
    monkeypatch.setattr(surge, "TRIALS", 1)
    found = surge.surge(city, 1, 10.0, in_flight=8)
    assert found.wrong == 0
    assert 0 < found.acknowledged <= found.rows
    row = surge.row_of(found, city)
    assert "use rows for" in row.checked


@pytest.mark.drill
def test_a_surge_passes_where_it_is_shed_and_the_control_is_swamped(city: BenchCity) -> None:
    shed = surge.surge(city, SECONDS)
    control = surge.surge(city, SECONDS, shed.base, **surge.WITHOUT)
    for found in (shed, control):
        assert found.late < surge.MOST_LATE_SECONDS, "this machine is too busy to make such a crowd"
        assert found.wrong == 0
        assert 0 < found.acknowledged <= found.rows, "no acknowledged use is lost, shed or not"
    assert shed.recovered <= surge.PROMISE_SECONDS
    refused = shed.refused()
    assert refused["scans"] < refused["cards"] <= refused["figures"] + 0.1, refused
    assert shed.silent < MOST_SILENT, "who is refused hears it, and who is let in is answered"
    assert control.silent > 10 * MOST_SILENT, "nothing was proven: the control was not swamped"
    assert shed.times(0.99) < control.times(0.99)
