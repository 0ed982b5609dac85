"""The batch over the whole index by splink, `healthcloud people link`, from its start to its figures."""

from bench.city import BenchCity
from bench.index_files import command, hand_in, records
from bench.row import Row
from bench.serving import serve

RECORDS, PROMISE_SECONDS, SEED = 1_000_000, 120, 5_002
SHARE_HANDED_IN = (
    10  # a row for so many persons where no hospital's file is in: of records all alone nothing is learned
)


def measure(city: BenchCity, _: float, runs: int = 3) -> list[Row]:
    """Link over what the index holds, persons and hospitals' records; the median of the runs."""
    with serve(city):
        command(city, "index")
        if not records(city)[1]:
            hand_in(city, city.persons // SHARE_HANDED_IN, SEED)
        held = sum(records(city))
        said = sorted((command(city, "link") for _ in range(runs)), key=lambda one: one.seconds)
    one = said[len(said) // 2]
    facts = one.facts
    scaled = one.seconds * RECORDS / held
    return [
        Row(
            name="batch over the index",
            promise=f"{RECORDS:,} records in ≤ {PROMISE_SECONDS} s on two cores",
            found=f"{held:,} in {one.seconds:.0f} s ({said[0].seconds:.0f}–{said[-1].seconds:.0f})"
            + (f", {RECORDS:,} at that rate in {scaled:.0f} s" if held != RECORDS else ""),
            kept=scaled <= PROMISE_SECONDS and facts["records"] == held,
            data=f"{held:,} records of {city.persons:,} persons and hospitals' files; reading, opening, encoding, "
            f"learning, comparing; {runs} runs, nothing written",
            command="python -m bench index_link",
            checked=f"{facts['records']:,} records read, {facts['pairs']:,} pairs compared; of {facts['links']:,} that "
            f"weigh enough {facts['both']:,} are linked, {facts['only_new']:,} are not; expected precision "
            f"{facts['expected_precision']}",
        )
    ]
