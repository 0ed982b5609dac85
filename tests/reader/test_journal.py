"""The journal survives a kill at any moment: what was answered for is there, and nothing is there twice."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reader.phones import NOW, code_of, phone
from reader.town import Hands, Town, opened, ready, set_up

from healthcloud_reader.offline import Aside, FileKeyHolder, Outcome, Reader, Refusal, Use
from healthcloud_reader.offline import journal as journal_module
from healthcloud_reader.offline.journal import Journal
from healthcloud_reader.offline.sealing import write_private

KEY = bytes(range(16))


def use(number: int, step: int = NOW) -> Use:
    return Use(f"use-{number}", "T1", "0101", 1.5, "EHC1:X", "accepted", f"{number:064x}", 1, step)


def again(path: Path) -> Journal:
    return Journal(path, KEY)


def test_what_was_kept_is_there_again_in_its_order(tmp_path: Path) -> None:
    path = tmp_path / "journal.log"
    journal = again(path)
    for number in range(5):
        journal.keep(use(number))
    journal.settle(["use-1"])
    journal.set_aside(Aside(use(3), "code-forged", "Forged.", "伪造。"))
    journal.close()
    found = again(path)
    assert list(found.waiting) == ["use-0", "use-2", "use-4"]
    assert found.aside["use-3"].zh == "伪造。"
    assert found.seen(use(1).name, "T1", "0101") == "use-1"
    assert found.seen(use(1).name, "T2", "0101") is None
    found.close()


def test_nothing_in_it_can_be_read_without_the_key(tmp_path: Path) -> None:
    journal = again(tmp_path / "journal.log")
    journal.keep(use(1))
    journal.close()
    text = (tmp_path / "journal.log").read_bytes()
    assert b"EHC1" not in text
    assert b"0101" not in text
    assert oct((tmp_path / "journal.log").stat().st_mode)[-3:] == "600"
    assert Journal(tmp_path / "journal.log", bytes(16)).damaged == 1


@given(st.data())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_torn_tail_loses_only_what_was_never_answered_for(tmp_path: Path, data: st.DataObject) -> None:
    path = tmp_path / "torn.log"
    path.unlink(missing_ok=True)
    journal = again(path)
    journal.keep(use(1))
    whole = path.stat().st_size
    journal.keep(use(2))
    journal.close()
    cut = data.draw(st.integers(whole, path.stat().st_size - 1))
    os.truncate(path, cut)
    found = again(path)
    assert list(found.waiting) == ["use-1"]
    found.keep(use(3))
    found.close()
    found = again(path)
    assert (list(found.waiting), found.damaged) == (["use-1", "use-3"], 0)
    found.close()


def test_a_damaged_line_is_put_by_and_costs_only_itself(tmp_path: Path) -> None:
    path = tmp_path / "journal.log"
    journal = again(path)
    for number in range(3):
        journal.keep(use(number))
    journal.close()
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + b"AAAA" + lines[1] + lines[2])
    found = again(path)
    assert (list(found.waiting), found.damaged) == (["use-0", "use-2"], 1)
    found.close()
    assert again(path).damaged == 0
    assert len((tmp_path / "journal.damaged").read_bytes().splitlines()) == 1


def test_writing_it_anew_keeps_what_matters_and_forgets_old_steps(tmp_path: Path) -> None:
    path = tmp_path / "journal.log"
    journal = again(path)
    journal.keep(use(1, NOW - 5000))
    journal.keep(use(2, NOW - 5000))
    journal.keep(use(3, NOW))
    journal.settle(["use-1", "use-3"])
    journal.rewrite(NOW)
    journal.keep(use(4, NOW))
    journal.close()
    found = again(path)
    assert list(found.waiting) == ["use-2", "use-4"]
    assert found.seen(use(1, NOW - 5000).name, "T1", "0101") is None
    assert found.seen(use(2, NOW - 5000).name, "T1", "0101") == "use-2"
    assert found.newest_step(use(3).card, 1) == NOW
    found.close()


def test_it_stays_small_while_uses_come_and_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal_module, "_TIDY_AFTER", 40)
    journal = again(tmp_path / "journal.log")
    for number in range(120):
        journal.keep(use(number, NOW + number * 30))
        journal.settle([f"use-{number}"])
        journal.tidy(NOW + number * 30)
    journal.close()
    assert (tmp_path / "journal.log").stat().st_size < 45 * 500
    assert again(tmp_path / "journal.log").newest_step(use(119).card, 1) == NOW + 119 * 30


def test_a_full_disk_refuses_the_scan_instead_of_forgetting_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    town = Town()
    code = code_of(town.keys[0], phone()).text
    with ready(tmp_path, town, Hands()) as reader:
        size = (tmp_path / "journal.log").stat().st_size

        def full(_descriptor: int) -> None:
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", full)
            assert reader.scan(code).why is Refusal.QUEUE_FULL
        assert (tmp_path / "journal.log").stat().st_size == size
        assert reader.scan(code).outcome is Outcome.ACCEPTED


def test_secrets_stand_in_files_of_their_owner(tmp_path: Path) -> None:
    holder = FileKeyHolder(tmp_path)
    assert holder.client_secret() is None
    holder.put_client_secret(b"s" * 32)
    assert (holder.client_secret(), holder.seal_key()) == (b"s" * 32, FileKeyHolder(tmp_path).seal_key())
    write_private(tmp_path / "x", b"1")
    for name in ("queue.key", "client.key", "x"):
        assert oct((tmp_path / name).stat().st_mode)[-3:] == "600"


class Tresor:
    """A key holder as a machine's key store would be one: nothing of it lies in the folder."""

    def seal_key(self) -> bytes:
        return KEY

    def client_secret(self) -> bytes | None:
        return None

    def put_client_secret(self, secret: bytes) -> None:
        raise NotImplementedError


def test_keys_may_be_held_elsewhere(tmp_path: Path) -> None:
    town = Town()
    set_up(tmp_path, town.keys[0])
    with Reader(tmp_path, keys=Tresor(), clock=Hands().clock) as reader:
        assert reader.scan("AB" * 32 + ":0:" + "CD" * 16 + "::").outcome is Outcome.UNVERIFIED
    assert not [path for path in tmp_path.iterdir() if path.suffix == ".key"]
    assert [one.seen for one in again(tmp_path / "journal.log").waiting.values()] == ["unverified"]


def test_a_disk_that_fails_while_the_journal_is_written_anew_costs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_module, "_TIDY_AFTER", 2)
    journal = again(tmp_path / "journal.log")
    for number in range(4):
        journal.keep(use(number))
    journal.settle(["use-0", "use-1", "use-2"])

    def failing(_self: Path, _target: Path) -> Path:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", failing)
        journal.tidy(NOW)
    journal.keep(use(9))
    journal.close()
    assert list(again(tmp_path / "journal.log").waiting) == ["use-3", "use-9"]


SCANNER = """
import sys
from pathlib import Path
from reader.town import Hands, Town, opened
from reader.phones import code_of, phone
town = Town()
with opened(Path(sys.argv[1]), Hands()) as reader:
    for slot in range(1, 255):
        answer = reader.scan(code_of(town.keys[0], phone(), slot=slot).text)
        print(answer.use_id, flush=True)
"""


@pytest.mark.parametrize("after", [1, 17, 60])
def test_a_kill_loses_no_use_that_was_answered(tmp_path: Path, after: int) -> None:
    ready(tmp_path, Town(), Hands()).close()
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])}
    command = [sys.executable, "-c", SCANNER, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as scanner:  # noqa: S603 - our own
        assert scanner.stdout is not None
        told = [scanner.stdout.readline().strip() for _ in range(after)]
        scanner.send_signal(signal.SIGKILL)
        told += [line.strip() for line in scanner.stdout if line.endswith("\n")]
    with opened(tmp_path, Hands()) as reader:
        kept = [one.id for one in reader.waiting(1000)]
    assert kept[: len(told)] == told
    assert len(kept) - len(told) <= 1
    assert len(set(kept)) == len(kept)
