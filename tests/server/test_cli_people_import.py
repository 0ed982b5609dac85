"""`healthcloud people import`, from the command line."""

from pathlib import Path
from typing import Any

from index.imports.files import patients, sheet
from institutions.entering import uscc

from healthcloud.server.cli.exits import Exit


def test_a_file_is_tried_imported_and_answered(command: Any, tmp_path: Path) -> None:
    number = uscc()
    command("codes", "load")
    added = command(
        *("institution", "add", "示例医院", "--number", f"uscc={number}", "--class", "A100"),
        *("--ownership", "1", "--district", "370402"),
    )
    assert added.code == Exit.DONE, added.err
    rows = patients(4)
    rows[2][2] = "雌"
    header = ("编号栏", "姓名", "性别", "出生日期", "身份证号", "联系电话", "现住址")
    file, answers = tmp_path / "患者.csv", tmp_path / "answers.csv"
    file.write_bytes(sheet(rows, header=header))
    place = ("people", "import", str(file), "--institution", number)
    lacking = command(*place)
    assert lacking.code == Exit.FAILED
    assert "患者号" in lacking.err
    mapped = (*place, "--mapping", "local_number=编号栏")
    tried = command(*mapped, "--dry-run", "--json")
    assert tried.code == Exit.REJECTED_ROWS
    assert {one["count"] for one in tried.json} == {1, 3}
    done = command(*mapped, "--json", "--answers", str(answers))
    assert done.code == Exit.REJECTED_ROWS, done.err
    assert (done.json["new"], done.json["rejected"], done.json["already"]) == (3, 1, False)
    back = Path(done.json["rejected_file"]).read_bytes().decode("gb18030").splitlines()
    assert len(back) == 2
    assert len(answers.read_bytes().decode("gb18030").splitlines()) == 5
    again = command(*mapped, "--json")
    assert (again.json["already"], again.json["id"]) == (True, done.json["id"])
    file.write_bytes(b"\xd0\xcf\x11\xe0" + b"old" * 100)
    old = command(*place)
    assert old.code == Exit.FAILED
    assert "旧版 Excel" in old.err
