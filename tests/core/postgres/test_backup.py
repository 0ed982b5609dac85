"""A backup taken while people work comes back whole, and damage to it is found."""

import asyncio
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import asyncpg
import msgspec
import pytest
from fixtures.places import quick_folder
from fixtures.servers import Make

from healthcloud.core.postgres import EmbeddedPostgres, back_up, restore_backup
from healthcloud.core.postgres.backup import read_manifest
from healthcloud.core.postgres.errors import BackupDamaged, FolderNotEmpty, RestoreDiffers
from healthcloud.core.postgres.migrations import apply_migrations

TABLES = "CREATE SCHEMA trial CREATE TABLE heads (id int PRIMARY KEY) CREATE TABLE lines (head int, n int)"


async def write(url: str, acknowledged: list[int], stop: asyncio.Event, first: int) -> None:
    """Write heads with three lines each, one transaction apiece."""
    connection = await asyncpg.connect(url)
    number = first
    while not stop.is_set():
        async with connection.transaction():
            await connection.execute("INSERT INTO trial.heads VALUES ($1)", number)
            for n in range(3):
                await connection.execute("INSERT INTO trial.lines VALUES ($1, $2)", number, n)
        acknowledged.append(number)
        number += 2
    await connection.close()


async def test_what_was_whole_comes_back_whole(make: Make, open_folder: Path) -> None:
    server = make()
    await asyncio.to_thread(server.start)
    connection = await asyncpg.connect(server.owner_url)
    await connection.execute(TABLES)
    await connection.close()
    await apply_migrations(server.owner_url, open_folder)
    acknowledged: list[int] = []
    stop = asyncio.Event()
    writers = [asyncio.create_task(write(server.owner_url, acknowledged, stop, first)) for first in (0, 1)]
    while len(acknowledged) < 50:  # noqa: ASYNC110 - a list tells nobody that it grew
        await asyncio.sleep(0.01)
    before = set(acknowledged)
    said: list[str] = []

    manifest = await asyncio.to_thread(back_up, server, open_folder / "backup", progress=said.append)
    stop.set()
    await asyncio.gather(*writers)

    restored = make(open_folder / "restored", new=True)
    assert await asyncio.to_thread(restore_backup, open_folder / "backup", restored) == manifest
    await asyncio.to_thread(restored.start)
    connection = await asyncpg.connect(restored.owner_url)
    heads = {row["id"] for row in await connection.fetch("SELECT id FROM trial.heads")}
    torn = await connection.fetch("SELECT head FROM trial.lines GROUP BY head HAVING count(*) <> 3")
    lines = await connection.fetchval("SELECT count(DISTINCT head) FROM trial.lines")
    await connection.close()

    assert before <= heads <= set(acknowledged)
    assert len(heads) > len(before)
    assert (torn, lines) == ([], len(heads))
    assert manifest.rows_by_schema == {"core": 0, "trial": 4 * len(heads)}
    assert any("100 %" in line for line in said)
    assert not (server.folder / "rehearsal").exists()


@pytest.fixture(scope="module")
def taken(seed: Path) -> Iterator[Path]:
    """A backup of a database that was not running, and that database beside it."""
    folder = quick_folder()
    folder.chmod(0o755)
    shutil.copytree(seed, folder / "postgres")
    server = EmbeddedPostgres(folder / "postgres", for_tests=True, shared_buffers=16, lock_patience=0.2)
    back_up(server, folder / "backup")
    assert server.pid is None
    yield folder
    server.remove()
    shutil.rmtree(folder)


@pytest.fixture
def backup(taken: Path, open_folder: Path) -> Path:
    """A copy of it to harm."""
    return shutil.copytree(taken / "backup", open_folder / "backup")


def test_it_says_what_it_lacks_and_holds_no_password(backup: Path, taken: Path) -> None:
    assert "key file is not in this backup" in read_manifest(backup).keys
    passwords = json.loads((taken / "postgres" / "passwords.json").read_text()).values()
    texts = [path.read_bytes() for path in backup.rglob("*") if path.is_file()]
    assert all(password.encode() not in text for password in passwords for text in texts)


def test_nothing_is_overwritten(make: Make, backup: Path, open_folder: Path) -> None:
    with pytest.raises(FolderNotEmpty):
        back_up(make(), backup)
    with pytest.raises(FolderNotEmpty):
        restore_backup(backup, make())
    assert (open_folder / "postgres" / "data").exists()


def harm(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda backup: harm(backup / "data" / "global" / "1260"), "global/1260 was changed"),
        (lambda backup: (backup / "data" / "PG_VERSION").unlink(), "PG_VERSION is missing"),
        (lambda backup: (backup / "data" / "more").touch(), "more does not belong"),
        (lambda backup: harm(backup / "data" / "backup_manifest"), "backup_manifest"),
        (lambda backup: [path.unlink() for path in (backup / "data" / "pg_wal").glob("0*")], "pg_wal"),
        (lambda backup: (backup / "manifest.json").unlink(), "manifest.json"),
    ],
)
def test_damage_is_found_before_anything_is_written(
    make: Make, backup: Path, open_folder: Path, damage: Callable[[Path], object], told: str
) -> None:
    damage(backup)
    with pytest.raises(BackupDamaged, match=told):
        restore_backup(backup, make(open_folder / "restored", new=True))
    assert not (open_folder / "restored").exists()


def test_other_rows_than_were_counted_are_told(make: Make, backup: Path, open_folder: Path) -> None:
    manifest = msgspec.structs.replace(read_manifest(backup), rows={"trial.gone": 1})
    (backup / "manifest.json").write_bytes(msgspec.json.encode(manifest))
    with pytest.raises(RestoreDiffers, match=r"trial\.gone"):
        restore_backup(backup, make(open_folder / "restored", new=True))
