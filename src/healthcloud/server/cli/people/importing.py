"""`healthcloud people import`: a hospital's patient file, worked here by the code of the background job."""

import hashlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer

from healthcloud import index, people
from healthcloud.core.caller import SYSTEM
from healthcloud.server.cli.exits import Ended, Exit
from healthcloud.server.cli.institution import institution_of
from healthcloud.server.cli.output import DryRun, Json, progress_bar, put_facts, put_rows, say
from healthcloud.server.cli.running import in_city
from healthcloud.server.composition import City

imports = index.imports
_WORDS = {
    "id": "导入编号",
    "state": "状态",
    "rows": "行",
    "linked": "已关联",
    "new": "新建",
    "review": "待审核",
    "unchanged": "未变",
    "rejected": "退回",
    "rate": "每秒行数",
    "already": "先前已导入",
    "rejected_file": "退回行文件",
    "answers_file": "结果文件",
}
_TRIED = {"found": "所见", "count": "行数", "lines": "例如第几行"}


def import_file(
    file: Annotated[Path, typer.Argument(metavar="文件", exists=True, dir_okay=False, help="CSV 或 .xlsx。")],
    *,
    institution: Annotated[str, typer.Option("--institution", help="医疗机构的 id 或任一编号。")],
    column: Annotated[
        list[str] | None, typer.Option("--mapping", help="字段=列名或列号（从 1 起），如 name=姓名；可多次。")
    ] = None,
    answers: Annotated[Path | None, typer.Option("--answers", help="把每个患者号的结果写到该文件。")] = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """导入一家机构的患者文件；可随时中断，再次运行同一命令会从中断处继续。有退回行时以 3 退出。"""

    async def work(city: City) -> dict[str, Any]:
        return await _Importing(city, file, column or [], answers, dry_run=dry_run).carry_out(institution)

    facts = in_city(work)
    if dry_run and facts["state"] == imports.State.TRIED:
        put_rows(facts["found"], _TRIED, as_json=as_json)
    else:
        put_facts(facts, _WORDS, as_json=as_json)
    if facts["rejected"]:
        say(f"{facts['rejected']} 行退回，改正后只需再导入退回行文件。")
        raise Ended(Exit.REJECTED_ROWS)


class _Importing:
    """One file on its way."""

    def __init__(self, city: City, file: Path, columns: list[str], answers: Path | None, *, dry_run: bool) -> None:
        self._city = city
        self._database = city.database
        self._file = file
        self._columns = columns
        self._answers = answers
        self._dry_run = dry_run

    async def carry_out(self, institution: str) -> dict[str, Any]:
        """Take every step that is still to be taken; return what came of it."""
        named = await institution_of(self._city, institution)
        size, digest = _measured(self._file)
        wish = imports.ImportWish(self._file.name, size, digest, named.id)
        one = await self._database.transact(lambda tx: imports.begin(tx, SYSTEM, wish))
        already = one.state == imports.State.DONE
        if one.state == imports.State.RECEIVING:
            one = await self._upload(one, size)
        if one.state == imports.State.READING:
            await imports.read_file(self._database, one.id)
            one = await self._seen(one.id)
        if one.state == imports.State.FAILED:
            raise imports.FileUnreadable.because(one.fault_en or "", one.fault_zh or "")
        if one.state in (imports.State.READ, imports.State.MAPPED, imports.State.TRIED):
            one = await self._map(one)
        if self._dry_run and one.state in (imports.State.MAPPED, imports.State.TRIED, imports.State.TRYING):
            return await self._try(one)
        if not already:
            one = await self._work(one)
        return await self._told(one, already=already)

    async def _upload(self, one: imports.Import, size: int) -> imports.Import:
        async with self._database.read() as read:
            there = set(await imports.arrived(read, SYSTEM, one.id))
        with progress_bar("上传", size) as tell, self._file.open("rb") as file:
            for n, at in enumerate(range(0, size, imports.MOST_PIECE)):
                piece = file.read(imports.MOST_PIECE)
                if n not in there:
                    await self._put(one.id, n, piece)
                tell(at + len(piece))
        return await self._database.transact(lambda tx: imports.complete(tx, SYSTEM, one.id, in_background=False))

    async def _put(self, import_id: UUID, n: int, piece: bytes) -> None:
        await self._database.transact(lambda tx: imports.put_piece(tx, SYSTEM, import_id, n, piece))

    async def _map(self, one: imports.Import) -> imports.Import:
        async with self._database.read() as read:
            shown = await imports.preview(read, SYSTEM, one.id)
        columns = dict(shown.mapping.columns)
        for said in self._columns:
            field, _, name = said.partition("=")
            place = _place(shown.shape.header, name)
            columns = {known: at for known, at in columns.items() if at != place} | {field: place}
        for name, place in columns.items():
            title = imports.TITLES[imports.Field(name)][0] if name in set(imports.Field) else name
            say(f"{title} ← {shown.shape.header[place]}")
        mapping = imports.Mapping(columns)
        return await self._database.transact(lambda tx: imports.choose_columns(tx, SYSTEM, one.id, mapping))

    async def _try(self, one: imports.Import) -> dict[str, Any]:
        if one.state != imports.State.TRYING:
            await self._database.transact(lambda tx: imports.try_out(tx, SYSTEM, one.id, in_background=False))
        await imports.try_import(self._database, one.id)
        tried = await self._seen(one.id)
        report = tried.findings
        if report is None:
            return {"state": tried.state, "rejected": 0, "found": []}
        say(f"共 {report.rows} 行，将退回 {report.rejected} 行；对 {report.sampled} 行抽样比对主索引：")
        found = [
            {
                "found": report.titles[key][0] if key in report.titles else key,
                "count": count,
                "lines": report.examples.get(key, []),
            }
            for key, count in (*report.reasons.items(), *report.outcomes.items())
        ]
        return {"state": tried.state, "rejected": report.rejected, "found": found}

    async def _work(self, one: imports.Import) -> imports.Import:
        if one.state != imports.State.RUNNING:
            await self._database.transact(lambda tx: imports.start(tx, SYSTEM, one.id, in_background=False))
        work = await imports.Work.of(self._database, one.id, people.Policy.of(self._city.settings))
        with progress_bar("导入", one.rows) as tell:
            while work is not None and (now := await work.step()) is not None:
                tell(now.done)
        return await self._seen(one.id)

    async def _told(self, one: imports.Import, *, already: bool) -> dict[str, Any]:
        rejected = answers = None
        if one.rejected:
            rejected = await self._write(await imports.rejected(self._database, SYSTEM, one.id), None)
        if self._answers is not None:
            answers = await self._write(await imports.answers(self._database, SYSTEM, one.id), self._answers)
        facts = {name: getattr(one, name) for name in _WORDS if hasattr(one, name)}
        rate = None if one.rate is None else round(one.rate, 1)
        return facts | {"rate": rate, "already": already, "rejected_file": rejected, "answers_file": answers}

    async def _write(self, file: imports.FileOut, path: Path | None) -> str:
        target = path or self._file.with_name(file.name)
        await _written(target, file.pieces)
        return str(target)

    async def _seen(self, import_id: UUID) -> imports.Import:
        async with self._database.read() as read:
            return await imports.visible(read, SYSTEM, import_id)


def _title(report: index.imports.Report, key: str) -> str:
    return report.titles[key][0] if key in report.titles else _WORDS[key]


async def _written(path: Path, pieces: AsyncIterator[bytes]) -> None:
    with path.open("wb") as out:
        async for piece in pieces:
            out.write(piece)


def _measured(path: Path) -> tuple[int, bytes]:
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while piece := file.read(imports.MOST_PIECE):
            digest.update(piece)
            size += len(piece)
    return size, digest.digest()


def _place(header: tuple[str, ...], name: str) -> int:
    """Return where a column stands, by its word or its number from 1; raise MappingWrong."""
    if name in header:
        return header.index(name)
    if name.isdecimal() and 1 <= int(name) <= len(header):
        return int(name) - 1
    raise imports.MappingWrong(f"{name}: {', '.join(header)}")
