"""`healthcloud people link`, `models`, `adopt`: learning over the whole index, and having what was learned decide."""

from dataclasses import asdict
from typing import Annotated

import typer

from healthcloud import index
from healthcloud.core.caller import SYSTEM
from healthcloud.server import linkage
from healthcloud.server.cli.output import Json, Yes, confirm, progress_bar, put_facts, put_rows, say
from healthcloud.server.cli.running import in_city
from healthcloud.server.composition import City

SAMPLE = 5_000
_WORDS = {
    "engine": "引擎",
    "records": "档案",
    "pairs": "比对的档案对",
    "links": "达到自动关联的档案对",
    "expected_precision": "按权重估计的准确率",
    "both": "与现有关联一致",
    "only_new": "仅新模型关联",
    "only_live": "仅现有关联",
    "kept": "沿用原权重的级别",
    "version": "提出的模型版本",
    "questions": "提出的待审问题",
    "seconds": "用时（秒）",
}
_HEADS = {
    "version": "版本",
    "state": "状态",
    "proposed_at": "提出时间",
    "proposed_by": "提出人",
    "adopted_at": "启用时间",
    "adopted_by": "启用人",
    "records": "档案",
    "expected_precision": "估计准确率",
}


def link(
    *,
    engine: Annotated[
        index.linkage.EngineName | None, typer.Option(help="duckdb 在本机内存中，spark 用于省级；默认见设置。")
    ] = None,
    sample: Annotated[int, typer.Option(min=1_000, max=30_000, help="随机配对多少份档案以学习 u。")] = SAMPLE,
    propose: Annotated[bool, typer.Option("--propose", help="提出新的模型版本，并就未关联的档案对提问。")] = False,
    as_json: Json = False,
) -> None:
    """用 splink 对全部档案学习权重并度量；不加 --propose 时不写入任何数据。"""

    async def run(city: City) -> dict[str, object]:
        chosen = engine or index.linkage.EngineName(city.settings.linkage_engine)
        with progress_bar("读取档案", None) as progress:
            done = await linkage.link(city, chosen, sample, progress)
        measures = index.linkage.measures_of(chosen, done.live, done.found)
        version: int | None = None
        if propose:
            version, measures = await index.linkage.propose(city.database, SYSTEM, chosen, done.live, done.found)
        told = {name: getattr(measures, name) for name in measures.__struct_fields__}
        return told | {"version": version, "seconds": done.seconds}

    facts = in_city(run)
    put_facts(facts, _WORDS, as_json=as_json)
    if propose:
        say(f"已提出第 {facts['version']} 版；用 healthcloud people adopt {facts['version']} 启用。")


def models(*, as_json: Json = False) -> None:
    """列出比对模型的各个版本；第 1 版随软件提供。"""

    async def read_versions(city: City) -> list[index.learning.Version]:
        async with city.database.read() as read:
            return await index.learning.model_versions(read, SYSTEM)

    rows = []
    for one in in_city(read_versions):
        facts = {name: value for name, value in asdict(one).items() if name != "measures"}
        measures = one.measures
        rows.append(
            facts
            | {
                "records": measures.records if measures else None,
                "expected_precision": measures.expected_precision if measures else None,
            }
        )
    put_rows(rows, _HEADS, as_json=as_json)


def adopt(version: Annotated[int, typer.Argument(min=1, help="版本号，见 models。")], *, yes: Yes = False) -> None:
    """启用一版比对模型：只用于此后到达的档案，不移动已有档案，不拆分已发的卡。"""
    confirm(f"此后到达的档案将按第 {version} 版模型比对。", yes=yes)

    async def run(city: City) -> None:
        await city.database.transact(lambda tx: index.learning.adopt_model(tx, SYSTEM, version))

    in_city(run)
    say(f"第 {version} 版已启用。")
