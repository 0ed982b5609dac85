"""Batch verify: requests of many codes of one terminal, as readers that were off line hand them in."""

from bench.city import BenchCity
from bench.pgbench import run_pgbench
from bench.row import Middle, Row
from bench.scans import Scans, scans_of
from bench.serving import Serving, cost, serve, settle, warm
from bench.wrk import Load, run_wrk

PROMISE = 30_000
SIZE = 200
CONNECTIONS = 8
MOST_PER_SECOND = 50_000


def measure(city: BenchCity, seconds: float, runs: int = 3) -> list[Row]:
    """Send what fits into a minute's codes, so many times; medians."""
    with serve(city) as serving:
        warm(city)
        yardstick = run_pgbench(city.database.owner_url)
        scans = scans_of(city)
        _load(serving, scans, 1)
        counted = [_load(serving, scans, seconds) for _ in range(runs)]
    middle = Middle.of([load for load, _, _ in counted])
    answers = sum(load.answered for load, _, _ in counted) * SIZE
    rows = sum(rows for _, rows, _ in counted)
    fits = 0 <= rows - answers <= runs * CONNECTIONS * SIZE
    return [
        Row(
            name="batch verify",
            promise=f"≥ {PROMISE:,} codes/s",
            found=middle.said("codes", SIZE),
            kept=middle.per_second * SIZE >= PROMISE and fits,
            data=f"{city.persons:,} persons, {SIZE} codes a request, {CONNECTIONS} connections",
            command="python -m bench batch_verify",
            p50=middle.p50,
            p95=middle.p95,
            p99=middle.p99,
            beside=f"pgbench {yardstick.per_second:,.0f}/s",
            checked=f"{rows:,} use rows for {answers:,} codes answered; {counted[-1][2]}",
        )
    ]


def _load(serving: Serving, scans: Scans, seconds: float) -> tuple[Load, int, str]:
    city = serving.city
    # wrk stays until its time is over, and each card has one code in a minute: no longer than these last.
    seconds = max(1.0, min(seconds, city.persons // MOST_PER_SECOND))
    requests = scans.batches(min(int(MOST_PER_SECOND * seconds), city.persons) // SIZE, SIZE)
    before, cpu = _rows(city), serving.cpu()
    load = run_wrk(serving.url, requests, connections=CONNECTIONS, seconds=seconds)
    spent = serving.cpu()
    settle()
    return load, _rows(city) - before, cost(cpu, spent, load.answered * SIZE)


def _rows(city: BenchCity) -> int:
    return int(city.ask("SELECT count(*) FROM cards.uses")[0][0])
