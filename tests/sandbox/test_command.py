"""`healthcloud sandbox` as a vendor's engineer starts it: processes, keys, hospitals, one clock for all workers."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from healthcloud.server.demonstration.addresses import AUTHENTICATOR, REGISTRY, SMS

pytestmark = pytest.mark.city

COMMAND = str(Path(sys.executable).with_name("healthcloud"))
PORT = 18700
HOSPITAL = PORT + 94
PATIENCE_SECONDS = 180


def wait_until(happens: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not happens():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def ask(method: str, path: str, **more: Any) -> Any:
    """Ask over a connection of its own, which any worker may take."""
    answer = httpx.request(method, f"http://127.0.0.1:{PORT}/sandbox{path}", trust_env=False, timeout=30, **more)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_sandbox_from_nothing(tmp_path: Path) -> None:
    # Given a folder with nothing in it
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HEALTHCLOUD_")}
    told, folder = tmp_path / "told", tmp_path / "city"
    arguments = ["sandbox", "--folder", str(folder), "--port", str(PORT), "--workers", "2"]
    with told.open("w") as out, (tmp_path / "log").open("w") as log:
        parent = subprocess.Popen([COMMAND, *arguments], env=environment, stdout=out, stderr=log, text=True)  # noqa: S603 - our own program
    try:
        wait_until(lambda: "密钥文件" in told.read_text() or parent.poll() is not None)
        assert parent.poll() is None, (tmp_path / "log").read_text()[-3000:]
        # Then every key stands in what was printed
        hospitals = json.loads((folder / "sandbox" / "keys.json").read_text())
        assert all(key["secret"] in told.read_text() for one in hospitals for key in one["keys"])
        # And a hospital beside it lives a day
        persons = [one for one in ask("GET", "/citizens.json") if one["why"] == "no-card"]
        wish = {"act": "day", "face": "hl7", "persons": persons[:2]}
        day = httpx.post(f"http://127.0.0.1:{HOSPITAL}/do", json=wish, trust_env=False, timeout=60).json()
        assert day["ok"], day
        # And within a second every worker has the clock that was set
        ask("PUT", "/clock", json={"offset_seconds": 86_400})
        time.sleep(1)
        moved = [ask("GET", "/state.json")["unix"] - time.time() for _ in range(20)]
        assert all(86_395 < by < 86_405 for by in moved), moved
    finally:
        parent.send_signal(signal.SIGINT)
        assert parent.wait(60) == 0


def test_the_ports_are_apart() -> None:
    assert not {94, 95, 75} & {SMS, REGISTRY, AUTHENTICATOR}


@pytest.mark.parametrize("name", ["HEALTHCLOUD_PRODUCTION", "HEALTHCLOUD_DATABASE_URL", "HEALTHCLOUD_KEYS_FILE"])
def test_a_sandbox_has_everything_of_its_own(name: str, tmp_path: Path) -> None:
    value = "1" if name.endswith("PRODUCTION") else str(tmp_path / "x")
    environment = {key: text for key, text in os.environ.items() if not key.startswith("HEALTHCLOUD_")} | {name: value}
    told = subprocess.run([COMMAND, "sandbox"], env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - our own program
    assert told.returncode == 5
    assert "沙箱" in told.stderr
