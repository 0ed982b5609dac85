"""`healthcloud people quality`: what is suspected twice, what links rest on, how old questions are, how links err."""

from typing import Annotated

import typer

from healthcloud import index
from healthcloud.core.caller import SYSTEM
from healthcloud.core.clock import SHANGHAI
from healthcloud.server.cli.institution import institution_of
from healthcloud.server.cli.output import Json, put_facts
from healthcloud.server.cli.running import in_city
from healthcloud.server.composition import City

_WORDS = {
    "counted_at": "统计时间",
    "records": "患者档案",
    "waiting": "等待归入",
    "review": "待审",
    "ended": "已作废",
    "linked": "自动关联",
    "new": "新建",
    "links_by_rule": "按规则",
    "questions": "待审问题",
    "duplicates_suspected": "疑似重复",
    "oldest_question_hours": "最久问题（小时）",
    "median_question_hours": "问题年龄中位数（小时）",
    "samples_judged": "已抽查",
    "samples_right": "抽查正确",
    "samples_waiting": "待抽查",
    "precision": "抽查准确率",
    "precision_low": "95% 下限",
    "precision_high": "95% 上限",
}


def quality(
    *,
    institution: Annotated[
        str | None, typer.Option("--institution", help="医疗机构的 id 或任一编号；不给则为全市。")
    ] = None,
    recount: Annotated[bool, typer.Option("--recount", help="先重新统计；平时每小时一次。")] = False,
    as_json: Json = False,
) -> None:
    """输出主索引质量：疑似重复、按规则的关联、待审时长、抽查准确率。"""

    async def look(city: City) -> index.quality.Quality:
        of = (await institution_of(city, institution)).id if institution else None
        if recount:
            await city.database.transact(index.quality.count)
        async with city.database.read() as read:
            return await index.quality_of(read, SYSTEM, of)

    put_facts(_facts(in_city(look), as_json=as_json), _WORDS, as_json=as_json)


def _facts(found: index.quality.Quality, *, as_json: bool) -> dict[str, object]:
    def by(counts: dict[str, int]) -> object:
        return counts if as_json else "，".join(f"{key} {count:,}" for key, count in counts.items()) or "0"

    ages = (found.oldest_question, found.median_question)
    oldest, median = (None if age is None else round(age.total_seconds() / 3600, 1) for age in ages)
    precision = found.precision
    return {
        "counted_at": found.counted_at and found.counted_at.astimezone(SHANGHAI).isoformat(timespec="seconds"),
        "records": sum(found.records.values()),
        "waiting": found.records.get("waiting", 0),
        "review": found.records.get("review", 0),
        "ended": found.records.get("ended", 0),
        "linked": found.outcomes.get("linked", 0),
        "new": found.outcomes.get("new", 0),
        "links_by_rule": by(dict(found.links_by_rule)),
        "questions": by(dict(found.questions)),
        "duplicates_suspected": found.duplicates_suspected,
        "oldest_question_hours": oldest,
        "median_question_hours": median,
        "samples_judged": precision.judged,
        "samples_right": precision.right,
        "samples_waiting": precision.waiting,
        "precision": precision.share,
        "precision_low": precision.low and round(precision.low, 5),
        "precision_high": precision.high and round(precision.high, 5),
    }
