"""A hospital's file goes in and comes back with an answer to every row; nothing half-done, nothing lost."""

import pytest
from index.imports.files import bytes_of, hospital, imported, mapped, patients, seen, sheet, upload, workbook, worked

from healthcloud.core.db import Database
from healthcloud.index import imports


async def test_a_file_becomes_persons_and_each_row_is_answered(database: Database) -> None:
    caller = await hospital(database)
    one = await imported(database, caller, sheet(patients(7)))
    assert (one.state, one.rows, one.new, one.rejected) == ("done", 7, 7, 0)
    told = (await bytes_of(await imports.answers(database, caller, one.id))).decode("gb18030").splitlines()
    assert len(told) == 8
    assert told[1].startswith("2,P1,新建 new,")
