"""Invented patient files, and handing them in; birth years around 1900 are nobody's living."""

import hashlib
import io
from collections.abc import Sequence
from uuid import UUID

import openpyxl  # type: ignore[import-untyped]  # it has no stubs
from index.records.hospitals import patient
from institutions.entering import uscc, wish

from healthcloud import people
from healthcloud.core.caller import SYSTEM, Caller, CallerKind
from healthcloud.core.db import Database
from healthcloud.core.ids import new_id
from healthcloud.index import imports
from healthcloud.institutions import open_institution

HEADER = ("病人ID", "姓名", "性别", "出生日期", "身份证号", "联系电话", "现住址")
Rows = Sequence[Sequence[str]]


def patients(count: int, name: str = "欧阳小花") -> list[list[str]]:
    """Return rows of as many persons nobody else knows."""
    some = [patient(name) for _ in range(count)]
    return [
        [f"P{n}", one.name or "", "女", one.birth_date or "", one.number or "", "", f"光明路{n}号"]
        for n, one in enumerate(some, 1)
    ]


def sheet(rows: Rows, *, header: Sequence[str] = HEADER, encoding: str = "gb18030", delimiter: str = ",") -> bytes:
    """Return a CSV of these rows."""
    return "".join(delimiter.join(row) + "\r\n" for row in (header, *rows)).encode(encoding)


def workbook(rows: Rows, *, header: Sequence[str] = HEADER) -> bytes:
    """Return a workbook of these rows."""
    book, file = openpyxl.Workbook(), io.BytesIO()
    for row in (header, *rows):
        book.active.append(list(row))
    book.save(file)
    return file.getvalue()


async def hospital(database: Database, *numbers: tuple[str, str]) -> Caller:
    """Open an institution and return one of its staff who may import."""
    wanted = wish(*(numbers or (("uscc", uscc()),)), name="示例第九医院")
    opened = await database.transact(lambda tx: open_institution(tx, SYSTEM, wanted))
    return Caller(CallerKind.STAFF, new_id(), frozenset({"index.import"}), institution_id=opened.institution_id)


async def announce(
    database: Database, caller: Caller, file: bytes, name: str = "患者.csv", institution_id: UUID | None = None
) -> imports.Import:
    """Announce a file."""
    said = imports.ImportWish(name, len(file), hashlib.sha256(file).digest(), institution_id)
    return await database.transact(lambda tx: imports.begin(tx, caller, said))


async def upload(
    database: Database, caller: Caller, file: bytes, name: str = "患者.csv", *, said: bytes | None = None
) -> imports.Import:
    """Hand a whole file in, or another than was said, and have it read."""
    one = await announce(database, caller, said or file, name)
    size = 1 << 16
    for n, at in enumerate(range(0, len(file), size)):
        await put(database, caller, one.id, n, file[at : at + size])
    await database.transact(lambda tx: imports.complete(tx, caller, one.id))
    await imports.read_file(database, one.id)
    return await seen(database, caller, one.id)


async def put(database: Database, caller: Caller, import_id: UUID, n: int, piece: bytes) -> None:
    await database.transact(lambda tx: imports.put_piece(tx, caller, import_id, n, piece))


async def seen(database: Database, caller: Caller, import_id: UUID) -> imports.Import:
    async with database.read() as read:
        return await imports.visible(read, caller, import_id)


async def mapped(database: Database, caller: Caller, import_id: UUID) -> imports.Preview:
    """Take the mapping that was proposed."""
    async with database.read() as read:
        shown = await imports.preview(read, caller, import_id)
    await database.transact(lambda tx: imports.choose_columns(tx, caller, import_id, shown.mapping))
    return shown


async def worked(database: Database, caller: Caller, import_id: UUID) -> imports.Import:
    """Start an import and work all of it."""
    await database.transact(lambda tx: imports.start(tx, caller, import_id))
    work = await imports.Work.of(database, import_id, people.Policy())
    assert work is not None
    while await work.step() is not None:
        pass
    return await seen(database, caller, import_id)


async def imported(database: Database, caller: Caller, file: bytes, name: str = "患者.csv") -> imports.Import:
    """Hand in, map as proposed, work."""
    one = await upload(database, caller, file, name)
    await mapped(database, caller, one.id)
    return await worked(database, caller, one.id)


async def bytes_of(file: imports.FileOut) -> bytes:
    return b"".join([piece async for piece in file.pieces])
