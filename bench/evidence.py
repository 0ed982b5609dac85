"""Evidence: the same signed scans with and without their evidence kept, in turns, and every message counted."""

from bench.city import BenchCity
from bench.row import Middle, Row
from bench.scans import scans_of
from bench.serving import serve, warm
from bench.verify import CONNECTIONS, Counted, counted_load

PROMISE = 0.20
WARM_UP_SECONDS = 2.0


def measure(city: BenchCity, seconds: float, runs: int = 3) -> list[Row]:
    """Load each way so many times, by turns, so that both meet the same machine; medians."""
    found: dict[bool, list[Counted]] = {False: [], True: []}
    messages = 0
    for _ in range(runs):
        for is_kept, counted in found.items():
            with serve(city, evidence_scans=is_kept) as serving:
                warm(city)
                scans = scans_of(city)
                counted_load(serving, scans, WARM_UP_SECONDS)
                before = _lines(city)
                counted.append(counted_load(serving, scans, seconds))
                messages += _lines(city) - before
    without, beside = (Middle.of([one.load for one in counted]) for counted in found.values())
    cost = 1 - beside.per_second / without.per_second
    kept = found[True]
    answered = sum(one.load.answered for one in kept)
    unheard = messages - answered
    return [
        Row(
            name="evidence",
            promise=f"≤ {PROMISE:.0%} of verify",
            found=f"{cost:.0%}: {beside.said('codes')} with, {without.said('codes')} without",
            kept=cost <= PROMISE and 0 <= unheard <= runs * CONNECTIONS,
            data=f"{city.persons:,} persons, {CONNECTIONS} connections, {runs} × {seconds:.0f} s each way",
            command="python -m bench evidence",
            p50=beside.p50,
            p95=beside.p95,
            p99=beside.p99,
            beside=f"without: {found[False][-1].cost}",
            checked=f"{messages:,} messages kept for {answered:,} answers; {kept[-1].cost}",
        )
    ]


def _lines(city: BenchCity) -> int:
    return int(city.ask("SELECT count(*) FROM exchange.evidence_messages")[0][0])
