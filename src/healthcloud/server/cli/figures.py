"""`healthcloud figures`: comparing the figures with their rows, and counting them anew."""

from dataclasses import asdict

import typer

from healthcloud import figures
from healthcloud.core.caller import SYSTEM
from healthcloud.server.cli.exits import Exit
from healthcloud.server.cli.output import Json, put_facts, put_rows, say
from healthcloud.server.cli.running import in_city
from healthcloud.server.composition import City

app = typer.Typer(help="统计指标：核对、重算。", no_args_is_help=True)


@app.command()
def check(*, as_json: Json = False) -> None:
    """把统计指标与用卡、卡片和登记的原始记录逐项核对；有差异时退出码为 1。"""

    async def compare(city: City) -> figures.Verdict:
        async with city.database.read() as read:
            return await figures.check(read, SYSTEM)

    verdict = in_city(compare)
    heads = {"figure": "指标", "where": "项", "counted": "统计值", "rows": "原始记录"}
    put_rows([asdict(one) for one in verdict.differences], heads, as_json=as_json)
    say(f"核对 {verdict.compared} 项，差异 {len(verdict.differences)} 项。")
    if verdict.differences:
        raise typer.Exit(Exit.FAILED)


@app.command()
def rebuild(*, as_json: Json = False) -> None:
    """从头重新统计：后台进行，完成前仍显示原来的数字。"""

    async def begin(city: City) -> int:
        return await city.database.transact(lambda tx: figures.rebuild(tx, SYSTEM))

    put_facts({"edition": in_city(begin)}, {"edition": "统计版次"}, as_json=as_json)
