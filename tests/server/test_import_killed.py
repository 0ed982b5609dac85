"""An import that is killed goes on where it was: every row answered once, nobody twice."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import asyncpg
import msgspec
import pytest
from fixtures.databases import Copy
from index.imports.files import patients, sheet
from institutions.entering import uscc

pytestmark = pytest.mark.city
ROWS = 1_200
SURNAMES, GIVEN = "赵钱孙李周吴郑王冯陈", "伟芳娜敏静丽强磊军洋勇艳杰娟涛"


class Commands:
    """`healthcloud …` as a process, which may be killed."""

    def __init__(self, copy: Copy, var: Path) -> None:
        self.url = copy.app_url
        self._environment = {name: one for name, one in os.environ.items() if not name.startswith("HEALTHCLOUD_")} | {
            "HEALTHCLOUD_VAR": str(var),
            "HEALTHCLOUD_DATABASE_URL": copy.app_url,
            "HEALTHCLOUD_OWNER_DATABASE_URL": copy.owner_url,
        }

    def begin(self, *arguments: str) -> subprocess.Popen[bytes]:
        command = [str(Path(sys.executable).with_name("healthcloud")), *arguments]
        return subprocess.Popen(  # noqa: S603 - our own program
            command, env=self._environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
        )

    def finish(self, *arguments: str) -> bytes:
        process = self.begin(*arguments)
        out, words = process.communicate(timeout=120)
        assert process.returncode == 0, words
        return out

    async def counted(self) -> tuple[int, int]:
        """Return how many rows were answered, and how many records there are."""
        connection = await asyncpg.connect(self.url)
        try:
            done = await connection.fetchval(
                "SELECT coalesce(sum(linked + new + review + unchanged + rejected), 0) FROM index.imports"
            )
            return int(done), int(await connection.fetchval("SELECT count(*) FROM index.records WHERE number <> ''"))
        finally:
            await connection.close()


def test_an_import_that_is_killed_goes_on(fresh_copy: Copy, tmp_path: Path) -> None:
    commands, number, file = Commands(fresh_copy, tmp_path / "var"), uscc(), tmp_path / "patients.csv"
    rows = patients(ROWS)
    for n, row in enumerate(rows):
        row[1] = SURNAMES[n % 10] + GIVEN[n // 10 % 15] + GIVEN[n // 150 % 15]
    file.write_bytes(sheet(rows))
    commands.finish("codes", "load")
    commands.finish(
        *("institution", "add", "示例医院", "--number", f"uscc={number}", "--class", "A100"),
        *("--ownership", "1", "--district", "370402"),
    )
    place = ("people", "import", str(file), "--institution", number, "--json")
    first = commands.begin(*place)
    deadline = time.monotonic() + 60
    while asyncio.run(commands.counted())[0] == 0:
        assert time.monotonic() < deadline
        assert first.poll() is None
    os.killpg(first.pid, signal.SIGKILL)
    first.communicate()
    done, _ = asyncio.run(commands.counted())
    assert 0 < done < ROWS
    told = msgspec.json.decode(commands.finish(*place))
    assert (told["state"], told["rows"], told["rejected"]) == ("done", ROWS, 0)
    assert sum(told[name] for name in ("linked", "new", "review", "unchanged")) == ROWS
    assert asyncio.run(commands.counted()) == (ROWS, ROWS)
