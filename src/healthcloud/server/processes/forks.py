"""
Children that are copies of this process: all is imported already, and its memory is shared until it is written to.

Only for a process without threads and event loops.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress

import structlog

from healthcloud.server.processes.lifeline import end_with_parent, name_process
from healthcloud.server.processes.supervisor import Process

log = structlog.get_logger("healthcloud.forks")
_POLL_SECONDS = 0.005


class Fork:
    """One copy of this process that does `work` and ends."""

    def __init__(self, name: str, work: Callable[[], None]) -> None:
        self._status: int | None = None
        parent = os.getpid()
        self.pid = os.fork()
        if self.pid == 0:
            _live(parent, name, work)

    def poll(self) -> int | None:
        """Return its exit status, negative for a signal, or None while it runs."""
        if self._status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid == self.pid:
                self._status = os.waitstatus_to_exitcode(status)
        return self._status

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end; raise subprocess.TimeoutExpired."""
        deadline = None if timeout is None else time.monotonic() + timeout
        while (status := self.poll()) is None:
            if deadline is not None and time.monotonic() > deadline:
                raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
            time.sleep(_POLL_SECONDS)
        return status

    def terminate(self) -> None:
        """Ask it to end."""
        self._send(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self._send(signal.SIGKILL)

    def _send(self, number: signal.Signals) -> None:
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)


def fork(name: str, work: Callable[[], None]) -> Callable[[], Process]:
    """Return what starts a copy under this name (15 characters are shown)."""
    return lambda: Fork(name, work)


def _live(parent: int, name: str, work: Callable[[], None]) -> None:
    """Be the copy: none of the original's handlers, its end, and never a step back into its code."""
    status = 1
    try:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        end_with_parent(parent)
        name_process(name)
        work()
        status = 0
    except Exception as error:
        log.error("child failed", name=name, exc_info=error)  # noqa: TRY400 - structlog, not logging
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
