"""A hospital's file through `healthcloud people import`, while the city is served; before it, everybody indexed."""

from bench.city import BenchCity
from bench.index_files import command, hand_in, records
from bench.row import Row
from bench.serving import serve

ROWS, PROMISE_MINUTES, SEED = 500_000, 15, 5_001
INDEXED_PER_SECOND = 15_000


def measure(city: BenchCity, _: float, __: int = 1) -> list[Row]:
    """Index who is there, then import one file; each once, since neither can be done twice."""
    with serve(city):
        indexed = command(city, "index")
        own, before = records(city)
        said, rows = hand_in(city, ROWS, SEED)
        kept = records(city)[1] - before
    facts = said.facts
    told = {name: int(facts[name] or 0) for name in ("linked", "new", "review", "unchanged", "rejected")}
    added, seconds = int(indexed.facts["added"]), float(indexed.facts["seconds"])
    rate = rows / said.seconds
    return [
        Row(
            name="index of everybody",
            promise=f"≥ {INDEXED_PER_SECOND:,}/s",
            found=f"{added / max(seconds, 0.1):,.0f}/s, {added:,} in {seconds:.0f} s",
            kept=added / max(seconds, 0.1) >= INDEXED_PER_SECOND,
            data=f"{city.persons:,} persons, while the city is served",
            command="python -m bench index_import",
            checked=f"{own:,} records for {indexed.facts['persons']:,} persons",
        ),
        Row(
            name=f"import of {ROWS:,} rows",
            promise=f"≤ {PROMISE_MINUTES} minutes",
            found=f"{said.seconds / 60:.1f} minutes, {rate:,.0f} rows/s"
            + (f", {ROWS:,} at that rate in {ROWS / rate / 60:.1f}" if rows != ROWS else ""),
            kept=ROWS / rate <= PROMISE_MINUTES * 60 and kept == rows - told["rejected"],
            data=f"one CSV of {rows:,} rows into {own + before:,} records, half of them of persons the city knows, "
            "from reading the file to the last answer",
            command="python -m bench index_import",
            checked=f"{kept:,} records for {rows - told['rejected']:,} rows not rejected; "
            + ", ".join(f"{count:,} {name}" for name, count in told.items()),
        ),
    ]
