"""`healthcloud serve` over the bench's city: started, watched, stopped; what each kind of process costs."""

import asyncio
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import asyncpg

from bench.city import HOST, BenchCity

READY_SECONDS = 60.0
# What a load left unheard is done by then, and counted: workers write their tallies twice a second.
SETTLING_SECONDS = 1.2
# Settings of somebody else's city, and what would have every start compile its sources again.
FOREIGN = ("HEALTHCLOUD_", "PYTHONDONTWRITEBYTECODE")
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Serving:
    """A city being served: the parent's process and where it answers."""

    process: subprocess.Popen[bytes]
    url: str
    city: BenchCity

    def pids(self, kind: str) -> list[int]:
        """Return the processes of a kind: `worker`, `runner` or `postgres`."""
        if kind == "postgres":
            postmaster = self.city.database.pid
            return [postmaster, *_children(postmaster)] if postmaster else []
        nurseries = [pid for pid in _children(self.process.pid) if b"processes.nursery" in _command(pid)]
        return [pid for nursery in nurseries for pid in _children(nursery) if _name(pid).startswith(f"hc-{kind}")]

    def cpu(self) -> dict[str, float]:
        """Return the CPU seconds each kind of process has used; `load` is what we started ourselves and waited for."""
        used = {kind: sum(map(_cpu_seconds, self.pids(kind))) for kind in ("worker", "runner", "postgres")}
        times = os.times()
        return used | {"load": times.children_user + times.children_system}

    def metric(self, name: str, **labels: str) -> float:
        """Return a metric's value over all workers; 0 where it has not been counted yet."""
        wanted = [f'{label}="{value}"' for label, value in labels.items()]
        with urllib.request.urlopen(f"{self.url}/metrics", timeout=10) as answer:  # noqa: S310 - our own address
            lines = answer.read().decode().splitlines()
        found = [
            line for line in lines if line.startswith((f"{name}{{", f"{name} ")) and all(w in line for w in wanted)
        ]
        return sum(float(line.rpartition(" ")[2]) for line in found)


def warm(city: BenchCity) -> None:
    """Read what scans and screens look up once by its key, as a server has done that has been up for a while."""
    asyncio.run(_read_by_key(city.database.owner_url))


async def _read_by_key(url: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        # Read from end to end a table would pass through a few pages of PostgreSQL's memory and leave nothing there.
        await connection.execute("SET enable_seqscan = off; SET enable_bitmapscan = off")
        await connection.fetch("SELECT count(version) FROM people.persons WHERE id > $1", UUID(int=0), timeout=300)
        await connection.fetch("SELECT count(epoch) FROM cards.cards WHERE id > $1", b"", timeout=300)
        await connection.fetch(
            "SELECT count(card_id) FROM cards.holders WHERE person_id > $1", UUID(int=0), timeout=300
        )
    finally:
        await connection.close()


def settle() -> None:
    """Wait until what a load asked for is done and counted everywhere."""
    time.sleep(SETTLING_SECONDS)


def cost(before: dict[str, float], after: dict[str, float], answers: int) -> str:
    """Say what an answer cost each kind of process, in µs of CPU."""
    used = {kind: (after[kind] - before[kind]) * 1e6 / max(answers, 1) for kind in before}
    return "CPU µs per answer: " + ", ".join(f"{kind} {value:,.0f}" for kind, value in used.items())


@contextmanager
def serve(city: BenchCity, *, workers: int = 2, **settings: object) -> Iterator[Serving]:
    """Serve the city and stop in order; `settings` are those of core.settings by their names."""
    process = start(city, workers=workers, **settings)
    try:
        wait_until_ready(city, process)
        yield Serving(process, city.url, city)
    finally:
        stop(process)


def start(city: BenchCity, *, workers: int = 2, **settings: object) -> subprocess.Popen[bytes]:
    """Start `healthcloud serve`; its words go to serve.log beside the city."""
    told: Mapping[str, object] = {
        "var": city.settings.var,
        "host": HOST,
        "port": city.port,
        "workers": workers,
    } | settings
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
    environment = inherited | {f"HEALTHCLOUD_{name.upper()}": str(value) for name, value in told.items()}
    with (city.settings.var / "serve.log").open("ab") as log:
        return subprocess.Popen(
            [Path(sys.executable).with_name("healthcloud"), "serve"],
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def stop(process: subprocess.Popen[bytes]) -> None:
    """Have it end in order."""
    process.send_signal(signal.SIGTERM)
    process.wait(60)


def wait_until_ready(city: BenchCity, process: subprocess.Popen[bytes], seconds: float = READY_SECONDS) -> None:
    """Return when the city answers that it is ready; raise TimeoutError when it does not, or has ended."""
    deadline = time.monotonic() + seconds
    while not is_ready(city):
        if process.poll() is not None or time.monotonic() > deadline:
            raise TimeoutError(city.url)
        time.sleep(0.01)


def is_ready(city: BenchCity) -> bool:
    """Tell whether the city answers that it is ready."""
    try:
        with urllib.request.urlopen(f"{city.url}/readyz", timeout=5) as answer:  # noqa: S310 - our own address
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def pss_mib(pids: list[int]) -> float:
    """Return the memory of these processes, shared pages counted in part, in MiB."""
    total = 0
    for pid in pids:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1])
    return total / 1024


def _children(pid: int) -> list[int]:
    return [
        int(child) for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()
    ]


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def _name(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text()
    except OSError:
        return ""


def _cpu_seconds(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS
