"""`healthcloud audit`: proving the chain of deeds."""

from dataclasses import asdict

import typer
from msgspec import structs

from healthcloud import audit
from healthcloud.server.cli.exits import Ended, Exit
from healthcloud.server.cli.output import Json, progress_bar, put_json, put_rows, say
from healthcloud.server.cli.running import in_city
from healthcloud.server.composition import City
from healthcloud.server.places import heads_file

app = typer.Typer(help="审计链：校验、导出链头。", no_args_is_help=True)
_FAULTS = {
    "altered": "该行内容与封存时不同",
    "removed": "该行已不存在",
    "reordered": "该行次序与封存时不同",
    "block-altered": "该块与其链头不符",
    "block-removed": "该块缺失，或不接上一块",
    "cut-off": "链比已导出的链头短，或与之不符",
    "head-forged": "导出的链头不是本市所签",
    "unsealed": "该行绕过封存写入",
}
_HEADS = {"kind": "问题", "seq": "块", "line": "行", "deed_id": "审计记录", "words": "说明"}


@app.command()
def verify(*, as_json: Json = False) -> None:
    """逐块校验整条审计链；发现改动、删除、乱序或截断时指出是哪一行，并以 1 退出。"""

    async def check(city: City) -> audit.Verdict:
        with progress_bar("校验", None) as done:
            async with city.database.read() as read:
                return await audit.verify_chain(
                    read, city.database.vault, audit.HeadFile(heads_file(city.settings)), progress=done
                )

    verdict = in_city(check)
    rows = [asdict(finding) | {"words": _FAULTS[finding.kind]} for finding in verdict.findings]
    if as_json:
        put_json({"sound": verdict.sound} | asdict(verdict))
    else:
        put_rows(rows, _HEADS, as_json=False)
    say(f"{verdict.blocks} 块，{verdict.deeds} 行，{verdict.heads} 个导出的链头，{len(rows)} 处问题。")
    if not verdict.sound:
        raise Ended(Exit.FAILED)


@app.command("export-head")
def export_head(*, as_json: Json = False) -> None:
    """封存尚未入链的记录，签名并导出最新链头。"""

    async def export(city: City) -> dict[str, object] | None:
        heads = audit.HeadFile(heads_file(city.settings))
        sealer = audit.Sealer(city.database, heads)
        await sealer.seal()
        await sealer.export()
        exported = heads.heads()
        return structs.asdict(exported[-1]) if exported else None

    head = in_city(export)
    if head is None:
        say("还没有审计记录。")
        return
    words = {"seq": "块", "head": "链头", "at": "时间", "key": "密钥", "algorithm": "算法", "signature": "签名"}
    put_rows([head], words, as_json=as_json)
