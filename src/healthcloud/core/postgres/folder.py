"""
The files of one embedded database.

    folder/            ours; 0700, or 0710 with the group of the account that runs PostgreSQL, which only lets it pass
      lock             held by the process that runs the database
      passwords.json   of the three roles, 0600
      state.json       where things are, when not here
      startup.log      what PostgreSQL says before its log is open
      postgresql.conf  pg_hba.conf
      data/ log/ run/  the account's own, 0700; run/ holds the socket

The last five lie in another folder, the `home` in state.json, where the account cannot enter this one.
"""

import fcntl
import json
import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from healthcloud.core.postgres.configuration import ROLES
from healthcloud.core.postgres.errors import FolderInUse, FolderNotOurs
from healthcloud.core.postgres.runner import Runner

SOCKET_LIMIT = 80  # a socket's path must stay under 108 bytes, with .s.PGSQL.5432.lock behind it
_LOCK_POLL_SECONDS = 0.05


class Folder:
    """One database's folder: its lock, its secrets, and where its parts lie."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self._lock: int | None = None

    def lock(self, patience: float) -> None:
        """Hold the folder for this process, waiting that many seconds; raise FolderInUse or FolderNotOurs."""
        if self._lock is not None:
            return
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.path.stat().st_uid != os.geteuid():
            raise FolderNotOurs(folder=str(self.path))
        handle = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        deadline = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    holder = os.pread(handle, 20, 0).decode()
                    os.close(handle)
                    raise FolderInUse(folder=str(self.path), process=holder) from None
                time.sleep(_LOCK_POLL_SECONDS)
            else:
                os.ftruncate(handle, 0)
                os.pwrite(handle, str(os.getpid()).encode(), 0)
                self._lock = handle
                return

    def unlock(self) -> None:
        """Let another process have the folder."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def passwords(self) -> dict[str, str]:
        """Return the password of each role, making them up at the first call."""
        path = self.path / "passwords.json"
        if not path.exists():
            write_whole(path, json.dumps({role: secrets.token_urlsafe(24) for role in ROLES}))
        found: dict[str, str] = json.loads(path.read_text())
        return found

    @property
    def state(self) -> dict[str, str]:
        """What this folder remembers: `home` and `socket`, and the digest of the `passwords` that are set."""
        try:
            found: dict[str, str] = json.loads((self.path / "state.json").read_text())
        except FileNotFoundError:
            return {}
        return found

    def remember(self, facts: Mapping[str, str]) -> None:
        """Add facts to the state."""
        write_whole(self.path / "state.json", json.dumps(self.state | dict(facts)))

    def settle(self, home: Path, runner: Runner) -> None:
        """Make the folders PostgreSQL works in, under `home`, for the account that runs it."""
        for place in {self.path, home}:
            os.chown(place, -1, runner.gid)
            place.chmod(0o710 if runner.drops else 0o700)
        for name in ("data", "log", "run"):
            place = home / name
            if name != "data":  # initdb or a restore makes that one, whole or not at all
                place.mkdir(mode=0o700, exist_ok=True)
            if place.exists():
                runner.own_tree(place)

    def settle_socket(self, home: Path, runner: Runner) -> Path:
        """Choose the socket's folder: `run/`, or a private one elsewhere when that path is too long for a socket."""
        socket = home / "run"
        if len(os.fsencode(socket)) > SOCKET_LIMIT or "," in str(socket):
            known = Path(self.state.get("socket", "/nowhere"))
            if _is_private(known, runner.uid):
                return known
            above = None if runner.drops else os.environ.get("XDG_RUNTIME_DIR")
            socket = Path(tempfile.mkdtemp(prefix="healthcloud-", dir=above))
            runner.own(socket)
        self.remember({"socket": str(socket)})
        return socket

    def forget_socket(self, home: Path) -> None:
        """Remove the socket folder if it lies elsewhere."""
        socket = self.state.get("socket")
        if socket is not None and Path(socket) != home / "run":
            shutil.rmtree(socket, ignore_errors=True)


def write_whole(path: Path, text: str, *, mode: int = 0o600, group: int | None = None) -> None:
    """Write a file whole, or not at all."""
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    with os.fdopen(handle, "w") as file:
        file.write(text)
        os.fchmod(handle, mode)
        if group is not None:
            os.fchown(handle, -1, group)
        file.flush()
        os.fsync(handle)
    Path(draft).replace(path)


def _is_private(path: Path, uid: int) -> bool:
    try:
        found = path.lstat()
    except FileNotFoundError:
        return False
    return path.is_dir() and not path.is_symlink() and found.st_uid == uid and found.st_mode & 0o77 == 0
