"""The embedded server lives through kills, strangers with its number, and a second parent."""

import asyncio
import json
import os
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import asyncpg
import pytest
from fixtures.servers import Make, Parent, ask, kill

from healthcloud.core.postgres import EmbeddedPostgres, launch
from healthcloud.core.postgres.errors import DataMissing, FolderInUse, NeverStarted, StartFailed


def answer(url: str, sql: str) -> object:
    return asyncio.run(ask(url, sql))


def note(server: EmbeddedPostgres) -> None:
    answer(server.owner_url, "CREATE SCHEMA trial CREATE TABLE noted (id int)")


def is_noted(server: EmbeddedPostgres) -> bool:
    return answer(server.owner_url, "SELECT to_regclass('trial.noted') IS NOT NULL") is True


def until(there: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not there():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_what_was_written_is_there_after_a_restart(make: Make) -> None:
    server = make()
    server.start()
    note(server)
    first = server.pid
    server.start()
    assert server.pid == first
    server.stop()
    assert server.pid is None
    again = make()
    again.start()
    assert is_noted(again)


def test_by_default_it_is_durable_and_closed(make: Make) -> None:
    server = make(new=True, for_tests=False)
    server.start()
    shown = {
        name: answer(server.superuser_url, f"SHOW {name}")
        for name in ("fsync", "synchronous_commit", "full_page_writes", "data_checksums", "listen_addresses", "jit")
    }
    assert shown == {
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "data_checksums": "on",
        "listen_addresses": "",
        "jit": "off",
    }
    assert answer(server.owner_url, "SELECT datcollate FROM pg_database WHERE datname = 'healthcloud'") == "C"
    for stranger in ("postgresql://postgres@", "postgresql://postgres:guess@"):
        with pytest.raises(asyncpg.InvalidPasswordError):
            answer(stranger + server.superuser_url.rpartition("@")[2], "SELECT 1")
    assert (server.folder / "passwords.json").stat().st_mode & 0o777 == 0o600


async def test_commits_outlive_a_killed_server(
    make: Make, record_testsuite_property: Callable[[str, object], None]
) -> None:
    server = make(for_tests=False)
    await asyncio.to_thread(server.start)
    await ask(server.owner_url, "CREATE SCHEMA trial CREATE TABLE lines (id int)")
    acknowledged: list[int] = []

    async def write(start: int) -> None:
        connection = await asyncpg.connect(server.owner_url)
        for number in range(start, 1_000_000, 4):
            await connection.execute("INSERT INTO trial.lines VALUES ($1)", number)
            acknowledged.append(number)

    writers = [asyncio.create_task(write(start)) for start in range(4)]
    while len(acknowledged) < 200:  # noqa: ASYNC110 - a list tells nobody that it grew
        await asyncio.sleep(0.01)
    kill(server)
    ends = await asyncio.gather(*writers, return_exceptions=True)
    assert all(isinstance(end, Exception) for end in ends)

    started = time.monotonic()
    await asyncio.to_thread(server.start)
    record_testsuite_property("restart_after_kill_seconds", time.monotonic() - started)
    connection = await asyncpg.connect(server.owner_url)
    kept = {row["id"] for row in await connection.fetch("SELECT id FROM trial.lines")}
    await connection.close()
    assert set(acknowledged) <= kept
    assert len(kept) <= len(acknowledged) + len(writers)


def test_a_server_whose_parent_was_killed_is_taken_over(make: Make, parent: Parent, open_folder: Path) -> None:
    folder = open_folder / "postgres"
    first = parent(folder)
    server = make(folder)
    note(server)
    orphan = server.pid
    first.kill()
    first.wait()
    server.start()
    assert server.pid == orphan
    assert is_noted(server)
    server.stop()
    assert not Path(f"/proc/{orphan}/cwd").exists()


def test_an_orphan_with_other_settings_is_started_again(make: Make, parent: Parent, open_folder: Path) -> None:
    folder = open_folder / "postgres"
    first = parent(folder)
    server = make(folder, shared_buffers=17)
    note(server)
    orphan = server.pid
    first.kill()
    first.wait()
    server.start()
    assert server.pid != orphan
    assert answer(server.superuser_url, "SHOW shared_buffers") == "17MB"
    assert is_noted(server)


def test_an_orphan_nobody_comes_for_stops_in_order(make: Make, parent: Parent, open_folder: Path) -> None:
    folder = open_folder / "postgres"
    first = parent(folder, grace=0.1)
    server = make(folder)
    orphan = server.pid
    first.kill()
    first.wait()
    until(lambda: not (folder / "data" / "postmaster.pid").exists())
    until(lambda: not Path(f"/proc/{orphan}/cwd").exists())  # the file goes first, its process a moment later
    server.start()
    assert "recovery" not in newest_log(server)


def test_parent_and_server_killed_together(make: Make, parent: Parent, open_folder: Path) -> None:
    folder = open_folder / "postgres"
    first = parent(folder)
    server = make(folder)
    note(server)
    kill(server)
    first.kill()
    first.wait()
    server.start()
    assert is_noted(server)


def test_a_number_that_now_belongs_to_another_process(make: Make) -> None:
    server = make()
    server.start()
    note(server)
    uid = (server.folder / "data").stat().st_uid
    pid_file = (server.folder / "data" / "postmaster.pid").read_text()
    kill(server)
    with subprocess.Popen(["/bin/sleep", "60"], user=uid) as stranger:
        try:
            for path in (server.folder / "data" / "postmaster.pid", server.folder / "run" / ".s.PGSQL.5432.lock"):
                path.write_text("\n".join([str(stranger.pid), *pid_file.splitlines()[1:]]) + "\n")
            server.start()
            assert server.pid != stranger.pid
            assert is_noted(server)
            assert stranger.poll() is None
        finally:
            stranger.kill()


def test_the_second_parent_is_refused(make: Make, parent: Parent, open_folder: Path) -> None:
    folder = open_folder / "postgres"
    first = parent(folder)
    server = make(folder)
    with pytest.raises(FolderInUse) as refusal:
        server.start()
    assert refusal.value.facts["process"] == str(first.pid)
    assert answer(server.app_url, "SELECT 1") == 1
    first.terminate()
    first.wait()


def test_a_deep_folder_gets_a_short_socket(make: Make, open_folder: Path) -> None:
    server = make(open_folder / ("深" * 40) / "postgres", new=True)
    with pytest.raises(NeverStarted):
        _ = server.app_url
    server.start()
    socket = Path(json.loads((server.folder / "state.json").read_text())["socket"])
    assert len(os.fsencode(socket / ".s.PGSQL.5432")) < 100
    assert socket.stat().st_mode & 0o777 == 0o700
    assert answer(server.app_url, "SELECT 1") == 1
    server.stop()
    assert not socket.exists()
    server.start()
    assert answer(server.app_url, "SELECT 1") == 1


def test_lost_passwords_are_made_anew(make: Make) -> None:
    server = make()
    server.start()
    note(server)
    server.stop()
    (server.folder / "passwords.json").unlink()
    server.start()
    assert is_noted(server)
    assert answer(server.app_url, "SELECT current_user::text") == "healthcloud_app"


def test_lost_data_is_not_replaced_by_an_empty_database(make: Make, open_folder: Path) -> None:
    server = make()
    server.start()
    server.stop()
    (server.folder / "data").rename(open_folder / "elsewhere")
    with pytest.raises(DataMissing):
        server.start()


def test_a_start_that_fails_tells_why_and_lets_go(make: Make) -> None:
    server = make()
    server.start()
    server.stop()
    settings = server.folder / "data" / "postgresql.auto.conf"
    before = settings.read_text()
    settings.write_text("no_such_setting = 1\n")
    with pytest.raises(StartFailed, match="no_such_setting"):
        server.start()
    settings.write_text(before)
    other = make()
    other.start()


def test_a_long_start_is_reported(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launch, "_SAY_EVERY_SECONDS", 0.0)
    said: list[str] = []
    make().start(said.append)
    assert any("recovering" in line for line in said)


def test_the_log_holds_no_word_of_anybody(make: Make) -> None:
    server = make()
    server.start()
    secret = "370402190001010015"
    answer(server.owner_url, "CREATE SCHEMA trial CREATE TABLE people (number text PRIMARY KEY)")

    async def err() -> None:
        connection = await asyncpg.connect(server.owner_url)
        for _ in range(2):
            with suppress(asyncpg.UniqueViolationError):
                await connection.execute("INSERT INTO trial.people VALUES ($1)", secret)
        for wrong in (f"SELECT '{secret}x'::int", f"SELECT no_such_column FROM trial.people WHERE number = '{secret}'"):
            with pytest.raises(asyncpg.PostgresError):
                await connection.execute(wrong)
        with pytest.raises(asyncpg.PostgresError):
            await connection.fetch("SELECT pg_terminate_backend(pg_backend_pid()), $1::text", secret)

    asyncio.run(err())
    server.stop()
    assert "terminating connection" in newest_log(server)
    assert all(secret not in path.read_text() for path in server.folder.glob("log/*.log"))


def newest_log(server: EmbeddedPostgres) -> str:
    return max(server.folder.glob("log/*.log")).read_text()
