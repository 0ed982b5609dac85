"""
A backup of the embedded database, and the way back.

    target/
      manifest.json   what this is: when, of which PostgreSQL, up to which migration, how many rows of each table
      data/           a whole data folder as pg_basebackup makes it, with the log it needs and checksums of every file

Other processes go on working meanwhile; what had committed when the backup ended is in it, whole. Before a backup is
called one, it has been started from a copy beside the database (so the disk needs that room for a while) and its rows
were counted; a restore counts them again.

The key file is not in it: sealed values stay unreadable without it, and it must be kept at another place. Neither are
the roles' passwords: a restored folder makes its own.
"""

import asyncio
import hashlib
import os
import re
import subprocess
from datetime import datetime
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import asyncpg
import msgspec

from healthcloud.core.clock import REAL_CLOCK, Clock
from healthcloud.core.postgres.binaries import ENVIRONMENT, find_binaries
from healthcloud.core.postgres.errors import BackupDamaged, BackupFailed, FolderNotEmpty, RestoreDiffers
from healthcloud.core.postgres.launch import Progress, silent
from healthcloud.core.postgres.migrations import migrations_head
from healthcloud.core.postgres.server import EmbeddedPostgres
from healthcloud.core.postgres.verification import MANIFEST as CHECKSUMS
from healthcloud.core.postgres.verification import verify_backup

KEYS_ARE_ELSEWHERE = "The key file is not in this backup. Without it nothing sealed can be read; keep it elsewhere."
_MANIFEST = "manifest.json"
_REHEARSAL_BUFFERS = 64
_PERCENT = re.compile(r"\((\d+)%\)")


class BackupManifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a backup holds; `rows` by `schema.table`, `checksums` the SHA-256 of PostgreSQL's own manifest."""

    made_at: datetime
    postgres: str
    migrations_head: int
    rows: dict[str, int]
    checksums: str
    keys: str = KEYS_ARE_ELSEWHERE
    format: int = 1

    @property
    def rows_by_schema(self) -> dict[str, int]:
        """How many rows each schema holds."""
        sums: dict[str, int] = {}
        for table, count in self.rows.items():
            schema = table.partition(".")[0]
            sums[schema] = sums.get(schema, 0) + count
        return sums


def back_up(
    embedded: EmbeddedPostgres, target: Path, *, progress: Progress = silent, clock: Clock = REAL_CLOCK
) -> BackupManifest:
    """
    Back up into a folder that is new or empty; another process may be running the database.

    Raise FolderNotEmpty or BackupFailed.
    """
    _must_be_empty(target)
    if embedded.pid is None:
        with embedded:
            return back_up(embedded, target, progress=progress, clock=clock)
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    made_at = clock.now()
    _copy(embedded.superuser_url, target / "data", progress)
    progress("Checking every file")
    verify_backup(target / "data", find_binaries())
    postgres, head, rows = _rehearse(target / "data", embedded.folder / "rehearsal", progress)
    manifest = BackupManifest(made_at, postgres, head, rows, _digest_of_checksums(target / "data"))
    with (target / _MANIFEST).open("wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(manifest)))
        os.fsync(file.fileno())
    return manifest


def read_manifest(backup: Path) -> BackupManifest:
    """Return a backup's manifest; raise BackupDamaged when there is none, as after one that was broken off."""
    try:
        return msgspec.json.decode((backup / _MANIFEST).read_bytes(), type=BackupManifest)
    except (OSError, msgspec.DecodeError) as error:
        raise BackupDamaged(f"no readable {_MANIFEST}") from error


def restore_backup(backup: Path, embedded: EmbeddedPostgres, *, progress: Progress = silent) -> BackupManifest:
    """
    Restore into an embedded database whose folder is new or empty, count its rows, and stop it again.

    Raise FolderNotEmpty, BackupDamaged or RestoreDiffers.
    """
    _must_be_empty(embedded.folder)
    manifest = read_manifest(backup)
    progress("Checking every file")
    verify_backup(backup / "data", find_binaries())
    if _digest_of_checksums(backup / "data") != manifest.checksums:
        raise BackupDamaged(f"{CHECKSUMS} is another backup's")
    embedded.start(progress, origin=backup / "data")
    try:
        progress("Counting rows")
        found = asyncio.run(_count_rows(embedded.owner_url))
    finally:
        embedded.stop()
    differing = sorted(
        name for name in manifest.rows.keys() | found.keys() if manifest.rows.get(name) != found.get(name)
    )
    if differing:
        raise RestoreDiffers(", ".join(differing))
    return manifest


def _must_be_empty(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderNotEmpty(folder=str(folder))


def _digest_of_checksums(data: Path) -> str:
    return hashlib.sha256((data / CHECKSUMS).read_bytes()).hexdigest()


def _copy(url: str, data: Path, progress: Progress) -> None:
    parts = urlsplit(url)
    arguments = [find_binaries().program("pg_basebackup"), "--pgdata", str(data), "--no-password", "--progress"]
    arguments += ["--wal-method=stream", "--checkpoint=fast", "--manifest-checksums=SHA256"]
    arguments += ["--host", parse_qs(parts.query)["host"][0], "--username", parts.username or ""]
    environment = ENVIRONMENT | {"PGPASSWORD": unquote(parts.password or "")}
    said: list[str] = []
    # Our own installation's program; no shell reads the arguments.
    with subprocess.Popen(arguments, env=environment, stderr=subprocess.PIPE, text=True) as running:  # noqa: S603
        for line in running.stderr or ():
            percent = _PERCENT.search(line)
            if percent:
                progress(f"Copying the database, {percent[1]} %")
            else:
                said.append(line)
    if running.returncode != 0:
        raise BackupFailed("".join(said))


def _rehearse(data: Path, folder: Path, progress: Progress) -> tuple[str, int, dict[str, int]]:
    """Start a copy of the backup; return PostgreSQL's version, the last migration and the rows."""
    rehearsal = EmbeddedPostgres(folder, for_tests=True, shared_buffers=_REHEARSAL_BUFFERS, orphan_grace=0)
    rehearsal.remove()  # what a rehearsal that was killed left behind
    try:
        rehearsal.start(progress, origin=data)
        progress("Counting rows")
        return asyncio.run(_described(rehearsal.owner_url))
    finally:
        rehearsal.remove()


async def _described(url: str) -> tuple[str, int, dict[str, int]]:
    connection = await asyncpg.connect(url)
    try:
        version = await connection.fetchval("SELECT current_setting('server_version')")
    finally:
        await connection.close()
    return version, await migrations_head(url), await _count_rows(url)


async def _count_rows(url: str) -> dict[str, int]:
    connection = await asyncpg.connect(url)
    try:
        names = await connection.fetch(
            "SELECT n.nspname || '.' || c.relname AS name, format('%I.%I', n.nspname, c.relname) AS quoted"
            " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition"
            " AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' ORDER BY 1"
        )
        return {row["name"]: await connection.fetchval(f"SELECT count(*) FROM {row['quoted']}") for row in names}
    finally:
        await connection.close()
