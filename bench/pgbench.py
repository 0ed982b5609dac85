"""The yardstick of every run: pgbench on the same database, one look-up by key and one durable insert a transaction."""

import os
import re
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from healthcloud.core.postgres import find_binaries

CLIENTS, SECONDS = 32, 5
SCRIPT = r"""
\set id random(1, 100000 * :scale)
BEGIN;
SELECT abalance FROM pgbench_accounts WHERE aid = :id;
INSERT INTO pgbench_history (tid, bid, aid, delta, mtime) VALUES (1, 1, :id, 1, CURRENT_TIMESTAMP);
COMMIT;
"""


@dataclass(frozen=True, slots=True)
class Yardstick:
    """Transactions a second, and the mean latency in milliseconds."""

    per_second: float
    mean_ms: float


def run_pgbench(owner_url: str) -> Yardstick:
    """Make pgbench's tables anew, measure, and take them away."""
    with _environment(owner_url) as environment, tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(SCRIPT)
        script.flush()
        pgbench = find_binaries().program("pgbench")
        _run([pgbench, "-i", "-q", "-s", "2"], environment)
        load = ["-n", "-M", "prepared", "-c", str(CLIENTS), "-j", "1", "-T", str(SECONDS), "-f", script.name]
        try:
            said = _run([pgbench, *load, "-D", "scale=2"], environment)
        finally:
            _run([pgbench, "-i", "-I", "d", "-q"], environment)
    rate = re.search(r"tps = ([\d.]+)", said)
    mean = re.search(r"latency average = ([\d.]+) ms", said)
    if rate is None or mean is None:
        message = f"pgbench said: {said}"
        raise RuntimeError(message)
    return Yardstick(float(rate[1]), float(mean[1]))


@contextmanager
def _environment(url: str) -> Iterator[dict[str, str]]:
    parts = urlsplit(url)
    yield os.environ | {
        "PGHOST": parse_qs(parts.query)["host"][0],
        "PGUSER": unquote(parts.username or ""),
        "PGPASSWORD": unquote(parts.password or ""),
        "PGDATABASE": Path(parts.path).name,
    }


def _run(command: list[str], environment: dict[str, str]) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True, env=environment, timeout=120).stdout
