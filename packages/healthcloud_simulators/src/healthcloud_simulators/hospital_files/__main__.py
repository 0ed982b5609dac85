"""
`python -m healthcloud_simulators.hospital_files --folder F`: write two invented hospitals' files.

Standard input may name persons who are known already, a JSON object a line: name, sex, birth_date, number, phone,
ethnicity.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from healthcloud_simulators.hospital_files.persons import Known
from healthcloud_simulators.hospital_files.rows import files
from healthcloud_simulators.hospital_files.sheets import write_files

SEED = 370400


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the files that the command line asks for; say their paths."""
    parser = argparse.ArgumentParser(prog="healthcloud_simulators.hospital_files", description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="where to")
    parser.add_argument("--seed", type=int, default=SEED, help="of which everything follows (%(default)s)")
    parser.add_argument("--rows", type=int, default=60_000, help="of both together (%(default)s)")
    parser.add_argument("--common", type=int, default=8_000, help="persons in both (%(default)s)")
    parser.add_argument("--known", action="store_true", help="read persons known already from standard input")
    chosen = parser.parse_args(arguments)
    known = read_known(sys.stdin) if chosen.known else []
    for path in write_files(files(chosen.seed, chosen.rows, chosen.common, known), chosen.folder):
        sys.stdout.write(f"{path}\n")


def read_known(lines: Iterable[str]) -> list[Known]:
    """Return the persons told, one a line."""
    told = [json.loads(line) for line in lines if line.strip()]
    return [
        Known(
            one["name"],
            one["sex"],
            date.fromisoformat(one["birth_date"]),
            one["number"],
            one.get("phone"),
            one.get("ethnicity") or "01",
        )
        for one in told
    ]


if __name__ == "__main__":
    main()
