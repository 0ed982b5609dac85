"""A hospital's file goes in and comes back with an answer to every row; nothing half-done, nothing lost."""

import io
from datetime import timedelta

import openpyxl  # type: ignore[import-untyped]  # it has no stubs
import pytest
from index.imports.files import (
    HEADER,
    announce,
    bytes_of,
    hospital,
    imported,
    mapped,
    patients,
    seen,
    sheet,
    upload,
    workbook,
    worked,
)

from healthcloud import people
from healthcloud.core.clock import Clock
from healthcloud.core.db import Database
from healthcloud.index import imports
from healthcloud.index.errors import NotYourInstitution
from healthcloud.index.imports.errors import ImportForgotten, ImportNotFound, ImportNotReady


async def test_a_file_becomes_persons_and_each_row_is_answered(database: Database) -> None:
    caller = await hospital(database)
    one = await imported(database, caller, sheet(patients(7)))
    assert (one.state, one.rows, one.new, one.rejected) == ("done", 7, 7, 0)
    assert one.rate is not None
    told = (await bytes_of(await imports.answers(database, caller, one.id))).decode("gb18030").splitlines()
    assert [line.split(",")[:3] for line in told[1:]] == [[str(n + 1), f"P{n}", "新建 new"] for n in range(1, 8)]
    assert all(line.split(",")[4] == "4" for line in told[1:])  # 制卡确认: a card made ahead for the certain


async def test_the_same_file_again_is_the_same_import_and_its_rows_elsewhere_change_nothing(database: Database) -> None:
    caller, rows = await hospital(database), patients(3)
    first = await imported(database, caller, sheet(rows))
    again = await announce(database, caller, sheet(rows))
    assert again.id == first.id
    other = await imported(database, caller, sheet(rows, encoding="utf-8-sig"))
    assert (other.id != first.id, other.unchanged, other.new) == (True, 3, 0)


async def test_rejected_rows_come_back_as_the_same_file_with_reasons(database: Database) -> None:
    caller = await hospital(database)
    good, bad = patients(2), patients(6)
    bad[0][0] = "X1"
    bad[0][2:4] = bad[0][3], bad[0][2]  # sex and birth date changed places
    bad[1][1] = "=HYPERLINK(1)"
    bad[2][4] = "3.70402E+17"
    bad[3][0] = ""
    bad[4][0] = bad[5][0] = "X5"  # two persons under one number
    one = await imported(database, caller, sheet([*good, *bad]))
    assert (one.new, one.rejected) == (2, 6)
    back = (await bytes_of(await imports.rejected(database, caller, one.id))).decode("gb18030").splitlines()
    assert back[0].split(",") == [*HEADER, "退回原因 Reason"]
    reasons = [line.split(",", len(HEADER))[-1] for line in back[1:]]
    for reason, said in zip(reasons, ["串列", "formula", "digits", "患者号：必填", "第 9 行", "第 8 行"], strict=True):
        assert said in reason
    assert back[2].split(",")[1] == "'=HYPERLINK(1)"  # no spreadsheet runs it
    # Put right, it goes in again: the column of reasons is not read.
    lines = [back[0], "X4" + back[4]]
    fixed = await imported(database, caller, "\r\n".join(lines).encode("gb18030"), "fixed.csv")
    assert (fixed.new, fixed.rejected) == (1, 0)


async def test_a_workbook_comes_back_as_a_workbook(database: Database) -> None:
    caller, rows = await hospital(database), patients(2)
    rows[1][3] = "昨天"
    one = await imported(database, caller, workbook(rows), "患者.xlsx")
    assert (one.kind, one.new, one.rejected) == ("xlsx", 1, 1)
    file = await imports.rejected(database, caller, one.id)
    assert file.name == "患者.rejected.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(await bytes_of(file)))
    [header, row] = book["Sheet1"].iter_rows(values_only=True)
    assert header == (*HEADER, "退回原因 Reason")
    assert row[0] == "P2"
    assert row[4] == rows[1][4]  # as text: no digit is lost
    assert "出生日期" in str(row[-1])


async def test_a_file_that_names_another_institution_is_answered_by_row(database: Database) -> None:
    caller, rows = await hospital(database, ("other", "JG-77")), patients(3)
    named = [[*rows[0], "示例第九医院"], [*rows[1], "jg77"], [*rows[2], "别的医院"]]
    one = await imported(database, caller, sheet(named, header=(*HEADER, "医疗机构")))
    assert (one.new, one.rejected) == (2, 1)
    back = (await bytes_of(await imports.rejected(database, caller, one.id))).decode("gb18030")
    assert "机构：属于其他机构 / institution names another institution" in back


async def test_a_dry_run_tells_and_changes_nothing(database: Database) -> None:
    caller, other = await hospital(database), await hospital(database)
    known, fresh = patients(2), patients(2)
    await imported(database, other, sheet(known))
    fresh[1][2] = "雌"
    one = await upload(database, caller, sheet([*known, *[[f"N{n}", *row[1:]] for n, row in enumerate(fresh)]]))
    await mapped(database, caller, one.id)
    await database.transact(lambda tx: imports.try_out(tx, caller, one.id))
    await imports.try_import(database, one.id)
    tried = await seen(database, caller, one.id)
    report = tried.findings
    assert report is not None
    assert (tried.state, tried.done) == ("tried", 0)
    assert (report.rows, report.rejected, report.outcomes) == (4, 1, {"linked": 2, "new": 1})
    assert report.reasons == {"not-understood:sex": 1}
    assert report.examples["not-understood:sex"] == [5]
    # Nothing was written: the run finds what the dry run foretold.
    done = await worked(database, caller, one.id)
    assert (done.linked, done.new, done.rejected) == (2, 1, 1)


async def test_an_import_goes_on_where_it_was_broken_off(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given a process that dies after the index took a portion and before it was settled, then nothing is doubled."""
    monkeypatch.setattr("healthcloud.index.imports.intake.ROWS_AT_ONCE", 2)
    caller = await hospital(database)
    one = await upload(database, caller, sheet(patients(5)))
    assert one.portions == 3
    await mapped(database, caller, one.id)
    await database.transact(lambda tx: imports.start(tx, caller, one.id))
    work = await imports.Work.of(database, one.id, people.Policy())
    assert work is not None
    for _ in range(4):  # three portions read, one handed in
        await work.step()

    async def dies(*_: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr("healthcloud.index.imports.working._settle", dies)
        with pytest.raises(RuntimeError):
            await work.step()
    assert (await seen(database, caller, one.id)).done == 1  # the header took a place in the first portion
    again = await imports.Work.of(database, one.id, people.Policy())
    assert again is not None
    while await again.step() is not None:
        pass
    done = await seen(database, caller, one.id)
    assert (done.state, done.new, done.unchanged) == ("done", 3, 2)


async def test_it_rests_goes_on_and_ends_when_told(database: Database) -> None:
    caller = await hospital(database)
    one = await upload(database, caller, sheet(patients(1)))
    with pytest.raises(ImportNotReady):
        await database.transact(lambda tx: imports.start(tx, caller, one.id))
    await mapped(database, caller, one.id)
    await database.transact(lambda tx: imports.start(tx, caller, one.id))
    await database.transact(lambda tx: imports.pause(tx, caller, one.id))
    assert await imports.Work.of(database, one.id, people.Policy()) is None
    assert (await worked(database, caller, one.id)).state == "done"
    other = await upload(database, caller, sheet(patients(1)))
    await database.transact(lambda tx: imports.cancel(tx, caller, other.id))
    assert (await announce(database, caller, sheet(patients(1)))).id != other.id


async def test_only_ones_own_institutions_files_are_there(database: Database) -> None:
    caller, other = await hospital(database), await hospital(database)
    one = await upload(database, caller, sheet(patients(1)))
    with pytest.raises(ImportNotFound):
        await seen(database, other, one.id)
    with pytest.raises(NotYourInstitution):
        await announce(database, other, b"x", institution_id=caller.institution_id)


async def test_a_preview_shows_what_a_column_holds_but_not_whose(database: Database) -> None:
    caller, rows = await hospital(database), patients(2)
    one = await upload(database, caller, sheet(rows))
    async with database.read() as read:
        shown = await imports.preview(read, caller, one.id)
    assert shown.mapping.columns["number"] == 4
    cells = shown.rows[0].cells
    assert (cells[1], cells[2], cells[3]) == ("欧***", "女", rows[0][3][:4] + "-**-**")
    assert rows[0][4] not in cells
    assert not shown.warnings


async def test_a_file_that_did_not_come_whole_is_told_so(database: Database) -> None:
    caller = await hospital(database)
    file = sheet(patients(1))
    one = await upload(database, caller, file[:-1] + b"x", said=file)
    assert (one.state, one.fault_zh) == ("failed", "传输中损坏：SHA-256 与声明不一致")
    cut = await upload(database, caller, workbook(patients(40))[:-3000])
    assert cut.state == "failed"
    assert cut.fault_en is not None
    assert "cut in the middle" in cut.fault_en


async def test_rows_are_forgotten_after_their_days(database: Database) -> None:
    caller = await hospital(database)
    one = await imported(database, caller, sheet(patients(1)))
    [forgetting] = imports.recurring(30)
    forget = forgetting.handler
    assert forget is not None
    clock = database.clock
    database.clock = Clock(timedelta(days=31))
    try:
        while await database.transact(lambda tx: forget(tx, {})) is not None:
            pass
    finally:
        database.clock = clock
    kept = await seen(database, caller, one.id)
    assert (kept.state, kept.new) == ("done", 1)
    assert kept.forgotten_at is not None
    with pytest.raises(ImportForgotten):
        await imports.answers(database, caller, one.id)
