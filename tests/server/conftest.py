"""A city, and the command line with the settings of one."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fixtures.cities import city
from fixtures.databases import Copy
from fixtures.logs import set_up_test_logs
from fixtures.servers import make, open_folder, seed

from healthcloud.server.cli import run

__all__ = ["city", "make", "open_folder", "seed"]


@dataclass(frozen=True)
class Said:
    """What a command said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Command = Callable[..., Said]


@pytest.fixture
def command(
    fresh_copy: Copy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Command]:
    """Run `healthcloud …` on a database of this test's own; nobody sits at a terminal."""
    monkeypatch.setenv("HEALTHCLOUD_VAR", str(tmp_path / "var"))
    monkeypatch.setenv("HEALTHCLOUD_DATABASE_URL", fresh_copy.app_url)
    monkeypatch.setenv("HEALTHCLOUD_OWNER_DATABASE_URL", fresh_copy.owner_url)

    def ask(*arguments: str) -> Said:
        capsys.readouterr()
        code = run(list(arguments))
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    yield ask
    set_up_test_logs()  # a command logs to the stderr of its own test
