"""`healthcloud people quality` and `healthcloud demo files`, from the command line."""

from pathlib import Path
from typing import Any

from healthcloud.server.cli.exits import Exit


def test_quality_is_told_after_a_count_and_says_when_it_was(command: Any) -> None:
    before = command("people", "quality", "--json")
    counted = command("people", "quality", "--recount", "--json")

    assert before.json["counted_at"] is None
    assert counted.code == Exit.DONE, counted.err
    assert counted.json["counted_at"] is not None
    assert (counted.json["records"], counted.json["precision"], counted.json["links_by_rule"]) == (0, None, {})
    assert command("people", "quality", "--institution", "00000000-0000-7000-8000-000000000000").code != Exit.DONE


def test_two_hospitals_files_are_written_the_same_each_time(command: Any, tmp_path: Path) -> None:
    wanted = ("demo", "files", "--rows", "200", "--common", "40", "--residents", "60", "--folder")
    assert command(*wanted, str(tmp_path / "once"), "--json").code == Exit.DONE
    command(*wanted, str(tmp_path / "twice"))

    names = ["hospital-1.csv", "hospital-2.csv", "labels.csv"]
    assert sorted(path.name for path in (tmp_path / "once").iterdir()) == names
    written = {name: (tmp_path / "once" / name).read_bytes() for name in names}
    assert written == {name: (tmp_path / "twice" / name).read_bytes() for name in names}
    lines = written["labels.csv"].decode().splitlines()[1:]
    assert len(lines) == 200
    persons = [{line.split(",")[2] for line in lines if line.startswith(hospital)} for hospital in ("1", "2")]
    assert len(persons[0] & persons[1]) == 40
    assert "370401" in written["hospital-1.csv"].decode("gb18030")
