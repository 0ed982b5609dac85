"""Memory: what two workers hold together after they have worked, shared pages counted in part (PSS)."""

from bench.city import BenchCity
from bench.row import Row
from bench.scans import scans_of
from bench.serving import Serving, pss_mib, serve
from bench.verify import counted_load

PROMISE_MIB = 250


def measure(city: BenchCity, seconds: float) -> list[Row]:
    """Measure after the start, and after a load of scans."""
    with serve(city) as serving:
        fresh = pss_mib(serving.pids("worker"))
        counted_load(serving, scans_of(city), seconds)
        worked = pss_mib(serving.pids("worker"))
        others = _others(serving)
    return [
        Row(
            name="memory of two workers",
            promise=f"< {PROMISE_MIB} MB together (PSS)",
            found=f"{worked:.0f} MiB after {seconds:.0f} s of scans",
            kept=worked < PROMISE_MIB,
            data=f"{city.persons:,} persons",
            command="python -m bench memory",
            checked=f"{fresh:.0f} MiB after the start; {others}",
        )
    ]


def _others(serving: Serving) -> str:
    kinds = {kind: pss_mib(serving.pids(kind)) for kind in ("runner", "postgres")}
    return ", ".join(f"{kind} {mib:.0f} MiB" for kind, mib in kinds.items())
