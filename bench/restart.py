"""Restart: how long the city is away, stopped in order and started again; and after everything of it was killed."""

import os
import signal
import time
from dataclasses import dataclass
from statistics import median
from subprocess import Popen

from bench.city import BenchCity
from bench.row import Row
from bench.scans import scans_of
from bench.serving import Serving, start, stop, wait_until_ready
from bench.verify import counted_load

PROMISE_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Away:
    """Seconds from the first sign of the end to the end, and from the start to the first readiness."""

    ending: float
    starting: float

    @property
    def whole(self) -> float:
        """How long nobody was answered, at most."""
        return self.ending + self.starting


def measure(city: BenchCity, seconds: float, runs: int = 3) -> list[Row]:
    """Restart a city that has just been working, in order and by force."""
    process = start(city)
    try:
        wait_until_ready(city, process)
        found: dict[str, list[Away]] = {"in order": [], "killed": []}
        for _ in range(runs):
            for how, away in found.items():
                counted_load(Serving(process, city.url, city), scans_of(city), seconds)
                process, gone = _again(city, process, killed=how == "killed")
                away.append(gone)
    finally:
        stop(process)
    return [_row(city, how, away) for how, away in found.items()]


def _again(city: BenchCity, process: Popen[bytes], *, killed: bool) -> tuple[Popen[bytes], Away]:
    began = time.monotonic()
    if killed:
        _kill(Serving(process, city.url, city))
    else:
        stop(process)
    ended = time.monotonic()
    again = start(city)
    wait_until_ready(city, again)
    return again, Away(ended - began, time.monotonic() - ended)


def _kill(serving: Serving) -> None:
    """Kill parent, children and database at once, as a power cut would, and wait until they are gone."""
    postmaster = serving.city.database.pid
    pids = [serving.process.pid, *serving.pids("worker"), *serving.pids("runner")]
    for pid in [*pids, *([postmaster] if postmaster else [])]:
        os.kill(pid, signal.SIGKILL)
    serving.process.wait()
    while serving.city.database.pid is not None:
        time.sleep(0.01)


def _row(city: BenchCity, how: str, away: list[Away]) -> Row:
    whole = median(one.whole for one in away)
    return Row(
        name=f"restart, {how}",
        promise=f"< {PROMISE_SECONDS:.0f} s" if how == "in order" else "for comparison, recovery included",
        found=f"{whole:.2f} s",
        kept=how != "in order" or whole < PROMISE_SECONDS,
        data=f"{city.persons:,} persons, after scans",
        command="python -m bench restart",
        checked=f"ending {median(one.ending for one in away):.2f} s, "
        f"starting until /readyz is 200 {median(one.starting for one in away):.2f} s; median of {len(away)}",
    )
