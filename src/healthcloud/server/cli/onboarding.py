"""`healthcloud onboarding status`: where institutions stand on their way in."""

from typing import Annotated, Any

import typer

from healthcloud import onboarding
from healthcloud.core.caller import SYSTEM
from healthcloud.core.clock import shown
from healthcloud.server.cli.institution import institution_of
from healthcloud.server.cli.output import Json, put_rows
from healthcloud.server.cli.running import in_city
from healthcloud.server.composition import City

app = typer.Typer(help="接入进度：由证据算出，不采信自报。", no_args_is_help=True)
_PAGE = 200
_STEPS = {
    "applied": "接入申请",
    "keys": "密钥",
    "cases": "沙箱用例",
    "report": "一致性报告",
    "points": "用卡环节",
    "live": "真实业务",
    "fresh": "近期业务",
}
_WHO = {"institution": "机构", "administrator": "城市安全管理员", "developer": "对接厂商", "nobody": "–"}
_LIST = {"institution_id": "编号", "institution": "机构", "reached": "已到", "next": "下一步", "who_acts": "由谁处理"}
_ONE = {"step": "步骤", "is_met": "达成", "have": "已有", "want": "应有", "at": "证据时间"}
_ONE |= {"missing": "缺少", "who_acts": "由谁处理"}


@app.callback()
def onboarding_() -> None:
    """接入进度：由证据算出，不采信自报。"""


@app.command()
def status(
    institution: Annotated[
        str | None, typer.Argument(metavar="机构", help="机构的编号或任一对外编号；不填则列出全部。")
    ] = None,
    *,
    as_json: Json = False,
) -> None:
    """列出各机构已到哪一步、下一步缺什么；给出机构时逐步列出。"""
    if institution is None:
        put_rows([_line(one, as_json=as_json) for one in in_city(_every)], _LIST, as_json=as_json)
        return

    async def look(city: City) -> onboarding.Standing:
        owner = await institution_of(city, institution)
        policy = onboarding.policy_of(city.settings, city.database)
        async with city.database.read() as read:
            return await onboarding.standing_of(read, SYSTEM, owner.id, policy)

    put_rows([_step(one, as_json=as_json) for one in in_city(look).state.steps], _ONE, as_json=as_json)


async def _every(city: City) -> list[onboarding.Standing]:
    found: list[onboarding.Standing] = []
    policy = onboarding.policy_of(city.settings, city.database)
    async with city.database.read() as read:
        page = await onboarding.list_standings(read, SYSTEM, policy, limit=_PAGE)
        while page:
            found += page
            after = page[-1].institution_id
            page = await onboarding.list_standings(read, SYSTEM, policy, after=after, limit=_PAGE)
    return found


def _line(one: onboarding.Standing, *, as_json: bool) -> dict[str, Any]:
    ahead = one.state.next
    reached, step, who = one.state.reached, ahead.step if ahead else None, ahead.who_acts if ahead else "nobody"
    line: dict[str, Any] = {"institution_id": one.institution_id, "institution": one.institution}
    if as_json:
        return line | {"reached": reached, "next": step, "who_acts": who}
    return line | {
        "reached": _STEPS[reached] if reached else "–",
        "next": _STEPS[step] if step else "–",
        "who_acts": _WHO[who],
    }


def _step(one: onboarding.StepState, *, as_json: bool) -> dict[str, Any]:
    line: dict[str, Any] = {"is_met": one.is_met, "have": one.have, "want": one.want}
    if as_json:
        return line | {"step": one.step, "at": one.at, "missing": one.missing, "who_acts": one.who_acts}
    at = shown(one.at) if one.at else "–"
    missing = "、".join(one.missing) or "–"
    return line | {"step": _STEPS[one.step], "at": at, "missing": missing, "who_acts": _WHO[one.who_acts]}
