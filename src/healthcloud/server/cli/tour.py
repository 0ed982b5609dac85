"""`healthcloud tour`: a resident's way through the running demonstration city, over HTTP alone."""

import asyncio
from dataclasses import asdict, replace
from typing import Annotated

import httpx
import typer
from rich.console import Console

from healthcloud.server.cli.exits import Ended, Exit
from healthcloud.server.cli.output import Json, put_json, say
from healthcloud.server.cli.running import settings_of_command
from healthcloud.server.demonstration import Ledger, read_addresses, read_machine
from healthcloud.server.errors import CityNotRunning, NotLoaded
from healthcloud.server.tour import Deviated, Step, Tour, walk

_OUT = Console(highlight=False, soft_wrap=True)


def tour(
    *,
    city: Annotated[str | None, typer.Option("--city", help="城市地址，默认取上次 demo run 的地址。")] = None,
    as_json: Json = False,
) -> None:
    """走一遍：登记、领卡、出码、两家医院扫码、重放被拒、挂失、查看谁看过；任何一步不符即以 1 退出。"""
    ledger = Ledger.of(settings_of_command())
    addresses = read_addresses(ledger)
    if addresses is None:
        raise NotLoaded(folder=str(ledger.folder))
    machines = read_machine(ledger, 1), read_machine(ledger, 2)
    if city is not None:
        addresses = replace(addresses, city=city)
    way = Tour((lambda _: None) if as_json else _tell)
    deviated = False
    try:
        asyncio.run(walk(way, addresses, machines, lambda seconds: say(f"  等待下一个码，{seconds:.0f} 秒")))
    except Deviated:
        deviated = True
    except httpx.TransportError as error:
        raise CityNotRunning(type(error).__name__, city=addresses.city) from None
    if as_json:
        put_json({"ok": not deviated, "steps": [asdict(step) for step in way.steps]})
    say(f"{len(way.steps)} 步，{'有一步不符，到此为止' if deviated else '全部符合'}。")
    if deviated:
        raise Ended(Exit.FAILED)


def _tell(step: Step) -> None:
    mark = "[green]✓[/green]" if step.ok else "[red]✗[/red]"
    _OUT.print(f"{mark} [bold]{step.title}[/bold]  {step.request} → {step.got}  {step.ms:.0f} ms")
    if not step.ok:
        _OUT.print(f"    应为 {step.expected}", markup=False)
    for line in step.shown.splitlines():
        _OUT.print(f"    {line}", markup=False)
