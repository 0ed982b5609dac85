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
from healthcloud.core.postgres.errors import DataMissing, NeverStarted
from healthcloud.core.postgres.folder import Folder, write_whole
from healthcloud.core.postgres.launch import Progress, clear_away, shut_down, silent, spawn, take_over, wait_until_ready
from healthcloud.core.postgres.orphan import Watcher
from healthcloud.core.postgres.placement import Placement, copy_data, create_data, place, set_superuser_password
from healthcloud.core.postgres.postmaster import Postmaster, find_postmaster


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
        self._watcher: Watcher | None = None

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
        """The ready server's process, whoever started it; None when there is none, and start() brings it back."""
        server = find_postmaster(self._data)
        return server.pid if server and server.status() == "ready" else None

    @property
    def _data(self) -> Path:
        return Path(self._folder.state.get("home", self.folder)) / "data"

    def start(self, progress: Progress = silent, *, origin: Path | None = None) -> None:
        """
        Return when the database answers; at once if it does already.

        A server left over by a killed parent is taken over, or started again if its settings are not today's. Recovery
        after a crash is waited for as long as it takes. A folder without data begins empty, or with a copy of `origin`,
        the data folder of a backup. Raise FolderInUse, FolderNotOurs, NobodyToRunAs or StartFailed.
        """
        self._folder.lock(self._lock_patience)
        if self._server is not None and self._server.alive():
            return
        self._forget_server()
        try:
            self._placement = place(self._folder, self._account)
            self._bring_up(self._placement, origin, progress)
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
        """Stop at once and delete the database with all it holds; raise FolderInUse."""
        self._folder.lock(self._lock_patience)
        self._server = self._server or find_postmaster(self._data)
        home = self._folder.state.get("home", self.folder)
        self.stop(in_order=False)
        for folder in {Path(home), self.folder}:
            shutil.rmtree(folder, ignore_errors=True)

    def _bring_up(self, placement: Placement, origin: Path | None, progress: Progress) -> None:
        passwords = self._folder.passwords()
        digest = hashlib.sha256(json.dumps(passwords, sort_keys=True).encode()).hexdigest()
        set_already = self._folder.state.get("passwords") == digest
        self._server = take_over(placement, keep=set_already and self._settings_stand(placement))
        if self._server is None:
            self._folder.settle(placement.home, placement.runner)
            clear_away(placement, self._folder.settle_socket(placement.home, placement.runner))
            self._write_settings(placement)
            self._fill(placement, passwords["superuser"], origin, set_already=set_already, progress=progress)
            self._server = spawn(placement, self.folder / "startup.log")
        self._watcher = Watcher(self._server, self.folder / "lock", self._orphan_grace)
        wait_until_ready(self._server, placement, self.folder / "startup.log", progress)
        if not set_already:
            progress("Making the roles and the database")
            asyncio.run(prepare_cluster(self.superuser_url, owner=passwords["owner"], app=passwords["app"]))
            self._folder.remember({"passwords": digest})

    def _fill(
        self, placement: Placement, password: str, origin: Path | None, *, set_already: bool, progress: Progress
    ) -> None:
        """See that there is data, and that its superuser has this password."""
        there = (placement.data / "PG_VERSION").exists()
        if not there and origin is None:
            if "passwords" in self._folder.state:
                raise DataMissing(folder=str(placement.data))
            progress("Making the database's folder")
            create_data(placement, password, for_tests=self._for_tests)
            return
        if not there and origin is not None:
            progress("Copying the backup")
            copy_data(placement, origin, for_tests=self._for_tests)
        if not (there and set_already):
            set_superuser_password(placement, password)

    def _settings(self, placement: Placement) -> str:
        return server_settings(
            socket=self._folder.settle_socket(placement.home, placement.runner),
            access=placement.access,
            log=placement.home / "log",
            buffers=self._shared_buffers,
            for_tests=self._for_tests,
        )

    def _settings_stand(self, placement: Placement) -> bool:
        """Tell whether a running server is as it would be started now; its socket's folder included."""
        owned = placement.data.exists() and placement.data.stat().st_uid == placement.runner.uid
        path = placement.settings
        return owned and path.exists() and path.read_text() == self._settings(placement)

    def _write_settings(self, placement: Placement) -> None:
        mode, group = (0o640, placement.runner.gid) if placement.runner.drops else (0o600, None)
        write_whole(placement.access, ACCESS, mode=mode, group=group)
        write_whole(placement.settings, self._settings(placement), mode=mode, group=group)

    def _forget_server(self) -> None:
        if self._watcher is not None:
            self._watcher.dismiss()
        self._server = self._watcher = None

    def _url(self, role: str, database: str) -> str:
        socket = self._folder.state.get("socket")
        if socket is None:
            raise NeverStarted(folder=str(self.folder))
        password = quote(self._folder.passwords()[role], safe="")
        return f"postgresql://{ROLES[role]}:{password}@/{database}?host={quote(socket, safe='/')}"
