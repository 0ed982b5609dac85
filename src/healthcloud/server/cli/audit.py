"""`healthcloud audit`: proving the chain of deeds, and the uses of cards that it seals."""

from dataclasses import asdict
from datetime import UTC, datetime

import typer
from msgspec import structs

from healthcloud import audit, cards
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
_USE_FAULTS = {
    "removed": "该批的用卡记录少于封存时",
    "altered": "该批的用卡记录与封存时不同",
    "unsealed": "该批用卡记录绕过封存写入",
}
_USE_HEADS = {"kind": "问题", "batch_id": "批", "at": "时间", "words": "说明"}
_FIRST = datetime(2020, 1, 1, tzinfo=UTC)
_HEADS = {"kind": "问题", "seq": "块", "line": "行", "deed_id": "审计记录", "words": "说明"}


@app.command()
def verify(*, as_json: Json = False) -> None:
    """校验整条审计链和其中封存的用卡记录；发现改动、删除、乱序或截断时指出是哪一行，并以 1 退出。"""

    async def check(city: City) -> tuple[audit.Verdict, cards.uses.UsesVerdict]:
        async with city.database.read() as read:
            with progress_bar("审计链", None) as done:
                heads = audit.HeadFile(heads_file(city.settings))
                chain = await audit.verify_chain(read, city.database.vault, heads, progress=done)
            with progress_bar("用卡记录", None) as done:
                uses = await cards.check_use_batches(read, _FIRST, city.database.clock.now(), progress=done)
        return chain, uses

    verdict, uses = in_city(check)
    sound = verdict.sound and not uses.findings
    rows = [asdict(finding) | {"words": _FAULTS[finding.kind]} for finding in verdict.findings]
    batches = [asdict(finding) | {"words": _USE_FAULTS[finding.kind]} for finding in uses.findings]
    if as_json:
        put_json({"sound": sound} | asdict(verdict) | {"uses": asdict(uses)})
    else:
        put_rows(rows, _HEADS, as_json=False)
        if batches:
            put_rows(batches, _USE_HEADS, as_json=False)
    say(f"{verdict.blocks} 块，{verdict.deeds} 行，{verdict.heads} 个导出的链头，{len(rows)} 处问题。")
    say(f"{uses.batches} 批用卡记录，{uses.uses} 行，{len(batches)} 处问题。")
    if not sound:
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
