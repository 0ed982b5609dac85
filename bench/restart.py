"""Restart: how long the city is away, renewed while it serves, stopped and started again, and killed."""

import os
import signal
import time
from dataclasses import dataclass
from statistics import median
from subprocess import Popen

from bench.city import BenchCity
from bench.row import Row
from bench.scans import scans_of
from bench.serving import Serving, is_ready, start, stop, wait_until_ready
from bench.verify import counted_load

PROMISE_SECONDS = 2.0
PROBE_SECONDS = 0.005
LOAD_SECONDS = 1.0  # before each restart, so that there is something to end


@dataclass(frozen=True, slots=True)
class Away:
    """Seconds from the first sign of the end to the end, and from the start to the first readiness."""

    ending: float
    starting: float

    @property
    def whole(self) -> float:
        """How long nobody was answered, at most."""
        return self.ending + self.starting


@dataclass(frozen=True, slots=True)
class Renewed:
    """The longest time from one answer to the next while the processes were renewed, and how long that took."""

    longest: float
    whole: float


def measure(city: BenchCity, seconds: float, runs: int = 3) -> list[Row]:
    """Restart a city that has just been working, in order and by force."""
    process = start(city)
    try:
        wait_until_ready(city, process)
        found: dict[str, list[Away]] = {"in order": [], "killed": []}
        for _ in range(runs):
            for how, away in found.items():
                counted_load(Serving(process, city.url, city), scans_of(city), min(seconds, LOAD_SECONDS))
                process, gone = _again(city, process, killed=how == "killed")
                away.append(gone)
        renewed = [_renewed(Serving(process, city.url, city)) for _ in range(runs)]
    finally:
        stop(process)
    return [_renewal_row(city, renewed), *(_row(city, how, away) for how, away in found.items())]


def _renewed(serving: Serving) -> Renewed:
    """Ask for a renewal, and ask for an answer over a new connection every few milliseconds until it is over."""
    before, began = set(serving.pids("worker")), time.monotonic()
    serving.process.send_signal(signal.SIGUSR2)
    answered, longest = began, 0.0
    while len(now := set(serving.pids("worker"))) < len(before) or now & before:
        if is_ready(serving.city):
            longest, answered = max(longest, time.monotonic() - answered), time.monotonic()
        time.sleep(PROBE_SECONDS)
    return Renewed(max(longest, time.monotonic() - answered), time.monotonic() - began)


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


def _renewal_row(city: BenchCity, renewed: list[Renewed]) -> Row:
    longest = max(one.longest for one in renewed)
    return Row(
        name="restart, renewed while serving",
        promise=f"< {PROMISE_SECONDS:.0f} s",
        found=f"{longest * 1000:.0f} ms",
        kept=longest < PROMISE_SECONDS,
        data=f"{city.persons:,} persons, after scans",
        command="python -m bench restart",
        checked=f"the longest time without an answer, asked every {PROBE_SECONDS * 1000:.0f} ms; all renewed after "
        f"{median(one.whole for one in renewed):.2f} s; the worst of {len(renewed)}",
    )


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
