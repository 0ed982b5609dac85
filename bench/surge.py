"""A surge: ten and a hundred times the usual load of people who ask again; what is refused first, and who is served."""

import random
from collections import Counter
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from bench.city import BenchCity
from bench.crowd import Crowd, Kind, Phase, Tale, let_loose
from bench.row import Row
from bench.scans import scans_of
from bench.serving import serve
from bench.signed_in import sign_in
from bench.wrk import get, run_wrk

if TYPE_CHECKING:
    from collections.abc import Callable

PROMISE_SECONDS, PROMISE_MS = 10.0, 1_000.0
# The card as it is shown without script: the dearest way, so that a crowd which one machine can make is too much.
CARD, EVERYDAY, FIGURES = "/card/plain", "/hospitals", "/docs"
MOST_LATE_SECONDS = 1.0
PARTS = {"scans": 0.3, "cards": 0.5, "everyday": 0.15, "figures": 0.05}
RESIDENTS = 200
CALM_SECONDS, AFTER_SECONDS, TRIALS, TRIAL_SECONDS = 3.0, 20.0, 3, 1
# Of the cards one worker can show: ten times it is easily done, a hundred times about twice too much, and then all ask
# again. Not more, since the crowd is on the same machine.
BASE_SHARE = 1 / 40
WITHOUT = {"shedding": False}


@dataclass(frozen=True, slots=True)
class Surge:
    """What became of everybody: those who came up during the hundredfold, and how long afterwards things went wrong."""

    base: float
    seconds: float
    at_ten: list[Tale]
    at_hundred: list[Tale]
    granted: int  # during the hundredfold, whenever they had come up
    recovered: float
    acknowledged: int
    rows: int
    wrong: int
    late: float

    @property
    def goodput(self) -> float:
        """Wishes granted a second."""
        return self.granted / self.seconds

    def times(self, share: float) -> float:
        """Return this percentile of how long those waited for their answer who were let in, in ms."""
        times = sorted(tale.first_ms for tale in self.at_hundred if tale.first_ms is not None)
        return times[int(share * (len(times) - 1))] if times else 0.0

    def refused(self) -> dict[str, float]:
        """Return for each kind which part of its wishes was refused at least once, or met silence."""
        turned = Counter(tale.kind for tale in self.at_hundred if tale.refused or tale.silent)
        every = Counter(tale.kind for tale in self.at_hundred)
        return {kind: turned[kind] / every[kind] for kind in PARTS if every[kind]}

    @property
    def silent(self) -> float:
        """The part of wishes that met silence: no answer in three seconds."""
        return sum(1 for tale in self.at_hundred if tale.silent) / max(len(self.at_hundred), 1)


def measure(city: BenchCity, seconds: float, _: int = 1) -> list[Row]:
    """Let the crowd loose on a city that sheds, and on one that does not."""
    shed = surge(city, seconds)
    return [row_of(shed, city), control_of(surge(city, seconds, shed.base, **WITHOUT), city)]


def surge(city: BenchCity, seconds: float, base: float = 0.0, **settings: object) -> Surge:
    """
    Serve with one worker, so that the crowd has a core of its own; ten times the usual load, then a hundred.

    `base` is the usual load in wishes a second; by default a part of what was found to be possible.
    """
    with serve(city, workers=1, **settings) as serving:
        cookies = sign_in(city, min(RESIDENTS, city.persons))
        shown = [get(CARD, {"Cookie": cookie}) for cookie in cookies]
        trials = [run_wrk(serving.url, shown * 20, connections=32, seconds=TRIAL_SECONDS) for _ in range(TRIALS)]
        base = base or max(trial.answered_per_second * BASE_SHARE for trial in trials)
        before = _uses(city)
        phases = (
            Phase("calm", base, CALM_SECONDS),
            Phase("ten", 10 * base, seconds),
            Phase("hundred", 100 * base, seconds),
            Phase("after", base, AFTER_SECONDS),
        )
        crowd = let_loose(city.port, _kinds(city, shown), phases)
        rows = _uses(city) - before
    return _told(crowd, base, seconds, rows)


def row_of(found: Surge, city: BenchCity) -> Row:
    """Tell of a surge that was shed."""
    kept = found.recovered <= PROMISE_SECONDS and found.times(0.99) < PROMISE_MS and not found.wrong
    # A crowd that cannot keep up with itself takes its own waiting for ours.
    kept = kept and found.late < MOST_LATE_SECONDS
    shares = ", ".join(f"{kind} {share:.0%}" for kind, share in found.refused().items())
    return Row(
        name="surge",
        promise=f"well again within {PROMISE_SECONDS:.0f} s; who is let in waits < {PROMISE_MS:,.0f} ms (p99)",
        found=f"{found.goodput:,.0f}/s granted at 100×; well again after {found.recovered:.1f} s",
        kept=kept and found.rows >= found.acknowledged,
        data=f"{city.persons:,} persons, one worker, {found.base:,.0f}/s as usual; 10× and 100× of it for "
        f"{found.seconds:.0f} s each",
        command="python -m bench surge",
        p50=found.times(0.5),
        p95=found.times(0.95),
        p99=found.times(0.99),
        checked=f"refused once or more: {shares}; {found.silent:.0%} met silence; {found.rows:,} use rows for "
        f"{found.acknowledged:,} acknowledged; {found.wrong} wrong answers; "
        f"the crowd itself at most {found.late * 1000:.0f} ms late",
    )


def control_of(found: Surge, city: BenchCity) -> Row:
    """Tell of the same without shedding."""
    row = row_of(found, city)
    return Row(
        name="surge, nothing shed",
        promise="for comparison",
        found=row.found,
        kept=True,
        data=row.data,
        command=row.command,
        p50=row.p50,
        p95=row.p95,
        p99=row.p99,
        checked=row.checked,
    )


def _kinds(city: BenchCity, shown: list[bytes]) -> list[Kind]:
    scans = scans_of(city)
    requests: dict[str, Callable[[], bytes]] = {
        "scans": lambda: scans.singles(1)[0],
        "cards": partial(random.choice, shown),
        "everyday": lambda: get(EVERYDAY, {}),
        "figures": lambda: get(FIGURES, {}),
    }
    return [Kind(name, part, requests[name]) for name, part in PARTS.items()]


def _told(crowd: Crowd, base: float, seconds: float, rows: int) -> Surge:
    tales, begun = crowd.tales, crowd.tales[0].at
    ten = begun + CALM_SECONDS
    hundred, ended = ten + seconds, ten + 2 * seconds
    harmed = [tale.at for tale in tales if tale.at >= ended and (tale.refused or tale.silent)]
    return Surge(
        base=base,
        seconds=seconds,
        at_ten=[tale for tale in tales if ten <= tale.at < hundred],
        at_hundred=[tale for tale in tales if hundred <= tale.at < ended],
        granted=sum(1 for tale in tales if tale.granted_at is not None and hundred <= tale.granted_at < ended),
        recovered=max(harmed, default=ended) - ended,
        acknowledged=sum(1 for tale in tales if tale.kind == "scans" and tale.granted_at is not None),
        rows=rows,
        wrong=sum(tale.failed for tale in tales),
        late=crowd.late,
    )


def _uses(city: BenchCity) -> int:
    count: int = city.ask("SELECT count(*) FROM cards.uses")[0][0]
    return count
