"""The key file: who may read it, what it may hold, how a running process notices a new one."""

import json
import logging
import multiprocessing
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from healthcloud.core.crypto import (
    FileKeyStore,
    KeyState,
    Purpose,
    SealBroken,
    Use,
    Vault,
    create_development_keys,
    create_keys,
)
from healthcloud.core.crypto.errors import (
    KeyFileBroken,
    KeyFileExposed,
    KeyFileMissing,
    KeyUnreadable,
    RotationRefused,
)

FACE = "people.face"


def test_a_created_file_is_its_owners_alone_and_marked(key_file: Path, store: FileKeyStore) -> None:
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    assert store.development
    assert {line.state for line in store.lines()} == {KeyState.CURRENT}
    assert [entry.name for entry in key_file.parent.iterdir()] == ["keys.json"]  # no temporary file left


def test_real_keys_are_not_marked(tmp_path: Path) -> None:
    assert not create_keys(tmp_path / "var" / "keys.json", [Purpose(FACE, Use.SEAL)]).development


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o620])
def test_a_file_others_can_read_is_refused_in_words(key_file: Path, store: FileKeyStore, mode: int) -> None:
    key_file.chmod(mode)
    with pytest.raises(KeyFileExposed) as exposed:
        store.reload()
    assert "chmod 600" in exposed.value.sentence
    assert exposed.value.facts == {"mode": f"{mode:04o}"}


def test_a_file_that_is_not_there_is_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(KeyFileMissing) as missing:
        FileKeyStore(tmp_path / "keys.json")
    assert missing.value.detail == "FileNotFoundError"


def test_creating_again_adds_only_what_is_lacking(key_file: Path, vault: Vault) -> None:
    sealed = vault.seal(FACE, b"row", b"x")
    again = create_development_keys(key_file, [Purpose(FACE, Use.SEAL), Purpose("fever.report", Use.SEAL)])
    assert Vault(again).open(FACE, b"row", sealed) == b"x"
    assert again.ring("fever.report").current.number == 1


def test_development_and_real_keys_never_share_a_file(key_file: Path) -> None:
    before = key_file.read_bytes()
    with pytest.raises(RotationRefused):
        create_keys(key_file, [Purpose("fever.report", Use.SEAL)])
    assert key_file.read_bytes() == before


def test_a_purpose_never_changes_its_use(key_file: Path) -> None:
    with pytest.raises(RotationRefused) as refused:
        create_development_keys(key_file, [Purpose(FACE, Use.SIGN)])
    assert refused.value.facts == {"purpose": FACE}


def test_processes_that_create_at_once_lose_nothing(tmp_path: Path) -> None:
    names = [f"feature.{number}" for number in range(4)]
    starter = multiprocessing.get_context("spawn")
    processes = [
        starter.Process(target=create_development_keys, args=(tmp_path / "keys.json", [Purpose(name, Use.SEAL)]))
        for name in names
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
        assert process.exitcode == 0
    assert sorted({line.purpose for line in FileKeyStore(tmp_path / "keys.json").lines()}) == names


def edited(path: Path, edit: Callable[[dict[str, Any]], object]) -> None:
    content = json.loads(path.read_text())
    edit(content)
    path.write_text(json.dumps(content))


def keys_of(content: dict[str, Any]) -> list[dict[str, Any]]:
    keys: list[dict[str, Any]] = content["purposes"][FACE]["keys"]
    return keys


EDITS: dict[str, Callable[[dict[str, Any]], object]] = {
    "another format": lambda content: content.update(format=2),
    "an unknown use": lambda content: content["purposes"][FACE].update(use="dance"),
    "a wrong name": lambda content: content["purposes"].update({"Face!": content["purposes"][FACE]}),
    "no key": lambda content: keys_of(content).clear(),
    "a number twice": lambda content: keys_of(content).append(keys_of(content)[0] | {"state": "next"}),
    "a number left out": lambda content: keys_of(content).append(keys_of(content)[0] | {"number": 3, "state": "next"}),
    "two current keys": lambda content: keys_of(content).append(keys_of(content)[0] | {"number": 2}),
    "no current key": lambda content: keys_of(content)[0].update(state="retired"),
    "two next keys": lambda content: keys_of(content).extend(
        keys_of(content)[0] | {"number": number, "state": "next"} for number in (2, 3)
    ),
    "two previous keys": lambda content: keys_of(content).extend(
        keys_of(content)[0] | {"number": number, "state": "previous"} for number in (2, 3)
    ),
    "a short secret": lambda content: keys_of(content)[0].update(secret="c2hvcnQ="),
    "a secret that is none": lambda content: keys_of(content)[0].update(secret="***"),
    "an algorithm of another use": lambda content: keys_of(content)[0].update(algorithm="Ed25519"),
    "a time without zone": lambda content: keys_of(content)[0].update(created="2026-11-24T00:00:00"),
}


@pytest.mark.parametrize("what", EDITS)
def test_a_wrongly_edited_file_is_refused_without_showing_a_secret(key_file: Path, what: str) -> None:
    secret = keys_of(json.loads(key_file.read_text()))[0]["secret"]
    edited(key_file, EDITS[what])
    with pytest.raises(KeyFileBroken) as broken:
        FileKeyStore(key_file)
    assert secret not in str(broken.value.body())


def test_a_cut_off_file_is_refused(key_file: Path) -> None:
    key_file.write_text(key_file.read_text()[:-20])
    with pytest.raises(KeyFileBroken):
        FileKeyStore(key_file)


@pytest.mark.parametrize("purpose", ["audit.head", "cards.browser"])
def test_a_secret_that_is_no_private_key_is_refused_when_first_used(key_file: Path, purpose: str) -> None:
    edited(key_file, lambda content: content["purposes"][purpose]["keys"][0].update(secret="A" * 43 + "="))
    with pytest.raises(KeyUnreadable):
        Vault(FileKeyStore(key_file)).sign(purpose, b"x")


def test_a_running_process_notices_a_changed_file(key_file: Path, store: FileKeyStore) -> None:
    running = FileKeyStore(key_file, look_every=0)
    patient = FileKeyStore(key_file, look_every=3600)
    before = running.version
    store.add_key(FACE)
    assert [key.number for key in running.ring(FACE).keys] == [1, 2]
    assert [key.number for key in patient.ring(FACE).keys] == [1]
    assert running.version == store.version != before
    patient.reload()
    assert [key.number for key in patient.ring(FACE).keys] == [1, 2]


def test_a_process_looks_at_the_file_at_most_once_in_its_interval(
    key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    running, now = FileKeyStore(key_file), [0.0]
    looks: list[Path] = []
    monkeypatch.setattr("healthcloud.core.crypto.filestore.monotonic", lambda: now[0])
    monkeypatch.setattr("healthcloud.core.crypto.keyfile.stamp", looks.append)
    monkeypatch.setattr(running, "_look_at", 0.0)
    monkeypatch.setattr(running, "reload", lambda: None)
    for tenth in range(25):
        now[0] = tenth / 10
        running.ring(FACE)
    assert len(looks) == 3  # at 0, 1 and 2 seconds


def test_a_file_spoilt_while_running_leaves_the_keys_and_says_so_once(
    key_file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    running = FileKeyStore(key_file, look_every=0)
    vault = Vault(running)
    sealed = vault.seal(FACE, b"row", b"x")
    good = key_file.read_text()
    with caplog.at_level(logging.ERROR):
        key_file.write_text("{}")
        assert vault.open(FACE, b"row", sealed) == b"x"
        assert vault.open(FACE, b"row", sealed) == b"x"
        assert isinstance(running.fault, KeyFileBroken)
        key_file.unlink()
        assert vault.open(FACE, b"row", sealed) == b"x"
        assert isinstance(running.fault, KeyFileMissing)
    assert len(caplog.records) == 2
    key_file.touch(mode=0o600)
    key_file.write_text(good)
    assert vault.open(FACE, b"row", sealed) == b"x"
    assert running.fault is None


def test_another_places_keys_do_not_open_ours(vault: Vault, tmp_path: Path) -> None:
    others = Vault(create_development_keys(tmp_path / "other.json", [Purpose(FACE, Use.SEAL)]))
    with pytest.raises(SealBroken):
        others.open(FACE, b"row", vault.seal(FACE, b"row", b"x"))


def test_a_failed_write_leaves_the_old_file(
    key_file: Path, store: FileKeyStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = key_file.read_bytes()

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        store.add_key(FACE)
    assert key_file.read_bytes() == before
    assert [entry.name for entry in key_file.parent.iterdir()] == ["keys.json"]
