"""`healthcloud exchange verify|check|export`: proving one message with no network, and the whole chain."""

from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from healthcloud import exchange
from healthcloud.core.caller import SYSTEM
from healthcloud.core.partitions import month_start
from healthcloud.server.cli.exits import Ended, Exit
from healthcloud.server.cli.output import Json, put_facts, put_json, put_rows, say
from healthcloud.server.cli.running import in_city
from healthcloud.server.composition import City
from healthcloud.server.places import evidence_heads_file
from healthcloud_reader.evidence import EvidenceWrong, verify_export
from healthcloud_reader.keys import PublicKey

_FAULTS = {
    "altered": "该批报文与封存时不同",
    "removed": "该批报文未到期已不存在",
    "line-altered": "目录与报文不符",
    "line-removed": "报文没有目录",
    "block-altered": "该块与其链头或签名不符",
    "block-removed": "该块缺失，或不接上一块",
    "cut-off": "链比已导出的链头短，或与之不符",
    "head-forged": "导出的链头不是本市所签",
    "unsealed": "该批绕过封存写入",
}
_HEADS = {"kind": "问题", "seq": "块", "batch_id": "批", "message_id": "报文", "words": "说明"}
_FACTS = {
    "face": "接口",
    "method": "方法",
    "at": "时间",
    "request_id": "请求编号",
    "outcome": "结果",
    "institution": "机构",
    "seq": "块",
    "sealed_at": "封存时间",
    "key": "签名公钥",
}


def verify(
    file: Annotated[Path, typer.Argument(metavar="文件", help="导出的存证。", exists=True, dir_okay=False)],
    *,
    key: Annotated[Path | None, typer.Option("--key", help="所信任的本市公钥（PEM）；不填则请自行核对编号。")] = None,
    as_json: Json = False,
) -> None:
    """校验一条导出的报文：不需要网络、数据库和本市的任何密钥；不符时以 1 退出。"""
    trusted = PublicKey.from_pem(key.read_text()) if key else None
    try:
        proven = verify_export(file.read_bytes(), lambda one: trusted is None or one == trusted)
    except EvidenceWrong as wrong:
        say(f"不能证明：{wrong}")
        raise Ended(Exit.FAILED) from None
    told = {"seq": proven.seq, "sealed_at": proven.sealed_at, "key": proven.key.id}
    facts = {name: proven.about.get(name) for name in _FACTS} | told
    put_facts(facts, _FACTS, as_json=as_json)
    if trusted is None:
        say("签名有效。请将签名公钥编号与本市公布的核对（/api/v1/exchange/evidence-keys）。")


def check(*, as_json: Json = False) -> None:
    """校验整条存证链和每条报文；发现改动、删除、乱序或截断时指出在哪里，并以 1 退出。"""

    async def look(city: City) -> exchange.evidence.Verdict:
        since = month_start(city.database.clock.now(), -city.settings.evidence_months)
        heads = exchange.HeadFile(evidence_heads_file(city.settings))
        async with city.database.read() as read:
            return await exchange.evidence.check(read, city.database.vault, heads, kept_since=since)

    verdict = in_city(look)
    if as_json:
        put_json({"sound": verdict.sound} | asdict(verdict))
    else:
        put_rows([asdict(one) | {"words": _FAULTS[one.kind]} for one in verdict.findings], _HEADS, as_json=False)
    say(f"{verdict.blocks} 块，{verdict.batches} 批，{verdict.messages} 条报文，{len(verdict.findings)} 处问题。")
    if not verdict.sound:
        raise Ended(Exit.FAILED)


def export(
    message: Annotated[UUID, typer.Argument(metavar="报文", help="报文编号。")],
    output: Annotated[Path, typer.Option("--output", help="写入的文件。")],
    reason: Annotated[str, typer.Option("--reason", help="为何导出，记入审计。")],
) -> None:
    """导出一条报文的存证，供争议双方和第三方离线校验。"""

    async def take(city: City) -> bytes:
        asking = replace(SYSTEM, reason=reason)
        return await city.database.transact(lambda tx: exchange.evidence.export(tx, asking, message))

    output.write_bytes(in_city(take))
    say(f"已写入 {output}。")
