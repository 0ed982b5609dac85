"""
Importing a file of codes as one version of a set.

In chunks, each its own transaction, so it can be stopped and begun again. The same file again is nothing to do; the
same code again is the same row.
"""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from healthcloud import audit
from healthcloud.core.caller import Caller
from healthcloud.core.clock import SHANGHAI
from healthcloud.core.db import Database, Read, Transaction
from healthcloud.institutions.codes import store
from healthcloud.institutions.codes.errors import CodeSetNameWrong, ImportOvertaken, NothingToImport
from healthcloud.institutions.codes.model import (
    PARENT_UNKNOWN,
    SAID_OTHERWISE,
    Code,
    CodeSet,
    ImportReport,
    ImportWish,
    Reason,
    Row,
    Sorted,
    sort_out,
)
from healthcloud.institutions.codes.sheets import RejectedRows, Sheet, header_of, look_through, rows_of
from healthcloud.institutions.deeds import CODES_IMPORTED

Progress = Callable[[int, int], None]
CHUNK = 2000


def silent(_done: int, _total: int) -> None:
    """Tell nobody how many lines are done."""


async def import_codes(
    database: Database, caller: Caller, path: Path, wish: ImportWish, *, progress: Progress = silent
) -> ImportReport:
    """
    Import a CSV file (plain or gzip; UTF-8 or GB18030; columns code and name, perhaps parent and others).

    Needs the scope codes.import. Rows that can't be imported are written, with the reason, to a file beside it. An
    import that was interrupted goes on where it stopped when the same file is given again; `progress` hears of lines
    done and lines in all. Raises SheetUnreadable, SheetHeaderUnknown, NothingToImport, RejectedUnwritable, and
    ImportOvertaken when another file for the same version began meanwhile.
    """
    caller.must("codes.import")
    if not wish.well_named:
        raise CodeSetNameWrong
    sheet = await asyncio.to_thread(look_through, path)
    header = await asyncio.to_thread(header_of, sheet)
    async with database.read() as read:
        held = await store.code_set(read, wish.set_name, wish.version)
        wanted = _wanted(read, wish, sheet, held)
    report = ImportReport(wish.set_name, wish.version, dry_run=wish.dry_run)
    if held is not None and not wish.dry_run and _is_done(held, wanted, sheet):
        report.already = True
        return report
    rejected = RejectedRows(wish.rejected or path.with_name(_rejected_name(path)), header)
    run = _Run(database, sheet, wanted, report, rejected, progress)
    try:
        await run.carry_out(caller)
    except ImportOvertaken:
        async with database.read() as read:
            held = await store.code_set(read, wish.set_name, wish.version)
        if held is None or held.file_hash != sheet.digest:
            raise
        report.already = True  # a twin with the same file was faster
    finally:
        rejected.close()
        report.rejected, report.rejected_file = rejected.count, rejected.path
    return report


def _wanted(read: Read, wish: ImportWish, sheet: Sheet, held: CodeSet | None) -> CodeSet:
    return CodeSet(
        name=wish.set_name,
        version=wish.version,
        effective_from=wish.effective_from
        or (held.effective_from if held else read.clock.now().astimezone(SHANGHAI).date()),
        title_zh=wish.title_zh or (held.title_zh if held else wish.set_name),
        title_en=wish.title_en or (held.title_en if held else wish.set_name),
        standard=wish.standard or (held.standard if held else ""),
        note=wish.note or (held.note if held else None),
        file_hash=held.file_hash if held else None,
        loaded_at=held.loaded_at if held else None,
        importing_hash=sheet.digest,
        lines_done=0,
    )


def _is_done(held: CodeSet, wanted: CodeSet, sheet: Sheet) -> bool:
    finished = replace(wanted, importing_hash=None)
    return held.file_hash == sheet.digest and held == finished


def _rejected_name(path: Path) -> str:
    return path.name.removesuffix(".gz").removesuffix(".csv") + ".rejected.csv"


@dataclass(slots=True)
class _Run:
    """One import on its way."""

    database: Database
    sheet: Sheet
    one: CodeSet
    report: ImportReport
    rejected: RejectedRows
    progress: Progress

    async def carry_out(self, caller: Caller) -> None:
        known = await asyncio.to_thread(_codes_in, self.sheet)
        if not known and not self.report.dry_run:
            raise NothingToImport
        if not self.report.dry_run:
            self.one = await self.database.transact(self._begin)
            self.report.resumed_at = self.one.lines_done
        seen: dict[str, int] = {}
        rows = rows_of(self.sheet)
        while chunk := await asyncio.to_thread(_next_chunk, rows):
            await self._take(chunk, known, seen)
            self.progress(chunk[-1].line, self.sheet.lines)
        if not self.report.dry_run:
            await self.database.transact(lambda tx: self._finish(tx, caller))

    async def _begin(self, tx: Transaction) -> CodeSet:
        return await store.put_set(tx, self.one) or self.one

    async def _take(self, chunk: list[Row], known: set[str], seen: dict[str, int]) -> None:
        self.report.rows += len(chunk)
        good = [row for row in chunk if self._is_good(row, seen)]
        strangers = {c.parent for _, c in _contents(good) if c.parent is not None and c.parent not in known}
        async with self.database.read() as read:
            theirs = await store.codes_among(read, self.one.name, self.one.version, sorted(strangers))
        adopted = known | {code.code for code in theirs}
        codes = []
        for row, code in _contents(good):
            if code.parent is not None and code.parent not in adopted:
                self.rejected.add(row, PARENT_UNKNOWN)
            else:
                codes.append(code)
        await self._store(codes, chunk[-1].line)

    def _is_good(self, row: Row, seen: dict[str, int]) -> bool:
        if isinstance(row.content, Reason):
            self.rejected.add(row, row.content)
            return False
        says = hash((row.content.label, row.content.label_en, row.content.parent, *row.content.attributes.items()))
        if row.content.code not in seen:
            seen[row.content.code] = says
            return True
        if seen[row.content.code] == says:
            self.report.repeated += 1
        else:
            self.rejected.add(row, SAID_OTHERWISE)
        return False

    async def _store(self, codes: list[Code], line: int) -> None:
        if self.report.dry_run:
            async with self.database.read() as read:
                found = await self._sorted_out(read, codes)
        elif line > self.report.resumed_at:
            found = await self.database.transact(lambda tx: self._write(tx, codes, line))
        else:
            return
        self.report.added += len(found.added)
        self.report.changed += len(found.changed)
        self.report.unchanged += found.unchanged

    async def _sorted_out(self, read: Read, codes: list[Code]) -> Sorted:
        wanted = [code.code for code in codes]
        held = await store.codes_among(read, self.one.name, self.one.version, wanted)
        return sort_out(codes, {code.code: code for code in held})

    async def _write(self, tx: Transaction, codes: list[Code], line: int) -> Sorted:
        # The set's row first: importers of one version take turns, so each counts what it wrote itself.
        if not await store.mark_progress(tx, self.one, line):
            raise ImportOvertaken
        found = await self._sorted_out(tx, codes)
        if found.added or found.changed:
            await store.put_codes(tx, self.one, found.added + found.changed)
        return found

    async def _finish(self, tx: Transaction, caller: Caller) -> None:
        if not await store.finish_import(tx, self.one, tx.clock.now()):
            raise ImportOvertaken
        await audit.record(
            tx,
            caller,
            CODES_IMPORTED,
            self.one.id,
            detail={
                "set": self.one.name,
                "version": self.one.version,
                "sha256": self.sheet.digest.hex(),
                "added": self.report.added,
                "changed": self.report.changed,
                "rejected": self.rejected.count,
            },
        )


def _next_chunk(rows: Iterator[Row]) -> list[Row]:
    return list(islice(rows, CHUNK))


def _contents(rows: list[Row]) -> list[tuple[Row, Code]]:
    return [(row, row.content) for row in rows if isinstance(row.content, Code)]


def _codes_in(sheet: Sheet) -> set[str]:
    return {row.content.code for row in rows_of(sheet) if isinstance(row.content, Code)}
