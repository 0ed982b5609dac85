"""A whole day, and the uses uploaded after it."""

from collections.abc import Sequence

from healthcloud.conformance.chapters.visits import SCENES
from healthcloud.conformance.model import Acted, Case, Expectation, evidence, expect, expect_none
from healthcloud.conformance.seen import FAMILY_C
from healthcloud.conformance.stage import Stage


async def every_room(stage: Stage) -> Sequence[Expectation]:
    """Judge whether everybody was scanned in every room."""
    acted = await _day(stage)
    return [
        Expectation(
            f"两位居民都在{zh}环节扫码",
            f"both persons scanned at {room}",
            len({one.facts.get("card") for one in acted.done("scan", scene=scene)}) > 1,
            evidence(acted.done("scan", scene=scene)),
        )
        for room, (scene, zh) in SCENES.items()
    ]


async def complete(stage: Stage) -> Sequence[Expectation]:
    """Judge whether every scan was uploaded as a use."""
    acted = await _day(stage)
    uses = {(one.facts.get("card"), one.facts.get("scene")) for one in acted.done("use")}
    missing = [one for one in acted.done("scan") if (one.facts.get("card"), one.facts.get("scene")) not in uses]
    return [
        expect("上传了用卡数据", "uses uploaded", acted.done("use")),
        expect_none("每次扫码都已上传", "every scan uploaded", missing),
    ]


async def same_day(stage: Stage) -> Sequence[Expectation]:
    """Judge whether uses are told of with the time they happened."""
    acted = await _day(stage)
    other = [one for one in acted.of("use") if not one.facts.get("at", "").startswith(stage.today())]
    return [
        expect("上传了用卡数据", "uses uploaded", acted.of("use")),
        expect_none("用卡时间为当日", "the day of use is today", other),
    ]


async def _day(stage: Stage) -> Acted:
    return await stage.act("day", persons=[stage.person("no-card", 3), stage.person("no-card", 4)])


CASES = (
    Case(
        *("day.every-room", "day", "一天中每位患者在每个环节扫码", "Everybody is scanned everywhere", every_room),
        needs=("open-card.first", "scan.each-step"),
    ),
    Case(
        *("usage.complete", "usage", "用卡数据全部上传", "All uses are uploaded", complete),
        faces=(FAMILY_C,),
        needs=("open-card.first", "scan.each-step"),
    ),
    Case(
        *("usage.same-day", "usage", "用卡数据当日上传", "Uses are uploaded with their own day", same_day),
        faces=(FAMILY_C,),
        needs=("open-card.first", "scan.each-step"),
    ),
)
