"""
The parent: it brings the embedded database up, starts the children, again whatever dies, and ends it all in order.

Plain and blocking; it holds no event loop and answers no request, so nothing a request does can harm it.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import structlog

from healthcloud.core.postgres import EmbeddedPostgres

log = structlog.get_logger("healthcloud.supervisor")

TICK_SECONDS = 0.1
SHORT_LIFE_SECONDS = 2.0
LONGEST_PAUSE_SECONDS = 5.0
ORDERLY_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Role:
    """
    One kind of child: its name in logs and the module with arguments that it runs.

    `{parent}` stands for our pid and `{listener}` for the descriptor of the listening socket, which only who names it
    is given. Children that are to end `last` are told to when the others have ended.
    """

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    last: bool = False


@dataclass(slots=True)
class Child:
    """One child, started again whenever it ends; ever later if it keeps ending at once."""

    role: Role
    process: subprocess.Popen[bytes]
    started_at: float
    short_lives: int = 0
    due_at: float | None = None


class Supervisor:
    """Keeps one listening socket, the embedded database where there is one, and the children."""

    def __init__(
        self,
        roles: Sequence[Role],
        *,
        listener: socket.socket | None,
        database: EmbeddedPostgres | None,
        ended: Callable[[int], None] = lambda _: None,
    ) -> None:
        self._roles = roles
        self._listener = listener
        self._database = database
        self._ended = ended
        self._children: list[Child] = []
        self._ending = False

    def start(self) -> None:
        """Start every child, and end in order from now on when asked to by SIGTERM, SIGINT or a closed terminal."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._ask_to_end)
        self._children = [self._spawn(role) for role in self._roles]

    def keep(self, *, until: Callable[[], bool] = lambda: False, tick: float = TICK_SECONDS) -> None:
        """Watch until told to end, or until this says so; what has died meanwhile is running again."""
        while not self._ending and not until():
            self._tend_database()
            for child in self._children:
                self._tend(child)
            time.sleep(tick)

    def stop(self) -> None:
        """Have every child end, by force what will not, those that are to be last after the others."""
        if self._listener is not None:
            self._listener.close()
        for last in (False, True):
            _end([child.process for child in self._children if child.role.last is last])

    @property
    def ending(self) -> bool:
        """Whether somebody asked for the end."""
        return self._ending

    def _ask_to_end(self, *_: object) -> None:
        self._ending = True

    def _spawn(self, role: Role) -> Child:
        values = {"{parent}": str(os.getpid())}
        descriptors: tuple[int, ...] = ()
        if self._listener is not None and "{listener}" in role.command:
            descriptors = (self._listener.fileno(),)
            values["{listener}"] = str(self._listener.fileno())
        # In a session of its own, so that a Ctrl-C meant for us does not reach it before we ask it to end.
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and modules
            [sys.executable, "-m", *(values.get(part, part) for part in role.command)],
            env=os.environ | dict(role.environment),
            pass_fds=descriptors,
            start_new_session=True,
        )
        return Child(role, process, time.monotonic())

    def _tend(self, child: Child) -> None:
        if child.process.poll() is None:
            return
        now = time.monotonic()
        if child.due_at is None:
            self._ended(child.process.pid)
            short = now - child.started_at < SHORT_LIFE_SECONDS
            child.short_lives = child.short_lives + 1 if short else 0
            pause = min(0.25 * 2**child.short_lives, LONGEST_PAUSE_SECONDS) if short else 0.0
            child.due_at = now + pause
            log.warning("child ended", role=child.role.name, status=child.process.returncode, again_in=pause)
        if now >= child.due_at:
            again = self._spawn(child.role)
            child.process, child.started_at, child.due_at = again.process, again.started_at, None

    def _tend_database(self) -> None:
        if self._database is not None and self._database.pid is None:
            log.error("database ended; starting it again")
            self._database.start()


def _end(processes: Sequence[subprocess.Popen[bytes]]) -> None:
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
