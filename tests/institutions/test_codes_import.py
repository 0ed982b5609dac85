"""Files of codes become versions of code sets: whole, in part, again, interrupted, by two at once."""

import asyncio
import csv
import gzip
import io
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest

from healthcloud.core.caller import GUEST, SYSTEM, Caller, CallerKind
from healthcloud.core.cells import guarded, unguarded
from healthcloud.core.db import Database
from healthcloud.core.errors import Forbidden
from healthcloud.core.ids import new_id
from healthcloud.institutions import codes
from healthcloud.institutions.codes import errors, reads

Rows = Iterable[tuple[str, ...]]
Stopped = RuntimeError


@pytest.fixture
def name() -> str:
    return f"set-{new_id().hex[-12:]}"


def written(path: Path, rows: Rows, header: str = "code,name,parent", encoding: str = "utf-8") -> Path:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    plain = f"{header}\n{text.getvalue()}".encode(encoding)
    path.write_bytes(gzip.compress(plain) if path.suffix == ".gz" else plain)
    return path


def diagnoses(count: int) -> Rows:
    return ((f"Z{i:05d}.x{i % 7}", f"演示诊断，第{i}号", "") for i in range(count))


async def held(database: Database, name: str, version: str = "1") -> dict[str, str]:
    found: dict[str, str] = {}
    async with database.read() as read:
        while page := await reads.codes_of(
            read, codes_set(name, version), after=max(found, default=""), limit=reads.MAX_PAGE
        ):
            found |= {code.code: code.label for code in page}
    return found


def codes_set(name: str, version: str = "1") -> codes.CodeSet:
    return codes.CodeSet(name, version, date(2026, 1, 1), name, name, "", None, None, None, None, 0)


async def test_a_large_gzip_file_is_imported_once(database: Database, tmp_path: Path, name: str) -> None:
    path = written(tmp_path / "big.csv.gz", diagnoses(33_000))
    heard: list[tuple[int, int]] = []
    first = await codes.import_codes(
        database, SYSTEM, path, codes.ImportWish(name, "1"), progress=lambda done, of: heard.append((done, of))
    )
    again = await codes.import_codes(database, SYSTEM, path, codes.ImportWish(name, "1"))
    assert (first.rows, first.added, first.rejected, first.already) == (33_000, 33_000, 0, False)
    assert (again.rows, again.added, again.already) == (0, 0, True)
    assert len(await held(database, name)) == 33_000
    assert heard == sorted(heard)
    assert heard[-1] == (33_001, 33_001)


async def test_the_same_codes_from_another_file_are_the_same_rows(
    database: Database, tmp_path: Path, name: str
) -> None:
    await codes.import_codes(
        database, SYSTEM, written(tmp_path / "a.csv", diagnoses(2500)), codes.ImportWish(name, "1")
    )
    changed = [(c, "另一个名称" if i == 7 else n, p) for i, (c, n, p) in enumerate(diagnoses(2600))]
    report = await codes.import_codes(
        database, SYSTEM, written(tmp_path / "b.csv", changed), codes.ImportWish(name, "1")
    )
    assert (report.added, report.changed, report.unchanged) == (100, 1, 2499)
    back = await codes.import_codes(database, SYSTEM, tmp_path / "a.csv", codes.ImportWish(name, "1"))
    assert (back.already, back.changed, back.unchanged) == (False, 1, 2499)


async def test_rejected_rows_come_back_with_their_reason_and_can_be_corrected(
    database: Database, tmp_path: Path, name: str
) -> None:
    rows = [
        ("A", "甲", ""),
        ("", "没有编码", ""),
        ("B", "", ""),
        ("C", "丙", "A"),
        ("D", "丁", "没有的上级"),
        ("E", "戊", "E"),
        ("A", "另一个甲", ""),
        ("A", "甲", ""),
        ("F", "己", "", "多余"),
        ("G" * 65, "庚", ""),
        ("H", "辛\u202e", ""),
        ("=cmd|'/c calc'!A1", "", ""),
    ]
    path = written(tmp_path / "some.csv", rows)
    report = await codes.import_codes(database, SYSTEM, path, codes.ImportWish(name, "1"))
    assert (report.rows, report.added, report.repeated, report.rejected) == (12, 2, 1, 9)
    assert report.rejected_file == tmp_path / "some.rejected.csv"

    text = report.rejected_file.read_text("utf-8-sig")
    said = list(csv.DictReader(io.StringIO(text)))
    by_line = {int(row["line"]): row for row in said}
    assert set(by_line) == {3, 4, 6, 7, 8, 10, 11, 12, 13}
    assert "编码为空" in by_line[3]["reason"]
    assert "its parent" in by_line[6]["reason"]
    assert by_line[13]["code"].startswith("'=cmd")

    corrected = text.replace("没有的上级", "C").replace("没有编码", "补上").replace("\n,", "\nX,")
    path = tmp_path / "corrected.csv"
    path.write_text(corrected, "utf-8-sig")
    report = await codes.import_codes(database, SYSTEM, path, codes.ImportWish(name, "1"))
    assert (report.added, report.changed, report.rejected) == (2, 1, 6)
    assert await held(database, name) == {"A": "另一个甲", "C": "丙", "D": "丁", "X": "补上"}


async def test_a_dry_run_counts_and_writes_nothing(database: Database, tmp_path: Path, name: str) -> None:
    path = written(tmp_path / "some.csv", [("A", "甲", ""), ("", "乙", "")])
    report = await codes.import_codes(database, SYSTEM, path, codes.ImportWish(name, "1", dry_run=True))
    assert (report.added, report.rejected) == (1, 1)
    assert await held(database, name) == {}
    async with database.read() as read:
        with pytest.raises(errors.CodeSetUnknown):
            await reads.set_in_force(read, name)


async def test_an_interrupted_import_goes_on_where_it_stopped(database: Database, tmp_path: Path, name: str) -> None:
    rows = [*diagnoses(9000), ("", "编码为空", "")]
    path = written(tmp_path / "big.csv", rows)

    def stop(done: int, _of: int) -> None:
        if done > 4000:
            raise Stopped

    with pytest.raises(Stopped):
        await codes.import_codes(database, SYSTEM, path, codes.ImportWish(name, "1"), progress=stop)
    async with database.read() as read:
        with pytest.raises(errors.CodeSetUnknown):
            await reads.set_in_force(read, name)
    part = len(await held(database, name))
    report = await codes.import_codes(database, SYSTEM, path, codes.ImportWish(name, "1"))
    assert 0 < part < 9000
    assert (report.resumed_at, report.added, report.unchanged) == (part + 1, 9000 - part, 0)
    assert report.rejected == 1
    assert len(await held(database, name)) == 9000


async def test_a_file_that_takes_anothers_place_stops_it(database: Database, tmp_path: Path, name: str) -> None:
    one = written(tmp_path / "one.csv", diagnoses(6000))
    other = written(tmp_path / "other.csv", [("A", "甲", "")])
    running: list[asyncio.Task[codes.ImportReport]] = []

    async def slowly() -> codes.ImportReport:
        return await codes.import_codes(database, SYSTEM, one, codes.ImportWish(name, "1"), progress=start_other)

    def start_other(_done: int, _of: int) -> None:
        if not running:
            running.append(
                asyncio.ensure_future(codes.import_codes(database, SYSTEM, other, codes.ImportWish(name, "1")))
            )

    with pytest.raises(errors.ImportOvertaken):
        await slowly()
    assert (await running[0]).added == 1


async def test_imports_of_one_file_at_once_are_one(database: Database, tmp_path: Path, name: str) -> None:
    path = written(tmp_path / "big.csv", diagnoses(5000))
    wish = codes.ImportWish(name, "1")
    done = await asyncio.gather(*(codes.import_codes(database, SYSTEM, path, wish) for _ in range(3)))
    assert sum(one.added for one in done) == 5000
    assert len(await held(database, name)) == 5000
    assert (await codes.import_codes(database, SYSTEM, path, wish)).already


async def test_rejected_rows_need_a_place(database: Database, tmp_path: Path, name: str) -> None:
    path = written(tmp_path / "some.csv", [("A", "甲", ""), ("", "乙", "")])
    with pytest.raises(errors.RejectedUnwritable):
        await codes.import_codes(
            database, SYSTEM, path, codes.ImportWish(name, "1", rejected=tmp_path / "none" / "rejected.csv")
        )
    elsewhere = tmp_path / "elsewhere.csv"
    report = await codes.import_codes(database, SYSTEM, path, codes.ImportWish(name, "1", rejected=elsewhere))
    assert (report.added, report.rejected_file) == (1, elsewhere)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
async def test_encodings_are_told_apart(database: Database, tmp_path: Path, name: str, encoding: str) -> None:
    path = written(tmp_path / "some.csv", [("１０", "　鼓楼　医院\u3000", "")], "编码,名称,上级", encoding)
    await codes.import_codes(database, SYSTEM, path, codes.ImportWish(name, "1"))
    assert await held(database, name) == {"10": "鼓楼 医院"}


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", errors.SheetHeaderUnknown),
        (b"a,b\n1,2\n", errors.SheetHeaderUnknown),
        (b"code,name\n", errors.NothingToImport),
        (b"code,name\n,x\n", errors.NothingToImport),
        (b"\xff\xfec\x00o\x00", errors.SheetUnreadable),
        (gzip.compress(b"code,name\nA,B\n" * 500, mtime=0)[:-20], errors.SheetUnreadable),
        (b'code,name\nA,"' + b"x" * 200_000, errors.SheetUnreadable),
    ],
)
async def test_a_file_that_is_no_sheet_of_codes_is_refused(
    database: Database, tmp_path: Path, name: str, content: bytes, problem: type[Exception]
) -> None:
    path = tmp_path / "some.csv"
    path.write_bytes(content)
    with pytest.raises(problem):
        await codes.import_codes(database, SYSTEM, path, codes.ImportWish(name, "1"))
    assert await held(database, name) == {}


async def test_a_missing_file_is_a_problem(database: Database, tmp_path: Path, name: str) -> None:
    with pytest.raises(errors.SheetUnreadable):
        await codes.import_codes(database, SYSTEM, tmp_path / "none.csv", codes.ImportWish(name, "1"))


@pytest.mark.parametrize(("set_name", "version"), [("Upper", "1"), ("", "1"), ("set", ""), ("a b", "1")])
async def test_a_set_has_a_plain_name(database: Database, tmp_path: Path, set_name: str, version: str) -> None:
    with pytest.raises(errors.CodeSetNameWrong):
        await codes.import_codes(database, SYSTEM, tmp_path / "none.csv", codes.ImportWish(set_name, version))


async def test_importing_needs_its_scope(database: Database, tmp_path: Path, name: str) -> None:
    path = written(tmp_path / "some.csv", [("A", "甲", "")])
    with pytest.raises(Forbidden):
        await codes.import_codes(database, GUEST, path, codes.ImportWish(name, "1"))
    clerk = Caller(CallerKind.STAFF, new_id(), frozenset({"codes.import"}))
    assert (await codes.import_codes(database, clerk, path, codes.ImportWish(name, "1"))).added == 1


async def test_an_export_is_taken_back_unchanged(database: Database, tmp_path: Path, name: str) -> None:
    rows = [("A", "=1+1", "", "x"), ("B", "'-2", "A", ""), ("C", "乙，丙", "A", "@y")]
    path = written(tmp_path / "some.csv", rows, "code,name,parent,remark")
    await codes.import_codes(database, SYSTEM, path, codes.ImportWish(name, "1"))
    out = io.StringIO()
    async with database.read() as read:
        one = await reads.set_in_force(read, name)
        assert await codes.export_codes(read, one, out) == 3
    cells = [cell for line in csv.reader(io.StringIO(out.getvalue())) for cell in line]
    assert not [cell for cell in cells if cell[:1] in {"=", "+", "-", "@"}]
    (tmp_path / "export.csv").write_text(out.getvalue())
    report = await codes.import_codes(database, SYSTEM, tmp_path / "export.csv", codes.ImportWish(name, "1"))
    assert (report.unchanged, report.changed, report.added) == (3, 0, 0)


@pytest.mark.parametrize("cell", ["=1", "'=1", "''=1", "+1", "-1", "@x", "\tx", "＝1", "'plain", "plain", "", "1-1"])
def test_a_guarded_cell_is_the_same_cell_unguarded(cell: str) -> None:
    assert unguarded(guarded(cell)) == cell
    assert guarded(cell)[:1] not in {"=", "+", "-", "@", "\t", "＝"}


async def test_a_version_is_in_force_from_its_day(database: Database, tmp_path: Path, name: str) -> None:
    for version, day, label in (("1", date(2020, 1, 1), "旧"), ("2", date(2100, 1, 1), "新")):
        path = written(tmp_path / f"{version}.csv", [("A", label, "")])
        await codes.import_codes(database, SYSTEM, path, codes.ImportWish(name, version, day))
    async with database.read() as read:
        now = await codes.find_code(read, name, "A")
        then = await codes.find_code(read, name, "A", date(2100, 1, 1))
        assert (now and now.label, then and then.label) == ("旧", "新")
        assert await codes.find_code(read, name, "B") is None
        with pytest.raises(errors.CodeSetUnknown):
            await codes.find_code(read, name, "A", date(2019, 12, 31))


async def test_no_row_is_lost_whatever_the_chunks(
    database: Database, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("healthcloud.institutions.codes.actions.CHUNK", 3)
    for n in range(1, 9):
        path = written(tmp_path / f"{n}.csv", diagnoses(n))
        await codes.import_codes(database, SYSTEM, path, codes.ImportWish(name, str(n)))
        assert len(await held(database, name, str(n))) == n
