"""`healthcloud sandbox`: a city on one's own desk to try a hospital's system against."""

import asyncio
import sys
import time
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from healthcloud import sandbox as trying
from healthcloud.core.clock import SHANGHAI
from healthcloud.core.logs import set_up_logs
from healthcloud.core.settings import Settings
from healthcloud.server.cli.output import progress_bar, say
from healthcloud.server.cli.running import load_settings, with_public_url
from healthcloud.server.cli.serve import Port, changed
from healthcloud.server.composition import open_city
from healthcloud.server.demonstration import Addresses, Ledger, load_demonstration, must_be_free, simulators
from healthcloud.server.errors import NotASandbox
from healthcloud.server.processes.programs import tethered
from healthcloud.server.processes.serving import Plan
from healthcloud.server.processes.serving import serve as serve_city
from healthcloud.server.processes.supervisor import Role
from healthcloud.server.sandboxing.invented import invent
from healthcloud.server.sandboxing.keys import Hospital, keys_file, make_keys

HOSPITALS = (94, 95)  # their simulators' ports, counted from the city's
MLLP = 75  # 8000 has it at 8075


@dataclass(slots=True)
class _Made:
    """What the preparing of a sandbox came to."""

    hospitals: list[Hospital]
    citizens: list[trying.Citizen]


def sandbox(
    *,
    folder: Annotated[Path | None, typer.Option("--folder", help="沙箱的目录；默认为数据目录下的 sandbox。")] = None,
    residents: Annotated[int, typer.Option("--residents", min=1000, max=100_000, help="虚构居民数，按千取整。")] = 1000,
    host: Annotated[str | None, typer.Option("--host", help="监听地址，默认只对本机。")] = None,
    port: Port = None,
    workers: Annotated[int | None, typer.Option("--workers", min=1, max=16, help="网页进程数。")] = None,
) -> None:
    """启动联调沙箱：虚构的城市、全部接入方式的密钥、时钟、故障开关、调用日志和医院模拟器；无需账号。"""
    started = time.monotonic()
    settings, environment = _settings(folder, host=host, port=port, workers=workers)
    set_up_logs("WARNING", settings.log_format)
    must_be_free(settings)
    made: list[_Made] = []
    addresses, ledger = Addresses.of(settings), Ledger.of(settings)
    plan = Plan(
        environment | addresses.environment(),
        prepare=lambda: made.append(asyncio.run(_prepare(settings, residents))),
        beside=[*simulators(settings, ledger), *_hospitals(settings)],
        ready=lambda: _print(settings, made[0], time.monotonic() - started),
    )
    serve_city(settings, plan, say)


def _settings(folder: Path | None, **changes: str | int | None) -> tuple[Settings, dict[str, str]]:
    """Return the settings of a city of its own in a folder of its own; raise NotASandbox."""
    settings = load_settings()
    if settings.production or settings.database_url is not None or settings.keys_file is not None:
        raise NotASandbox
    var = (folder or settings.var / "sandbox").absolute()
    settings = settings.model_copy(update={"var": var, "sandbox": True})
    settings, environment = changed(settings, **changes)
    mine = {
        "HEALTHCLOUD_VAR": str(var),
        "HEALTHCLOUD_SANDBOX": "true",
        "HEALTHCLOUD_LOG_LEVEL": "WARNING",
        "HEALTHCLOUD_MLLP_PORT": str(settings.port + MLLP),
    }
    return with_public_url(settings), environment | mine


async def _prepare(settings: Settings, residents: int) -> _Made:
    async with open_city(settings, name="healthcloud sandbox", pool_size=2) as city:
        with progress_bar("居民", residents) as progress:
            await load_demonstration(city, residents, say, progress)
        hospitals = await make_keys(city)
        citizens = invent(settings, city.database.clock.now().astimezone(SHANGHAI).date())
    return _Made(hospitals, citizens)


def _hospitals(settings: Settings) -> list[Role]:
    """Return the hospital simulators as children; each reads its keys from the sandbox's file once they are there."""
    return [
        Role(
            f"hospital-{number}-simulator",
            tethered(
                "healthcloud_simulators.hospital",
                *("--port", str(settings.port + offset), "--city", settings.public_url),
                *("--mllp", f"127.0.0.1:{settings.port + MLLP}"),
                *("--keys", str(keys_file(settings)), "--number", str(number)),
                *("--folder", str(settings.var / f"hospital-{number}")),
            ),
            last=True,
        )
        for number, offset in enumerate(HOSPITALS, 1)
    ]


def _print(settings: Settings, made: _Made, seconds: float) -> None:
    """Tell where to look, and every key."""
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 160)
    table = Table("地址", "是什么", title="健康云联调沙箱", title_justify="left")
    table.add_row(f"{settings.public_url}/sandbox", "居民、时钟、故障开关、调用日志、签名比较")
    for name, way in _ways(settings).items():
        table.add_row(way, name)
    for number, offset in enumerate(HOSPITALS, 1):
        table.add_row(f"http://127.0.0.1:{settings.port + offset}", f"医院模拟器 {number}：POST /do")
    console.print(table)
    for hospital in made.hospitals:
        keys = Table("用于", "算法", "app_id / 密钥编号", "密钥", title=hospital.name, title_justify="left")
        for key in hospital.keys:
            keys.add_row(", ".join(key.ways), key.algorithm, key.app_id, key.secret)
        console.print(keys)
        desk = hospital.desks[0]
        console.print(f"机构编号 {hospital.institution_id}，卡管机构编号 {hospital.code}")
        console.print(f"终端 {desk.name}：{desk.id}，终端号 {desk.terminal_code}")
    console.print(f"可选的虚构居民 {len(made.citizens)} 位：{settings.public_url}/sandbox/citizens")
    console.print(f"密钥文件 {keys_file(settings)}。用时 {seconds:.1f} 秒。Ctrl-C 结束，数据保留。")
    if not _is_loopback(settings.host):
        say("注意：沙箱无需账号，现在对外监听；只应在可信的网络中这样用。")


def _ways(settings: Settings) -> dict[str, str]:
    """Return where each face is, by its name."""
    url = settings.public_url
    return {
        "本平台接口（HC1 签名）": f"{url}/api/v1",
        "FHIR R4": f"{url}/fhir",
        "卡管 B 类": f"{url}/api/do",
        "卡管 C 类": f"{url}/erhc/ehealthcard/business.do",
        "腾讯开放平台": f"{url}/rest/auth/…",
        "山东院内接口": f"{url}/hospital/…",
        "HL7 v2（MLLP）": f"{settings.host}:{settings.port + MLLP}",
    }


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
