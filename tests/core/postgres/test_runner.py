"""PostgreSQL runs as nobody important: for root in open and in closed folders, and for an ordinary user."""

import asyncio
import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import asyncpg
import pytest
from fixtures.servers import Make

from healthcloud.core.postgres import EmbeddedPostgres, find_binaries, placement, runner
from healthcloud.core.postgres.binaries import copy_binaries
from healthcloud.core.postgres.errors import FolderNotOurs, NobodyToRunAs
from healthcloud.core.postgres.runner import Runner

NOBODY = pwd.getpwnam("nobody")

SCRIPT = """
import asyncio, sys
from pathlib import Path
import asyncpg
from healthcloud.core.postgres import EmbeddedPostgres

async def who(url):
    connection = await asyncpg.connect(url)
    name = await connection.fetchval("SELECT current_user::text")
    await connection.close()
    return name

server = EmbeddedPostgres(Path(sys.argv[1]), for_tests=True, shared_buffers=16)
server.start()
status = dict(line.split(":", 1) for line in Path(f"/proc/{server.pid}/status").read_text().splitlines())
print(asyncio.run(who(server.app_url)), status["Uid"].split()[0], int(status["CapEff"], 16), flush=True)
server.remove()
"""


def run_as_root(folder: Path) -> tuple[str, int, int]:
    """
    Start a server as root; return the SQL user, the server's user number and its capabilities.

    Where the tests themselves run as an ordinary user, a user namespace makes that user root.
    """
    prefix = [] if os.geteuid() == 0 else ["unshare", "--user", "--map-root-user"]
    # This very Python with the script above.
    done = subprocess.run(  # noqa: S603
        [*prefix, sys.executable, "-c", SCRIPT, str(folder)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    user, uid, capabilities = done.stdout.split()
    return user, int(uid), int(capabilities)


def rights(*folders: Path) -> list[tuple[int, int, int]]:
    found = [folder.stat() for folder in folders]
    return [(one.st_mode, one.st_uid, one.st_gid) for one in found]


def test_root_in_an_open_folder(open_folder: Path) -> None:
    before = rights(open_folder)
    user, _, capabilities = run_as_root(open_folder / "postgres")
    assert (user, capabilities) == ("healthcloud_app", 0)
    assert rights(open_folder) == before


def test_root_in_a_closed_folder(open_folder: Path, closed_folder: Path) -> None:
    before = rights(open_folder, closed_folder)
    user, _, capabilities = run_as_root(closed_folder / "var" / "postgres")
    assert (user, capabilities) == ("healthcloud_app", 0)
    assert rights(open_folder, closed_folder) == before


@pytest.fixture
def reachable(open_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Programs that every account may run, also where this project itself lies in a closed folder."""
    copy = copy_binaries(find_binaries(), open_folder / "programs")
    monkeypatch.setattr(placement, "find_binaries", lambda: copy)


def in_child(act: Callable[[], None]) -> None:
    """Run in a forked process, so that it can become another user; its failure is ours."""
    child = os.fork()
    if child == 0:
        try:
            act()
            os._exit(0)
        except BaseException as error:  # noqa: BLE001 - whatever it is, the parent must hear of it
            os.write(2, repr(error).encode())
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def start_and_ask(folder: Path) -> None:
    server = EmbeddedPostgres(folder, for_tests=True, shared_buffers=16)
    server.start()

    async def ask() -> None:
        connection = await asyncpg.connect(server.app_url)
        assert await connection.fetchval("SELECT 1") == 1
        await connection.close()

    asyncio.run(ask())
    owner = Path(f"/proc/{server.pid}").stat().st_uid
    assert owner == os.geteuid() != 0
    server.remove()


@pytest.mark.usefixtures("reachable")
def test_an_ordinary_user(open_folder: Path) -> None:
    def as_nobody() -> None:
        if os.geteuid() == 0:
            os.setgroups([])
            os.setgid(NOBODY.pw_gid)
            os.setuid(NOBODY.pw_uid)
        start_and_ask(home / "postgres")

    home = open_folder / "home"
    home.mkdir(mode=0o700)
    if os.geteuid() == 0:
        os.chown(home, NOBODY.pw_uid, NOBODY.pw_gid)
    in_child(as_nobody)


def test_where_there_are_no_namespaces_root_keeps_a_copy_elsewhere(
    open_folder: Path, closed_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last way; an ordinary user, who never needs it, takes it here as himself."""
    monkeypatch.setattr(placement, "ways", lambda _: runner.ways(None)[:1])
    monkeypatch.setattr(placement, "COPIES", open_folder / "copies")
    works = Runner.works
    monkeypatch.setattr(Runner, "works", lambda self, b, f: f != closed_folder and works(self, b, f))
    server = EmbeddedPostgres(closed_folder / "postgres", for_tests=True, shared_buffers=16)
    server.start()
    [copy] = (open_folder / "copies").iterdir()
    assert (copy / "data" / "PG_VERSION").exists()
    assert not (closed_folder / "postgres" / "data").exists()
    server.stop()
    server.start()
    server.remove()
    assert not copy.exists()


def test_where_nothing_works_a_sentence_says_what_to_do(closed_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(placement, "ways", lambda _: [])
    with pytest.raises(NobodyToRunAs) as refusal:
        EmbeddedPostgres(closed_folder / "postgres").start()
    assert "ordinary user" in refusal.value.sentence
    with pytest.raises(NobodyToRunAs):
        runner._unprivileged_entry("no-such-account")


@pytest.mark.usefixtures("reachable")
def test_a_folder_of_another_account_is_refused(open_folder: Path) -> None:
    folder = open_folder / "postgres"
    folder.mkdir()
    if os.geteuid() == 0:
        os.chown(folder, NOBODY.pw_uid, NOBODY.pw_gid)
    else:
        folder = Path("/root") if Path("/root").stat().st_uid != os.geteuid() else Path("/")
    with pytest.raises(FolderNotOurs):
        EmbeddedPostgres(folder).start()


def test_data_follows_when_the_way_to_run_changes(make: Make, closed_folder: Path) -> None:
    server = make()
    server.start()
    server.stop()
    moved = closed_folder / "postgres"
    shutil.move(server.folder, moved)
    again = make(moved)
    again.start()
    assert again.pid is not None
