"""
Whoever keeps children: starts them, starts again whatever dies, and ends them in order.

Plain and blocking; it holds no event loop and answers no request, so nothing a request does can harm it.
"""

import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import structlog

from healthcloud.core.postgres import EmbeddedPostgres

log = structlog.get_logger("healthcloud.supervisor")

TICK_SECONDS = 0.1
SHORT_LIFE_SECONDS = 2.0
LONGEST_PAUSE_SECONDS = 5.0
ORDERLY_SECONDS = 15.0
RENEWAL_SECONDS = 60.0


class Process(Protocol):
    """A child, as `subprocess.Popen` and `forks.Fork` are."""

    @property
    def pid(self) -> int:
        """Its number."""
        ...

    def poll(self) -> int | None:
        """Return its exit status, or None while it runs."""
        ...

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end; raise subprocess.TimeoutExpired."""
        ...

    def terminate(self) -> None:
        """Ask it to end."""
        ...

    def kill(self) -> None:
        """End it."""
        ...


@dataclass(frozen=True, slots=True)
class Role:
    """
    One kind of child: its name in logs, and how it is started. Who is `last` is asked to end after the others.

    Where `stands` tells that one does its work, it can be renewed: its successor works before it ends.
    """

    name: str
    start: Callable[[], Process]
    last: bool = False
    stands: Callable[[Process], bool] | None = None


@dataclass(slots=True)
class Child:
    """One child, started again whenever it ends; ever later if it keeps ending at once."""

    role: Role
    process: Process
    started_at: float
    short_lives: int = 0
    due_at: float | None = None


class Supervisor:
    """Keeps children, and the embedded database where there is one; `ended` hears the pid of a child that died."""

    def __init__(
        self,
        roles: Sequence[Role],
        *,
        database: EmbeddedPostgres | None = None,
        ended: Callable[[int], None] = lambda _: None,
    ) -> None:
        self._roles = roles
        self._database = database
        self._ended = ended
        self._children: list[Child] = []
        self._ending = False
        self._renewing = False

    def start(self) -> None:
        """Start every child."""
        for role in self._roles:
            self._children.append(Child(role, role.start(), time.monotonic()))

    def heed_signals(self) -> None:
        """Let SIGTERM, SIGINT or a closed terminal end the watch from now on, instead of this process; USR2 renews."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._ask_to_end)
        signal.signal(signal.SIGUSR2, self._ask_to_renew)

    def keep(self, *, until: Callable[[], bool] = lambda: False, tick: float = TICK_SECONDS) -> None:
        """Watch until told to end, or until this says so; what has died meanwhile is running again."""
        while not self._ending and not until():
            self._tend_database()
            # Taken before it is done: who asks meanwhile is heard at the next turn.
            renewing, self._renewing = self._renewing, False
            for child in self._children:
                self._tend(child)
                if renewing:
                    self._renew(child)
            time.sleep(tick)

    def stop(self) -> None:
        """Have every child end, by force what will not, those that are to be last after the others."""
        for last in (False, True):
            _end([child.process for child in self._children if child.role.last is last])

    @property
    def ending(self) -> bool:
        """Whether somebody asked for the end."""
        return self._ending

    def _ask_to_end(self, *_: object) -> None:
        self._ending = True

    def _ask_to_renew(self, *_: object) -> None:
        self._renewing = True

    def _renew(self, child: Child) -> None:
        """Put a successor in a child's place once it stands; one that does not stand in time goes instead."""
        stands = child.role.stands
        if stands is None or child.due_at is not None:
            return
        successor, began = child.role.start(), time.monotonic()
        while not (stood := stands(successor)) and successor.poll() is None and not self._ending:
            if time.monotonic() > began + RENEWAL_SECONDS:
                break
            self._tend_database()
            time.sleep(0.02)
        gone = child.process if stood else successor
        if stood:
            child.process, child.started_at = successor, began
        log.info("child renewed" if stood else "renewal failed; the old one stays", role=child.role.name, gone=gone.pid)
        _end([gone])
        self._ended(gone.pid)

    def _tend(self, child: Child) -> None:
        status = child.process.poll()
        if status is None:
            return
        now = time.monotonic()
        if child.due_at is None:
            self._ended(child.process.pid)
            short = now - child.started_at < SHORT_LIFE_SECONDS
            child.short_lives = child.short_lives + 1 if short else 0
            pause = min(0.25 * 2**child.short_lives, LONGEST_PAUSE_SECONDS) if short else 0.0
            child.due_at = now + pause
            log.warning("child ended", role=child.role.name, status=status, again_in=pause)
        if now >= child.due_at:
            child.process, child.started_at, child.due_at = child.role.start(), now, None

    def _tend_database(self) -> None:
        if self._database is not None and self._database.pid is None:
            log.error("database ended; starting it again")
            self._database.start()


def _end(processes: Sequence[Process]) -> None:
    for process in processes:
        if process.poll() is None:
            process.terminate()
    deadline = time.monotonic() + ORDERLY_SECONDS
    for process in processes:
        try:
            process.wait(max(deadline - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            log.warning("child killed", pid=process.pid)
            process.kill()
            process.wait()
