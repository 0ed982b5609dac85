"""The command, as a script or a village doctor uses it."""

import io
import json
import sys
from base64 import b64encode
from pathlib import Path

import pytest
from reader.phones import code_of, phone
from reader.town import Town

from healthcloud_reader.offline import Reader
from healthcloud_reader.terminal import main

INIT = ("init", "--city", "http://127.0.0.1:9", "--terminal", "T1", "--scene", "010101")


def run(folder: Path, *arguments: str) -> int:
    return main(["--folder", str(folder), *arguments])


@pytest.fixture
def town() -> Town:
    return Town()


@pytest.fixture
def folder(tmp_path: Path, town: Town) -> Path:
    assert run(tmp_path, *INIT, "--key", town.keys[0].public.id) == 0
    return tmp_path


def with_lists(folder: Path, town: Town) -> float:
    """Give a reader lists of now."""
    with Reader(folder) as reader:
        now = reader.clock.now()
        reader.take_trust(town.trust(issued_at=now - 60, expires_at=now + 86_400))
        reader.take_revocations(town.snapshot(1, at=now - 30), [])
    return now


def typed(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\r\n" for line in lines)))


def test_codes_are_read_one_a_line(
    folder: Path, town: Town, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    step = int(with_lists(folder, town)) // 60
    code = code_of(town.keys[0], phone(), step, issued=step - 9).text
    typed(monkeypatch, code)
    assert run(folder, "scan") == 0
    assert capsys.readouterr().out.startswith("通过 张*兰 女 1900 年生 人脸比对 （名单：")
    typed(monkeypatch, code, "nonsense")
    assert run(folder, "scan", "--json") == 1
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert (first["outcome"], second["why"]["code"]) == ("repeat", "unknown")


def test_it_tells_how_it_stands(folder: Path, town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(folder, "status") == 1
    assert "还没有城市密钥列表" in capsys.readouterr().err
    with_lists(folder, town)
    assert run(folder, "status") == 0
    assert "名单 1：1 分钟内" in capsys.readouterr().err
    assert run(folder, "status", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["list_number"], told["waiting"], told["refuses"]) == (1, 0, None)


def test_without_a_network_it_says_so_and_changes_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(folder, "sync") == 1
    assert "无法连接平台" in capsys.readouterr().err
    assert run(folder, "upload") == 0
    assert run(folder, "dismiss", "x") == 1


def test_a_key_file_of_the_city_is_taken(folder: Path, town: Town, tmp_path: Path) -> None:
    key_file = tmp_path / "his.json"
    given = {"key_id": "0198c0de-0000-7000-8000-000000000001", "secret": b64encode(bytes(32)).decode()}
    key_file.write_text(json.dumps(given))
    init = (*INIT, "--key", town.keys[0].public.id, "--client-key", str(key_file))
    assert run(folder, *init) == 2
    key_file.write_text(json.dumps(given | {"algorithm": "HMAC-SHA-256"}))
    assert run(folder, *init) == 0
    with Reader(folder) as reader:
        assert (reader.set_up.client, reader.set_up.algorithm) == (given["key_id"], "HMAC-SHA-256")
        assert reader.keys.client_secret() == bytes(32)
        assert run(folder, "status") == 2


def test_a_folder_that_is_none_is_said_to_be_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, "status") == 2
    assert "healthcloud-reader init" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_is_said_to_be_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    assert run(tmp_path / "file", "status") == 2
    assert "数据文件夹无法读写" in capsys.readouterr().err
