"""
The embedded PostgreSQL and its life: made, started, adopted, watched, stopped.

Everything here is plain and blocking, for the parent process before it has any event loop; from a running loop call it
by `asyncio.to_thread`. Linux only: processes are told apart by /proc.
"""

import asyncio
import hashlib
import json
import shutil
from pathlib import Path
from typing import Self
from urllib.parse import quote

from healthcloud.core.postgres.cluster import DATABASE, prepare_cluster
from healthcloud.core.postgres.configuration import ACCESS, ROLES, server_settings
from healthcloud.core.postgres.errors import NeverStarted
from healthcloud.core.postgres.folder import Folder
from healthcloud.core.postgres.launch import Progress, shut_down, silent, spawn, take_over, wait_until_ready
from healthcloud.core.postgres.orphan import dismiss, watch
from healthcloud.core.postgres.placement import Placement, create_data, place, set_superuser_password
from healthcloud.core.postgres.postmaster import Postmaster, find_postmaster
from healthcloud.core.postgres.runner import Child


class EmbeddedPostgres:
    """
    One PostgreSQL 18 in one folder, reached by a socket only.

    `account` runs it when we are root (default: postgres, else nobody). `orphan_grace` is how many seconds it outlives
    a killed parent. `for_tests` gives up durability for speed. `shared_buffers` is in MB.
    """

    def __init__(
        self,
        folder: Path,
        *,
        account: str | None = None,
        for_tests: bool = False,
        orphan_grace: float = 10.0,
        lock_patience: float = 2.0,
        shared_buffers: int | None = None,
    ) -> None:
        self._folder = Folder(folder)
        self._account = account
        self._for_tests = for_tests
        self._orphan_grace = orphan_grace
        self._lock_patience = lock_patience
        self._shared_buffers = shared_buffers
        self._placement: Placement | None = None
        self._server: Postmaster | None = None
        self._child: Child | None = None
        self._watcher: Child | None = None

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self.stop()

    @property
    def folder(self) -> Path:
        """Everything of this database lies here, unless `state.json` in it says otherwise."""
        return self._folder.path

    @property
    def owner_url(self) -> str:
        """For migrations, as healthcloud_owner."""
        return self._url("owner", DATABASE)

    @property
    def app_url(self) -> str:
        """For the application, as healthcloud_app."""
        return self._url("app", DATABASE)

    @property
    def superuser_url(self) -> str:
        """For backups and `prepare_cluster`; the maintenance database."""
        return self._url("superuser", "postgres")

    @property
    def pid(self) -> int | None:
        """The ready server's process, whoever started it; None when there is none."""
        server = find_postmaster(Path(self._folder.state.get("home", self.folder)) / "data")
        return server.pid if server and server.status() == "ready" else None

    def start(self, progress: Progress = silent) -> None:
        """
        Return when the database answers; at once if it does already.

        A server left over by a killed parent is taken over, or started again if its settings are not today's. Recovery
        after a crash is waited for as long as it takes. Raise FolderInUse, FolderNotOurs, NobodyToRunAs or StartFailed.
        """
        self._folder.lock(self._lock_patience)
        try:
            if self._server is not None and not self._server.alive():
                self._forget_server()
            self._placement = place(self._folder, self._account)
            self._bring_up(self._placement, progress)
        except BaseException:
            self.stop()
            raise

    def stop(self, *, in_order: bool = True) -> None:
        """Shut down, with a checkpoint if in order, and give the folder back; raise StopFailed."""
        try:
            if self._server is not None:
                shut_down(self._server, in_order=in_order)
            if self._placement is not None:
                self._folder.forget_socket(self._placement.home)
        finally:
            self._forget_server()
            self._folder.unlock()

    def remove(self) -> None:
        """Stop at once and delete the database with all it holds."""
        home = self._folder.state.get("home")
        self.stop(in_order=False)
        for folder in (home, self.folder):
            if folder is not None:
                shutil.rmtree(folder, ignore_errors=True)

    def _bring_up(self, placement: Placement, progress: Progress) -> None:
        passwords = self._folder.passwords()
        digest = hashlib.sha256(json.dumps(passwords, sort_keys=True).encode()).hexdigest()
        set_already = self._folder.state.get("passwords") == digest
        settings, changed = self._written_settings(placement)
        startup_log = self.folder / "startup.log"
        self._server = take_over(placement, keep=set_already and not changed)
        if self._server is None:
            if not (placement.data / "PG_VERSION").exists():
                progress("Making the database's folder")
                create_data(placement, passwords["superuser"], for_tests=self._for_tests)
            elif not set_already:
                set_superuser_password(placement, passwords["superuser"])
            self._child = spawn(placement, settings, startup_log)
            self._server = Postmaster.of(self._child.pid, placement.data)
        wait_until_ready(self._server, placement, startup_log, progress)
        if self._watcher is None:
            self._watcher = watch(self._server, self.folder / "lock", self._orphan_grace)
        if not set_already:
            progress("Making the roles and the database")
            asyncio.run(prepare_cluster(self.superuser_url, owner=passwords["owner"], app=passwords["app"]))
            self._folder.remember({"passwords": digest})

    def _written_settings(self, placement: Placement) -> tuple[Path, bool]:
        """Write the settings; return their path, and whether they are others than before."""
        runner = placement.runner
        mode, group = (0o640, runner.gid) if runner.drops else (0o600, None)
        access = self._folder.write("pg_hba.conf", ACCESS, mode=mode, group=group)
        text = server_settings(
            socket=self._folder.settle_socket(placement.home, runner),
            access=access,
            log=placement.home / "log",
            buffers=self._shared_buffers,
            for_tests=self._for_tests,
        )
        path = self.folder / "postgresql.conf"
        changed = not path.exists() or path.read_text() != text
        self._folder.write(path.name, text, mode=mode, group=group)
        return path, changed

    def _forget_server(self) -> None:
        if self._watcher is not None:
            dismiss(self._watcher)
        if self._child is not None:
            self._child.poll()
        self._server = self._child = self._watcher = None

    def _url(self, role: str, database: str) -> str:
        socket = self._folder.state.get("socket")
        if socket is None:
            raise NeverStarted(folder=str(self.folder))
        password = quote(self._folder.passwords()[role], safe="")
        return f"postgresql://{ROLES[role]}:{password}@/{database}?host={quote(socket, safe='/')}"
