"""Bringing the server process up: take over the one that runs, or start one, and wait until it is ready."""

import signal
import time
from collections.abc import Callable
from pathlib import Path

from healthcloud.core.postgres.errors import StartFailed, StopFailed
from healthcloud.core.postgres.placement import Placement
from healthcloud.core.postgres.postmaster import (
    PID_FILE,
    Postmaster,
    clear_remains,
    find_postmaster,
    wait_for_orphans,
)

Progress = Callable[[str], None]

STOP_PATIENCE = 60.0  # seconds for a shutdown in order, which writes a checkpoint
ORPHAN_PATIENCE = 10.0  # seconds for the children of a killed server to notice
LOGS_KEPT = 10
_POLL_SECONDS = 0.01
_SAY_EVERY_SECONDS = 1.0


def silent(_: str) -> None:
    """Report progress to nobody."""


def take_over(placement: Placement, *, keep: bool) -> Postmaster | None:
    """Return the server that a killed parent left running; stop it first unless it is to be kept."""
    server = find_postmaster(placement.data)
    if server is None:
        return None
    if keep and server.status() != "stopping":
        return server
    shut_down(server)
    return None


def shut_down(server: Postmaster, *, in_order: bool = True) -> None:
    """Stop with a checkpoint, and if that takes too long without (the next start recovers); raise StopFailed."""
    if in_order:
        server.send(signal.SIGINT)
        if server.gone_within(STOP_PATIENCE):
            return
    server.send(signal.SIGQUIT)
    if not server.gone_within(STOP_PATIENCE):
        raise StopFailed(process=server.pid)


def clear_away(placement: Placement, socket: Path) -> None:
    """Wait for the children of a killed server and clear its remains."""
    if (placement.data / PID_FILE).exists():
        wait_for_orphans(placement.data, ORPHAN_PATIENCE)
        clear_remains(placement.data, socket)


def spawn(placement: Placement, startup_log: Path) -> Postmaster:
    """Start the server."""
    _prune_logs(placement.home / "log")
    arguments = [
        placement.binaries.program("postgres"),
        "-D",
        str(placement.data),
        "-c",
        f"config_file={placement.settings}",
    ]
    with startup_log.open("wb") as output:
        return Postmaster.of(placement.runner.spawn(arguments, output=output), placement.data)


def wait_until_ready(server: Postmaster, placement: Placement, startup_log: Path, progress: Progress) -> None:
    """Wait as long as the process lives: recovery after a crash takes its time. Raise StartFailed when it ends."""
    started = time.monotonic()
    say_at = _SAY_EVERY_SECONDS
    while server.status() != "ready":
        if not server.alive():
            raise StartFailed(_last_lines(startup_log, placement.home / "log"))
        waited = time.monotonic() - started
        if waited > say_at:
            say_at += _SAY_EVERY_SECONDS
            progress(f"PostgreSQL is starting or recovering, {waited:.0f} s")
        time.sleep(_POLL_SECONDS)


def _logs(folder: Path) -> list[Path]:
    return sorted(folder.glob("postgresql-*.log"))


def _prune_logs(folder: Path) -> None:
    for path in _logs(folder)[:-LOGS_KEPT]:
        path.unlink()


def _last_lines(startup_log: Path, folder: Path) -> str:
    texts = [path.read_text(errors="replace").splitlines()[-8:] for path in [*_logs(folder)[-1:], startup_log]]
    return "\n".join(line for lines in texts for line in lines)
