"""Verify: signed scans one by one, from 40 hospitals' machines, each code once."""

from dataclasses import dataclass

from bench.city import BenchCity
from bench.pgbench import run_pgbench
from bench.row import Middle, Row
from bench.scans import Scans, scans_of
from bench.serving import Serving, cost, serve, settle, warm
from bench.wrk import Load, run_wrk

PROMISE, P99_MS = 10_000, 50.0
CONNECTIONS = 128
MOST_PER_SECOND = 18_000
WARM_UP_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Counted:
    """A load beside what it left in the tables and in the metrics, and what an answer cost."""

    load: Load
    rows: int
    taken: int
    repeats: int
    cost: str

    @property
    def fits(self) -> bool:
        """Each answer that was no repeat has its row; at the end wrk leaves at most its connections unheard."""
        unheard = self.taken - (self.load.answered - self.repeats)
        return self.rows == self.taken and 0 <= unheard <= CONNECTIONS


def measure(city: BenchCity, seconds: float, runs: int = 3) -> list[Row]:
    """Load until the time is over, so many times; medians."""
    with serve(city) as serving:
        warm(city)
        yardstick = run_pgbench(city.database.owner_url)
        scans = scans_of(city)
        counted_load(serving, scans, WARM_UP_SECONDS)
        counted = [counted_load(serving, scans, seconds) for _ in range(runs)]
    middle = Middle.of([one.load for one in counted])
    answers = sum(one.load.answered - one.repeats for one in counted)
    rows, refused = sum(one.rows for one in counted), sum(one.load.refused for one in counted)
    kept = middle.per_second >= PROMISE and middle.p99 < P99_MS and all(one.fits for one in counted)
    return [
        Row(
            name="verify",
            promise=f"≥ {PROMISE:,}/s, p99 < {P99_MS:.0f} ms",
            found=middle.said("codes"),
            kept=kept,
            data=f"{city.persons:,} persons, {CONNECTIONS} connections, {runs} × {seconds:.0f} s",
            command="python -m bench verify",
            p50=middle.p50,
            p95=middle.p95,
            p99=middle.p99,
            beside=f"pgbench {yardstick.per_second:,.0f}/s",
            checked=f"{rows:,} use rows for {answers:,} answers; {refused} refused; {counted[-1].cost}",
        )
    ]


def counted_load(serving: Serving, scans: Scans, seconds: float) -> Counted:
    """Load for so long; count rows, answers and CPU."""
    wanted = min(int(MOST_PER_SECOND * seconds), serving.city.persons)
    return loaded(serving, scans.singles(wanted), seconds)


def loaded(serving: Serving, requests: list[bytes], seconds: float) -> Counted:
    """Send these requests, of one code each, and count the same."""
    before, cpu = _standing(serving), serving.cpu()
    load = run_wrk(serving.url, requests, connections=CONNECTIONS, seconds=seconds)
    spent, after = serving.cpu(), _standing(serving)
    rows, taken, repeats = (int(b - a) for a, b in zip(before, after, strict=True))
    return Counted(load, rows, taken, repeats, cost(cpu, spent, load.answered))


def _standing(serving: Serving) -> tuple[float, float, float]:
    settle()
    rows = serving.city.ask("SELECT count(*) FROM cards.uses")[0][0]
    taken, repeats = (serving.metric("healthcloud_scans_total", outcome=outcome) for outcome in ("taken", "repeat"))
    return rows, taken, repeats
