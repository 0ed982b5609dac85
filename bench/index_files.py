"""What the index's benches share: an invented hospital's file, and commands run as anybody runs them."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec

from bench.city import BenchCity
from bench.serving import FOREIGN
from healthcloud.server.demonstration.residents import registrations
from healthcloud_simulators.hospital_files import Known, files, write_files

IN_COMMON = 0.5  # of the rows of a file, with persons the city knows
LARGEST_KNOWN = 300_000


@dataclass(frozen=True, slots=True)
class Said:
    """What a command answered, and how long it took."""

    facts: dict[str, Any]
    seconds: float


def command(city: BenchCity, *words: str) -> Said:
    """Run `healthcloud people … --json` over this city; exit code 3 says that rows came back."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
    environment = inherited | {"HEALTHCLOUD_VAR": str(city.settings.var.absolute())}
    began = time.monotonic()
    run = [str(Path(sys.executable).with_name("healthcloud")), "people", *words, "--json"]
    said = subprocess.run(run, env=environment, capture_output=True, text=True, check=False)
    if said.returncode not in (0, 3):
        raise RuntimeError(said.stderr[-2_000:])
    return Said(msgspec.json.decode(said.stdout, type=dict[str, Any]), time.monotonic() - began)


def hospital_file(city: BenchCity, rows: int, seed: int) -> Path:
    """Write one hospital's file of so many rows, half of them of persons the city knows; return it."""
    share = min(city.persons, LARGEST_KNOWN, int(2 * rows * IN_COMMON))
    made = files(seed, 2 * rows, 0, known(share))
    folder = city.settings.var / f"hospital-files-{seed}"
    first, *_ = write_files(made, folder)
    return first


def known(count: int) -> list[Known]:
    """Return residents of the demonstration with identity numbers, among the first so many."""
    return [
        Known(one.name or "", one.sex, one.birth_date, one.documents[0].number, one.phone)
        for one in registrations(0, count)
        if one.documents and one.documents[0].resident and one.birth_date is not None
    ]


def hand_in(city: BenchCity, rows: int, seed: int) -> tuple[Said, int]:
    """Import a hospital's file as its next institution; return what was answered and how many rows the file has."""
    [place] = city.take("hospital files", 1)
    institution = city.clients[place % len(city.clients)].institution_id
    path = hospital_file(city, rows, seed)
    with path.open("rb") as file:
        count = sum(1 for _ in file) - 1
    return command(city, "import", str(path), "--institution", str(institution)), count


def records(city: BenchCity) -> tuple[int, int]:
    """Count the city's own records and the hospitals'; the city's database must be running."""
    [row] = city.ask("SELECT count(*) FILTER (WHERE source_id = $1), count(*) FROM index.records", UUID(int=0))
    return int(row[0]), int(row[1]) - int(row[0])
