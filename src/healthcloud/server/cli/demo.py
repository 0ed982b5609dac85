"""`healthcloud demo`: the demonstration city, of invented people."""

import asyncio
import time
from pathlib import Path
from typing import Annotated

import typer

from healthcloud.core.logs import set_up_logs
from healthcloud.core.settings import Settings
from healthcloud.server.cli.output import Json, progress_bar, put_facts, say
from healthcloud.server.cli.printout import print_city
from healthcloud.server.cli.running import in_city, load_settings, settings_of_command
from healthcloud.server.cli.serve import Port, Tls, changed
from healthcloud.server.composition import City, open_city
from healthcloud.server.demonstration import (
    MOST,
    Addresses,
    Demonstration,
    Ledger,
    enrolment_code,
    find_hospitals,
    load_demonstration,
    must_be_free,
    read_staff,
    simulators,
    write_patient_files,
)
from healthcloud.server.errors import NotADemonstration, StaffNotFound
from healthcloud.server.processes.serving import Plan
from healthcloud.server.processes.serving import serve as serve_city

app = typer.Typer(help="演示城市：启动、载入、动态口令。", no_args_is_help=True)
Residents = Annotated[int, typer.Option("--residents", "--people", min=0, max=MOST, help="演示居民数，按千取整。")]


@app.command()
def run(
    *,
    residents: Residents = 20_000,
    host: Annotated[str | None, typer.Option("--host", help="监听地址。")] = None,
    port: Port = None,
    workers: Annotated[int | None, typer.Option("--workers", min=1, help="网页进程数。")] = None,
    tls: Tls = None,
) -> None:
    """启动演示城市及短信、人口库、身份验证器模拟器；首次启动时载入机构、人员和居民。"""
    started = time.monotonic()
    settings, environment = changed(load_settings(), host=host, port=port, workers=workers, tls=tls)
    _refuse_production(settings)
    addresses, ledger = Addresses.of(settings), Ledger.of(settings)
    must_be_free(settings)
    # What the children say is for the log of a real city; here it would bury the table.
    level = settings.log_level if "log_level" in settings.model_fields_set else "WARNING"
    set_up_logs(level, settings.log_format)
    loaded: list[Demonstration] = []
    plan = Plan(
        environment | addresses.environment() | {"HEALTHCLOUD_LOG_LEVEL": level},
        prepare=lambda: loaded.append(_load(settings, residents)),
        beside=simulators(settings, ledger),
        ready=lambda: print_city(ledger, addresses, loaded[0], time.monotonic() - started),
    )
    serve_city(settings, plan, say)


@app.command()
def load(*, residents: Residents = 20_000, as_json: Json = False) -> None:
    """把演示城市载入当前数据库，不启动服务；可中断，再次运行会继续。"""
    settings = settings_of_command()
    _refuse_production(settings)
    loaded = in_city(lambda city: _fill(city, residents))
    facts = {"residents": loaded.residents, "staff": len(loaded.staff), "folder": str(Ledger.of(settings).folder)}
    put_facts(facts, {"residents": "居民", "staff": "工作人员", "folder": "账号与密钥"}, as_json=as_json)


@app.command()
def code(login: Annotated[str, typer.Argument(metavar="登录名")], *, as_json: Json = False) -> None:
    """输出一位演示工作人员此刻的动态口令。"""
    settings = load_settings()
    member = next((one for one in read_staff(Ledger.of(settings)) if one.login == login), None)
    if member is None:
        raise StaffNotFound
    now = time.time()
    facts = {"login": login, "code": member.code(now), "seconds_left": 30 - int(now) % 30}
    put_facts(facts, {"login": "登录名", "code": "动态口令", "seconds_left": "剩余秒数"}, as_json=as_json)


@app.command()
def desk(
    hospital: Annotated[int, typer.Argument(metavar="医院", min=1, max=2, help="1 或 2。")], *, as_json: Json = False
) -> None:
    """为演示医院的挂号窗口签发新的绑定码，在浏览器 /scan 页面输入。"""

    async def issue(city: City) -> dict[str, object]:
        ours = await find_hospitals(city)
        if hospital not in ours:
            raise NotADemonstration
        enrolment = await enrolment_code(city, ours[hospital])
        return {"institution": ours[hospital].name, "code": enrolment.code, "expires_at": enrolment.expires_at}

    words = {"institution": "机构", "code": "绑定码", "expires_at": "有效至"}
    put_facts(in_city(issue), words, as_json=as_json)


@app.command()
def files(
    *,
    folder: Annotated[Path | None, typer.Option("--folder", help="写到哪里；默认在演示城市的目录中。")] = None,
    rows: Annotated[int, typer.Option("--rows", min=100, max=2_000_000, help="两个文件合计的行数。")] = 60_000,
    common: Annotated[int, typer.Option("--common", min=1, help="两家医院共有的患者数。")] = 8_000,
    residents: Annotated[int, typer.Option("--residents", min=0, max=MOST, help="其中取前多少位演示居民。")] = 12_000,
    as_json: Json = False,
) -> None:
    """生成两家虚构医院的患者文件（CSV）和标准答案 labels.csv，用于试导入；人员均为虚构。"""
    if common > rows // 3:
        raise typer.BadParameter("最多为行数的三分之一", param_hint="--common")
    into = folder or Ledger.of(load_settings()).folder / "files"
    written = asyncio.run(write_patient_files(into, rows, common, residents))
    facts = {path.stem: str(path) for path in written}
    put_facts(facts, {"hospital-1": "医院一", "hospital-2": "医院二", "labels": "标准答案"}, as_json=as_json)


def _refuse_production(settings: Settings) -> None:
    if settings.production:
        raise NotADemonstration("HEALTHCLOUD_PRODUCTION is set")


def _load(settings: Settings, residents: int) -> Demonstration:
    async def fill() -> Demonstration:
        async with open_city(settings, name="healthcloud demonstration", pool_size=2) as city:
            return await _fill(city, residents)

    return asyncio.run(fill())


async def _fill(city: City, residents: int) -> Demonstration:
    with progress_bar("居民", residents) as progress:
        return await load_demonstration(city, residents, say, progress)
