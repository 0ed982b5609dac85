"""A second server that follows an embedded one, as its standby would on another machine."""

import contextlib
import shutil
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote, unquote, urlsplit

import asyncpg
from fixtures.places import quick_folder

from healthcloud.core.postgres import EmbeddedPostgres

if TYPE_CHECKING:
    import subprocess

NAME = "standby"
# As the one it follows where a standby must be no smaller; nothing else matters here.
SETTINGS = """\
listen_addresses = ''
unix_socket_directories = '{folder}'
hba_file = '{folder}/hba.conf'
max_connections = 100
max_wal_senders = 4
shared_buffers = '16MB'
hot_standby = on
"""


class Standby:
    """Made by a base backup, begun with streaming replication; `cut` ends what it hears, `promote` makes it first."""

    def __init__(self, primary: EmbeddedPostgres) -> None:
        placement = primary._placement
        assert placement is not None
        self._runner, self._binaries = placement.runner, placement.binaries
        self._folder = quick_folder()
        self._folder.chmod(0o700)
        self._runner.own(self._folder)
        self._running: subprocess.Popen[bytes] | None = None
        parts = urlsplit(primary.superuser_url)
        self._password = unquote(parts.password or "")
        self._follows = f"host={parse_qs(parts.query)['host'][0]} user=postgres password={self._password}"

    @property
    def host(self) -> str:
        return quote(str(self._folder), safe="/")

    @property
    def url(self) -> str:
        return f"postgresql://postgres:{quote(self._password, safe='')}@/healthcloud?host={self.host}"

    def start(self) -> None:
        """Copy the primary and begin to follow it."""
        data = self._folder / "data"
        copy = [self._binaries.program("pg_basebackup"), "--pgdata", str(data), "--write-recovery-conf"]
        copy += ["--checkpoint=fast", "--dbname", f"{self._follows} application_name={NAME}"]
        done = self._runner.run(copy)
        assert done.returncode == 0, done.stderr
        self._write("postgresql.conf", SETTINGS.format(folder=self._folder))
        self._write("hba.conf", "local all all scram-sha-256\n")
        with (self._folder / "log").open("ab") as log:
            start = [self._binaries.program("postgres"), "-D", str(data)]
            self._running = self._runner.spawn(
                [*start, "-c", f"config_file={self._folder}/postgresql.conf"], output=log
            )

    async def cut(self) -> None:
        """Hear no more of the primary, as when the link between them is cut."""
        await self._run("ALTER SYSTEM SET primary_conninfo = 'host=/nowhere'", "SELECT pg_reload_conf()")

    async def promote(self) -> None:
        """Become the primary."""
        await self._run("SELECT pg_promote(true, 60)")

    async def connect(self) -> asyncpg.Connection:
        return await asyncpg.connect(self.url, timeout=10)

    def remove(self) -> None:
        """End it and delete what it holds."""
        if self._running is not None:
            with contextlib.suppress(ProcessLookupError):
                self._running.terminate()
            self._running.wait(30)
        shutil.rmtree(self._folder)

    async def _run(self, *statements: str) -> None:
        connection = await self.connect()
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    def _write(self, name: str, text: str) -> None:
        path = Path(self._folder, name)
        path.write_text(text)
        self._runner.own(path)
