"""
The running server, seen from outside: found by its pid file, known by its process.

A pid alone proves nothing, since the kernel gives it to another process later. A process is the server of a data folder
when it is called `postgres` and that folder is its working directory.
"""

import os
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

PID_FILE = "postmaster.pid"
_STATUS_LINE = 7  # of postmaster.pid, from zero
_POLL_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class Postmaster:
    """
    One server process; `born` (clock ticks since boot) tells it from a later one with its number.

    `child` is there when this process started it, and is reaped when it ends.
    """

    pid: int
    born: int
    data: Path
    child: subprocess.Popen[bytes] | None = None

    @classmethod
    def of(cls, child: subprocess.Popen[bytes], data: Path) -> Self:
        """Return a process we have just started; should it have ended already, it is one that does not live."""
        return cls(child.pid, _birth(child.pid) or 0, data, child)

    def alive(self) -> bool:
        """Tell whether this very process still runs."""
        if self.child is not None:
            return self.child.poll() is None
        return _birth(self.pid) == self.born

    def send(self, number: signal.Signals) -> None:
        """Signal it, if it still runs."""
        if self.alive():
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def status(self) -> str:
        """Return `starting`, `ready`, `stopping`, or an empty text when it has not said."""
        lines = _pid_file_lines(self.data)
        return lines[_STATUS_LINE].strip() if len(lines) > _STATUS_LINE and lines[0] == str(self.pid) else ""

    def gone_within(self, seconds: float) -> bool:
        """Wait for its end; tell whether it came in time."""
        deadline = time.monotonic() + seconds
        while self.alive():
            if time.monotonic() > deadline:
                return False
            time.sleep(_POLL_SECONDS)
        return True


def find_postmaster(data: Path) -> Postmaster | None:
    """Return the running server of a data folder."""
    lines = _pid_file_lines(data)
    if not lines or not lines[0].isdigit():
        return None
    pid = int(lines[0])
    born = _birth(pid)
    return Postmaster(pid, born, data) if born is not None and _works_in(pid, data) else None


def clear_remains(data: Path, socket: Path) -> None:
    """
    Remove the pid file and the socket of a dead server, whose number may belong to somebody else by now.

    PostgreSQL itself replaces the files of a dead process, but takes any living process of the same user for a server.
    Call it only under the folder's lock and when find_postmaster found none. PostgreSQL's second guard, the shared
    memory named after the data folder, stays.
    """
    for path in (data / PID_FILE, *socket.glob(".s.PGSQL.*")):
        path.unlink(missing_ok=True)


def wait_for_orphans(data: Path, seconds: float) -> None:
    """Wait until the last child of a killed server is gone; after half the time they are told to quit."""
    started = time.monotonic()
    told = False
    while pids := _processes_in(data):
        waited = time.monotonic() - started
        if waited > seconds:
            return
        if waited > seconds / 2 and not told:
            told = True
            for pid in pids:
                with suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal.SIGQUIT)
        time.sleep(_POLL_SECONDS)


def _pid_file_lines(data: Path) -> list[str]:
    try:
        return (data / PID_FILE).read_text().splitlines()
    except FileNotFoundError:
        return []


def _birth(pid: int) -> int | None:
    """Return when the process began, or None when there is none or only its remains (a zombie)."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    fields = text.rpartition(")")[2].split()  # the name before it may hold anything
    return None if fields[0] in "ZX" else int(fields[19])


def _works_in(pid: int, data: Path) -> bool:
    try:
        name = Path(f"/proc/{pid}/comm").read_text().strip()
        return name == "postgres" and Path(f"/proc/{pid}/cwd").samefile(data)
    except OSError:
        return False


def _processes_in(data: Path) -> list[int]:
    pids = (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())
    return [pid for pid in pids if _works_in(pid, data)]
