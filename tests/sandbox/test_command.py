"""`healthcloud sandbox` as a vendor's engineer starts it: processes, keys, hospitals, one clock for all workers."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sandbox.guide_reader import GuideReader, listings_of

from healthcloud.core.wording import LANGUAGES
from healthcloud.server.cli.sandbox import MLLP
from healthcloud.server.demonstration.addresses import AUTHENTICATOR, REGISTRY, SMS
from healthcloud.web.developers.samples import FACES, samples
from healthcloud.web.developers.writing import read_chapter

pytestmark = pytest.mark.city

COMMAND = str(Path(sys.executable).with_name("healthcloud"))
CHECKOUT = Path(__file__).parents[2]
FIRST = "make sandbox"
KEYS = Path("var/sandbox/sandbox/keys.json")
PORT = 18700
HOSPITAL = PORT + 94
PATIENCE_SECONDS = 180
# What an answer of each face has where it is a yes.
DONE = {
    "family-b": r"[\"']qrCode[\"']",
    "family-c": r"[\"']code[\"']: ?[\"']?10\b",
    "tencent": r"[\"']qrCodeText[\"']",
    "shandong": r"^\"?0[\^ ]",
    "hl7": r"MSA\|AA",
    "fhir": r"[\"']resourceType[\"']: ?[\"']Organization",
}


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


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A checkout with nothing kept in it, in which the guide's first command was given; what it printed is `told`."""
    checkout = tmp_path_factory.mktemp("checkout")
    (checkout / ".venv").symlink_to(CHECKOUT / ".venv")
    for language in LANGUAGES:
        assert next(block.text for block in read_chapter(language, "start").blocks if block.kind == "code") == FIRST
    makes = ["make", "-s", "-n", "-o", ".venv/.installed", *FIRST.split()[1:]]
    command = subprocess.run(makes, cwd=CHECKOUT, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603 - our own Makefile
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HEALTHCLOUD_")}
    environment |= {"HEALTHCLOUD_PORT": str(PORT), "HEALTHCLOUD_WORKERS": "2"}
    told = checkout / "told"
    with told.open("w") as out, (checkout / "log").open("w") as log:
        parent = subprocess.Popen(command.split(), cwd=checkout, env=environment, stdout=out, stderr=log, text=True)  # noqa: S603 - our own guide
    try:
        wait_until(lambda: "密钥文件" in told.read_text() or parent.poll() is not None)
        assert parent.poll() is None, (checkout / "log").read_text()[-3000:]
        yield checkout
    finally:
        parent.send_signal(signal.SIGINT)
        assert parent.wait(60) == 0


def test_a_sandbox_from_nothing(started: Path) -> None:
    # Given a sandbox, every key stands in what was printed
    hospitals = json.loads((started / KEYS).read_text())
    told = (started / "told").read_text()
    assert all(key["secret"] in told for one in hospitals for key in one["keys"])
    assert [key["algorithm"] for key in hospitals[0]["keys"]] == ["HMAC-SM3", "HMAC-SHA-256", "APP-SECRET"]
    # And a hospital beside it lives a day
    persons = [one for one in ask("GET", "/citizens.json") if one["why"] == "no-card"]
    wish = {"act": "day", "face": "hl7", "persons": persons[-2:]}
    day = httpx.post(f"http://127.0.0.1:{HOSPITAL}/do", json=wish, trust_env=False, timeout=60).json()
    assert day["ok"], day
    # And within a second every worker has the clock that was set
    ask("PUT", "/clock", json={"offset_seconds": 86_400})
    time.sleep(1)
    moved = [ask("GET", "/state.json")["unix"] - time.time() for _ in range(20)]
    assert all(86_395 < by < 86_405 for by in moved), moved
    ask("POST", "/reset", json={})
    time.sleep(1)


@pytest.fixture(scope="module")
def followed(started: Path) -> dict[str, GuideReader]:
    """Two who do what the page says, as it is served, from top to bottom: in the shell, and in Python."""
    address = f"http://127.0.0.1:{PORT}/developers/guide/start"
    readers = {program: GuideReader(started, PORT, program) for program in ("curl", "python")}
    for reader, language in zip(readers.values(), LANGUAGES, strict=True):
        page = httpx.get(address, headers={"Cookie": f"hc_language={language}"}, trust_env=False).text
        for listing in listings_of(page):
            reader.follow(listing)
    return readers


@pytest.mark.parametrize("program", ["curl", "python"])
def test_the_guides_ten_minutes_are_followed_literally(followed: dict[str, GuideReader], program: str) -> None:
    reader = followed[program]
    # The last answer is the verified scan of the card that was opened on the way.
    assert reader.followed[-4:] == ["who-am-i", "register", "open-card", "scan-card"]
    assert reader.variables["CARD"] in reader.said
    assert re.search(r"[\"']status[\"']: ?[\"']valid", reader.said), reader.said


@pytest.mark.parametrize("program", ["curl", "python"])
@pytest.mark.parametrize("face", [*FACES, "fhir"])
def test_the_samples_of_the_faces_run_as_printed(followed: dict[str, GuideReader], face: str, program: str) -> None:
    # Given somebody who has the start behind them
    reader = followed[program]
    reader.variables["HC_MLLP"] = str(PORT + MLLP)
    sample = next(one for one in samples(face) if one.language == program)
    # When they run a face's sample, then the city does as it says
    said = reader.run(sample.file or f"{face}.{'sh' if program == 'curl' else 'py'}", sample.text)
    assert re.search(DONE[face], said), said


def test_what_lies_in_the_vendors_folder_is_no_part_of_the_program(started: Path) -> None:
    # Given a folder in which somebody keeps a file that is called as a library of ours
    (started / "fhir.py").write_text("raise SystemExit('not yours')\n", encoding="utf-8")
    # Then every worker still finds the library, whether it had looked for it before or not
    address = f"http://127.0.0.1:{PORT}/fhir/metadata"
    answers = [httpx.get(address, trust_env=False, timeout=30) for _ in range(20)]
    assert {(one.status_code, one.json()["resourceType"]) for one in answers} == {(200, "CapabilityStatement")}


def test_the_ports_are_apart() -> None:
    assert not {94, 95, 75} & {SMS, REGISTRY, AUTHENTICATOR}


@pytest.mark.parametrize("name", ["HEALTHCLOUD_PRODUCTION", "HEALTHCLOUD_DATABASE_URL", "HEALTHCLOUD_KEYS_FILE"])
def test_a_sandbox_has_everything_of_its_own(name: str, tmp_path: Path) -> None:
    value = "1" if name.endswith("PRODUCTION") else str(tmp_path / "x")
    environment = {key: text for key, text in os.environ.items() if not key.startswith("HEALTHCLOUD_")} | {name: value}
    told = subprocess.run([COMMAND, "sandbox"], env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - our own program
    assert told.returncode == 5
    assert "沙箱" in told.stderr
