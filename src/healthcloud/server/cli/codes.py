"""`healthcloud codes`: the dictionaries of the standards, by version."""

import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from healthcloud import institutions
from healthcloud.core.caller import SYSTEM
from healthcloud.server.cli.exits import Ended, Exit
from healthcloud.server.cli.output import DryRun, Json, progress_bar, put_facts, put_rows, say
from healthcloud.server.cli.running import in_city
from healthcloud.server.composition import City

app = typer.Typer(help="代码集：导入、载入标准代码集、列出。", no_args_is_help=True)
_WORDS = {
    "set_name": "代码集",
    "version": "版本",
    "rows": "行",
    "added": "新增",
    "changed": "变更",
    "unchanged": "不变",
    "repeated": "重复",
    "rejected": "拒绝",
    "already": "先前已导入",
    "rejected_file": "拒绝行文件",
}


@app.command("import")
def import_codes(
    file: Annotated[Path, typer.Argument(metavar="文件", exists=True, dir_okay=False, help="CSV 或 CSV.GZ。")],
    *,
    name: Annotated[str, typer.Option("--set", help="代码集名称，如 icd10-diagnosis。")],
    version: Annotated[str, typer.Option("--version", help="版本。")],
    effective: Annotated[
        datetime | None, typer.Option("--effective", formats=["%Y-%m-%d"], help="施行日期，默认今天。")
    ] = None,
    title: Annotated[str | None, typer.Option("--title", help="中文名称。")] = None,
    standard: Annotated[str | None, typer.Option("--standard", help="所依据的标准。")] = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """导入一个代码集的一个版本；可随时中断，再次运行同一命令会从中断处继续。有拒绝行时以 3 退出。"""
    wish = institutions.codes.ImportWish(
        set_name=name,
        version=version,
        effective_from=effective.date() if effective else None,
        title_zh=title,
        standard=standard,
        dry_run=dry_run,
    )

    async def load(city: City) -> institutions.codes.ImportReport:
        with progress_bar("导入", None) as done:
            return await institutions.import_codes(
                city.database, SYSTEM, file, wish, progress=lambda lines, _: done(lines)
            )

    report = in_city(load)
    facts = asdict(report) | {"rejected_file": str(report.rejected_file) if report.rejected_file else None}
    put_facts(facts, _WORDS, as_json=as_json)
    if report.rejected:
        say(f"{report.rejected} 行被拒绝，原因见 {report.rejected_file}。改正后只需再导入该文件。")
        raise Ended(Exit.REJECTED_ROWS)


@app.command()
def load(*, as_json: Json = False) -> None:
    """载入随程序附带的标准代码集；已有的不变。"""

    async def everything(city: City) -> list[institutions.codes.ImportReport]:
        with progress_bar("代码集", None) as done:
            return await institutions.load_standard_sets(city.database, SYSTEM, progress=lambda number, _: done(number))

    rows = [asdict(report) for report in in_city(everything)]
    heads = {name: word for name, word in _WORDS.items() if name != "rejected_file"}
    put_rows(rows, heads, as_json=as_json)


@app.command("list")
def list_sets(*, as_json: Json = False) -> None:
    """列出今天有效的代码集及其版本。"""

    async def look(city: City) -> list[institutions.codes.CodeSet]:
        async with city.database.read() as read:
            return await institutions.codes.sets_in_force(read)

    heads = {"name": "代码集", "version": "版本", "effective_from": "施行", "title_zh": "名称", "standard": "标准"}
    put_rows([asdict(one) for one in in_city(look)], heads, as_json=as_json)


@app.command("export")
def export_codes(name: Annotated[str, typer.Argument(metavar="代码集", help="名称，如 icd10-diagnosis。")]) -> None:
    """把一个代码集今天有效的版本作为 CSV 写到标准输出，修改后可作为新版本导入。"""

    async def write(city: City) -> int:
        async with city.database.read() as read:
            one = await institutions.codes.set_in_force(read, name)
            return await institutions.codes.export_codes(read, one, sys.stdout)

    say(f"{name}：{in_city(write)} 个代码。")
