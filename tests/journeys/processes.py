"""A whole city as processes, as `make run` starts it: its parent can be stopped, killed and started again."""

import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from healthcloud.server.demonstration import Ledger, Member, read_staff
from healthcloud.server.tls import trusting

SIMULATORS = (91, 92, 93, 96)
COMMAND = str(Path(sys.executable).with_name("healthcloud"))


def free_port() -> int:
    """Return a port that is free with those of its simulators."""
    while True:
        with socket.create_server(("127.0.0.1", 0)) as first:
            port = int(first.getsockname()[1])
        if port + max(SIMULATORS) < 65536 and all(_is_free(port + offset) for offset in SIMULATORS):
            return port


def _is_free(port: int) -> bool:
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def wait_until(happens: Callable[[], bool], seconds: float = 60) -> None:
    """Wait for it, or fail."""
    deadline = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@dataclass
class RunningCity:
    """One city in one folder, at one port."""

    var: Path
    residents: int
    port: int = field(default_factory=free_port)
    parent: "subprocess.Popen[str] | None" = None
    tls: bool = False

    @property
    def url(self) -> str:
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}"

    @property
    def trusted(self) -> ssl.SSLContext:
        """What a client trusts who has imported the city's authority."""
        return trusting(self.var / "tls" / "authority.pem" if self.tls else None)

    @property
    def environment(self) -> dict[str, str]:
        own = {"HEALTHCLOUD_VAR": str(self.var), "HEALTHCLOUD_PORT": str(self.port)}
        own |= {"HEALTHCLOUD_TLS": "1"} if self.tls else {}
        return {name: value for name, value in os.environ.items() if not name.startswith("HEALTHCLOUD_")} | own

    @property
    def ledger(self) -> Ledger:
        return Ledger(self.var / "demonstration")

    def command(self, *arguments: str, seconds: float = 180) -> "subprocess.CompletedProcess[str]":
        """Run another command beside the city, for so long at most."""
        return subprocess.run(  # noqa: S603 - our own program
            [COMMAND, *arguments], env=self.environment, capture_output=True, text=True, check=False, timeout=seconds
        )

    def json(self, *arguments: str) -> Any:
        done = self.command(*arguments, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def start(self) -> str:
        """Start and wait until the city answers; return what it printed."""
        printed = self.var.with_suffix(".out")
        with printed.open("w") as out, self.var.with_suffix(".log").open("a") as log:
            self.parent = subprocess.Popen(  # noqa: S603 - our own program
                [COMMAND, "demo", "run", "--residents", str(self.residents)],
                env=self.environment,
                stdout=out,
                stderr=log,
                text=True,
            )
        wait_until(lambda: "演示城市就绪" in printed.read_text() or self._parent().poll() is not None, 120)
        assert self._parent().poll() is None, self.var.with_suffix(".log").read_text()[-3000:]
        return printed.read_text()

    def stop(self) -> int:
        """End it in order, as Ctrl-C does; return its exit code."""
        self._parent().send_signal(signal.SIGINT)
        return self._parent().wait(60)

    def renew(self) -> None:
        """Have its workers and runner replaced while it serves, as `systemctl reload` does."""
        self._parent().send_signal(signal.SIGUSR2)

    def kill(self) -> None:
        """Kill the parent, as losing power to it would."""
        self._parent().kill()
        self._parent().wait()

    def children(self, name: str) -> list[int]:
        """Return the pids of the children, and their children, that are called so or run this module."""
        parents: dict[int, int] = {}
        names: dict[int, str] = {}
        for process in Path("/proc").iterdir():
            if process.name.isdigit():
                with suppress(OSError, IndexError, ValueError):
                    status = (process / "stat").read_text().rpartition(")")[2].split()
                    if status[0] not in "ZX":
                        parents[int(process.name)] = int(status[1])
                        names[int(process.name)] = (process / "comm").read_text() + (process / "cmdline").read_text()
        ours = self._parent().pid
        return [pid for pid, parent in parents.items() if ours in (parent, parents.get(parent)) and name in names[pid]]

    def database_pid(self) -> int:
        return int((self.var / "database" / "data" / "postmaster.pid").read_text().splitlines()[0])

    def ready(self) -> bool:
        try:
            return (
                httpx.get(f"{self.url}/readyz", timeout=5, trust_env=False, verify=self.trusted).status_code
                == httpx.codes.OK
            )
        except httpx.TransportError:
            return False

    def member(self, login: str) -> Member:
        return next(one for one in read_staff(self.ledger) if one.login == login)

    def _parent(self) -> "subprocess.Popen[str]":
        assert self.parent is not None
        return self.parent
