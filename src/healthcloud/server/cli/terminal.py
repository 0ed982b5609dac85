"""`healthcloud terminal`: the windows, kiosks and desks where codes are scanned."""

from dataclasses import asdict
from typing import Annotated
from uuid import UUID

import typer

from healthcloud import institutions
from healthcloud.core.caller import SYSTEM
from healthcloud.server.cli.institution import institution_of
from healthcloud.server.cli.output import Json, Yes, confirm, put_facts, put_rows, say
from healthcloud.server.cli.running import in_city
from healthcloud.server.composition import City

app = typer.Typer(help="终端：添加并取得绑定码、绑定接入程序、停用、列出。", no_args_is_help=True)
InstitutionName = Annotated[str, typer.Argument(metavar="机构", help="机构的编号或任一对外编号。")]
TerminalId = Annotated[UUID, typer.Argument(metavar="终端", help="终端的编号。")]
_HEADS = {
    "id": "编号",
    "name": "名称",
    "kind": "类型",
    "scene_code": "环节",
    "state": "状态",
    "client_id": "接入程序",
}


@app.command()
def enrol(
    institution: InstitutionName,
    name: Annotated[str, typer.Argument(metavar="名称", help="如 门诊挂号 1 窗。")],
    *,
    kind: Annotated[str, typer.Option("--kind", help="终端类型：01 人工窗口、02 自助终端、99 其他。")] = "01",
    scene: Annotated[str, typer.Option("--scene", help="常用诊疗环节，如 010101 挂号。")] = "010101",
    as_json: Json = False,
) -> None:
    """添加一个终端并给出一次性绑定码；在该窗口的浏览器 /scan 页面输入。"""
    wish = institutions.terminals.TerminalWish(name, kind, scene)

    async def add(city: City) -> institutions.terminals.Enrolment:
        owner = await institution_of(city, institution)
        return await city.database.transact(lambda tx: institutions.enrol_terminal(tx, SYSTEM, owner.id, wish))

    enrolment = in_city(add)
    words = {"terminal_id": "终端", "code": "绑定码", "expires_at": "有效至"}
    put_facts({name: getattr(enrolment, name) for name in words}, words, as_json=as_json)


@app.command()
def bind(
    terminal: TerminalId,
    *,
    client: Annotated[UUID | None, typer.Option("--client", help="只允许该接入程序；不填则机构内任一。")] = None,
) -> None:
    """指定哪个接入程序可以代表该终端。"""
    bind_to = institutions.terminals.bind_to_client
    in_city(lambda city: city.database.transact(lambda tx: bind_to(tx, SYSTEM, terminal, client)))
    say("已绑定，立即生效。")


@app.command()
def retire(terminal: TerminalId, *, yes: Yes = False) -> None:
    """永久停用一个终端：其浏览器和接入程序立即被拒绝。"""
    confirm(f"终端 {terminal} 将永久停用。", yes=yes)
    retire_it = institutions.terminals.retire_terminal
    in_city(lambda city: city.database.transact(lambda tx: retire_it(tx, SYSTEM, terminal)))
    say("已停用。")


@app.command("list")
def list_terminals(institution: InstitutionName, *, as_json: Json = False) -> None:
    """列出一个机构的终端。"""

    async def look(city: City) -> list[institutions.Terminal]:
        owner = await institution_of(city, institution)
        async with city.database.read() as read:
            return await institutions.terminals.terminals_of(read, owner.id, limit=200)

    put_rows([asdict(one) for one in in_city(look)], _HEADS, as_json=as_json)
