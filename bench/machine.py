"""What a number was measured on: without it a number says nothing."""

import os
import platform
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Machine:
    """
    The machine of a run.

    `fsync_ms` is the median of one small durable write where the database lies, `written_mib` what a second of writing
    brings to its disk, `busy` the share of the cores that others used before the run: more than a little spoils it.
    """

    processor: str
    cores: int
    memory_gib: float
    kernel: str
    python: str
    fsync_ms: float
    written_mib: float
    busy: float

    def sentence(self) -> str:
        """Say it in one line."""
        return (
            f"{self.cores} cores of {self.processor}, {self.memory_gib:.0f} GiB, Linux {self.kernel}, "
            f"Python {self.python}; fsync {self.fsync_ms:.2f} ms, disk {self.written_mib:.0f} MiB/s; "
            f"{self.busy:.0%} of it busy with other things"
        )


def this_machine(folder: Path) -> Machine:
    """Describe this machine; `folder` is where the database lies."""
    return Machine(
        processor=_processor(),
        cores=len(os.sched_getaffinity(0)),
        memory_gib=os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30,
        kernel=platform.release().split("-")[0],
        python=platform.python_version(),
        fsync_ms=_fsync_ms(folder),
        written_mib=_written_mib(folder),
        busy=_busy(),
    )


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _fsync_ms(folder: Path) -> float:
    folder.mkdir(parents=True, exist_ok=True)
    times = []
    with tempfile.TemporaryFile(dir=folder) as file:
        for _ in range(50):
            file.write(b"x" * 8192)
            file.flush()
            started = time.perf_counter()
            os.fsync(file.fileno())
            times.append(time.perf_counter() - started)
    return sorted(times)[len(times) // 2] * 1000


def _written_mib(folder: Path) -> float:
    piece, written = os.urandom(1 << 20), 0
    with tempfile.TemporaryFile(dir=folder) as file:
        started = time.perf_counter()
        while time.perf_counter() - started < 1:
            for _ in range(16):
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
            written += 16
        return written / (time.perf_counter() - started)


def _busy(seconds: float = 2.0) -> float:
    before = _jiffies()
    time.sleep(seconds)
    used, total = (after - earlier for after, earlier in zip(_jiffies(), before, strict=True))
    return used / total


def _jiffies() -> tuple[int, int]:
    """Return how much of all cores' time was used, and how much there was."""
    fields = [int(field) for field in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    idle = fields[3] + fields[4]
    return sum(fields) - idle, sum(fields)
