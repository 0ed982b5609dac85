"""`healthcloud province`: how uses of cards stand on their way to the province, and what it refused."""

from dataclasses import asdict
from typing import Annotated
from uuid import UUID

import typer

from healthcloud import province
from healthcloud.core.caller import SYSTEM
from healthcloud.server.cli.institution import institution_of
from healthcloud.server.cli.output import Json, put_rows, say
from healthcloud.server.cli.running import in_city
from healthcloud.server.composition import City

app = typer.Typer(help="省平台：用卡数据的上传情况，被拒收的记录与重新上传。", no_args_is_help=True)
LISTED = 200


@app.command()
def status(*, as_json: Json = False) -> None:
    """按机构和日期列出近七日的用卡数据：等待、已上传、拒收、迟延（等待超过半小时）、错过当日、结果不明。"""

    async def look(city: City) -> tuple[list[province.Standing], list[province.Hold]]:
        async with city.database.read() as read:
            return await province.standing(read, SYSTEM), await province.holds(read, SYSTEM)

    found, held = in_city(look)
    why = {one.institution_id: one.error for one in held}
    heads = {"day": "日期", "institution_id": "机构", "waiting": "等待", "uploaded": "已上传", "refused": "拒收"}
    heads |= {"late": "迟延", "missed": "错过当日", "unknown": "结果不明", "oldest_at": "最早一条", "held": "整体拒收"}
    put_rows([asdict(one) | {"held": why.get(one.institution_id)} for one in found], heads, as_json=as_json)
    if held:
        say(f"省平台整体拒收 {len(held)} 家机构的数据，请系统管理员核对凭证与限额。")


@app.command()
def refused(*, as_json: Json = False) -> None:
    """列出省平台拒收的用卡记录及其原话，最早的在前；由机构更正备案或编码后重新上传。"""

    async def look(city: City) -> list[province.RefusedUse]:
        async with city.database.read() as read:
            return await province.refused(read, SYSTEM, limit=LISTED)

    heads = {"id": "编号", "institution_id": "机构", "day": "日期", "scene": "环节", "terminal_id": "终端"}
    put_rows([asdict(one) for one in in_city(look)], heads | {"code": "代码", "msg": "省平台答复"}, as_json=as_json)


@app.command()
def resend(
    institution: Annotated[str, typer.Argument(metavar="机构", help="机构的编号或任一对外编号。")],
    one: Annotated[list[UUID] | None, typer.Option("--id", help="记录编号，可多次；不填则当日全部。")] = None,
    *,
    reason: Annotated[str | None, typer.Option("--reason", help="为什么，记入审计。")] = None,
) -> None:
    """让一个机构被拒收的当日记录重新上传；已过当日的省平台不再接收。"""

    async def again(city: City) -> int:
        owner = await institution_of(city, institution)
        return await city.database.transact(lambda tx: province.send_again(tx, SYSTEM, owner.id, one, reason))

    say(f"已重新排队：{in_city(again)} 条")
