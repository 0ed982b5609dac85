"""
`python -m bench [names] [--persons N] [--seconds S]`: make the bench's city, measure, report.

`--keep FOLDER` leaves the city there and takes it from there the next time, so that one load serves many runs;
`--beside FILE` sets the figures of an earlier report, of a smaller city, beside this one's.
"""

import argparse
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bench import (
    audit_append,
    batch_verify,
    card_page,
    evidence,
    faces,
    full_queue,
    hello,
    index_import,
    index_link,
    index_register,
    lighthouse,
    load,
    memory,
    mllp,
    offline_verify,
    own_screens,
    register,
    restart,
    surge,
    verify,
)
from bench.city import BenchCity, make_city, remove_city
from bench.machine import this_machine
from bench.report import Report, document, read_json, table, write_json
from bench.row import Row
from healthcloud.server.demonstration.population import CHUNK

Bench = Callable[[BenchCity, float, int], list[Row]]
BENCHES: dict[str, Bench] = {
    "load": lambda city, _, __: load.measure(city),
    "hello": lambda city, seconds, _: hello.measure(city, seconds),
    "verify": verify.measure,
    "evidence": evidence.measure,
    "faces": faces.measure,
    "batch_verify": batch_verify.measure,
    "register": register.measure,
    "audit_append": lambda city, seconds, _: audit_append.measure(city, seconds),
    "full_queue": lambda city, seconds, _: full_queue.measure(city, seconds),
    "surge": surge.measure,
    "memory": lambda city, seconds, _: memory.measure(city, seconds),
    "mllp": mllp.measure,
    "restart": restart.measure,
    "offline_verify": offline_verify.measure,
    "card_page": card_page.measure,
    "own_screens": own_screens.measure,
    "index_import": index_import.measure,
    "index_link": index_link.measure,
    "index_register": index_register.measure,
    "lighthouse": lambda city, _, runs: lighthouse.measure(city, runs),
}


def main() -> int:
    """Run the benches; 1 where a promise is not kept."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*BENCHES, []], help="which benches; all by default")
    parser.add_argument("--persons", type=int, default=200_000)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--runs", type=int, default=3, help="of which the medians are taken")
    parser.add_argument("--folder", type=Path, default=Path("var/bench"), help="where the bench's city is made")
    parser.add_argument(
        "--keep", type=Path, metavar="FOLDER", help="take the city that is there, or make one and leave it"
    )
    parser.add_argument(
        "--beside", type=Path, metavar="FILE", help="an earlier report whose figures stand beside these"
    )
    parser.add_argument("--report", type=Path, default=Path("var/bench-report.json"))
    parser.add_argument("--document", type=Path, help="also write the figures into this page")
    wanted = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # who is told to end ends what it has started, too
    folder = wanted.keep or wanted.folder
    persons = -(-wanted.persons // CHUNK) * CHUNK
    _say(f"A city of {persons:,} persons in {folder}")
    city = make_city(folder, persons, keep=wanted.keep is not None)
    machine = this_machine(folder)
    _say(machine.sentence())
    report = Report(machine, datetime.now(UTC).date(), _commit(), (), persons)
    earlier = read_json(wanted.beside) if wanted.beside else None
    for name in wanted.names or BENCHES:
        _say(f"Measuring {name}")
        rows = BENCHES[name](city, wanted.seconds, wanted.runs)
        for row in rows:
            _say(f"  {row.name}: {row.found} ({row.promise}); {row.checked}; beside {row.beside or 'nothing'}")
        # Written after each, so that a run which is broken off keeps what it found.
        report = replace(report, rows=(*report.rows, *rows))
        write_json(report, wanted.report)
        if wanted.document:
            document(report, wanted.document, earlier)
    if wanted.keep is None:
        remove_city(folder)
    print(f"{report.machine.sentence()}\n\n{table(report, earlier)}")
    return 0 if all(row.kept for row in report.rows) else 1


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _commit() -> str:
    command = ["git", "describe", "--always", "--dirty"]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    return said.stdout.strip() or "an unknown commit"


if __name__ == "__main__":
    sys.exit(main())
