"""`healthcloud serve`: the whole city on this machine."""

import asyncio
from typing import Annotated

import typer

from healthcloud.core.logs import set_up_logs
from healthcloud.core.settings import Settings
from healthcloud.server.administrators import invitation_link, invite_first_administrators
from healthcloud.server.cli.output import put_rows, say
from healthcloud.server.cli.running import load_settings, with_public_url
from healthcloud.server.composition import open_city
from healthcloud.server.processes.serving import Plan
from healthcloud.server.processes.serving import serve as serve_city
from healthcloud.server.tls import tls_files

Port = Annotated[int | None, typer.Option("--port", min=1, max=65535, help="监听端口，默认取 HEALTHCLOUD_PORT。")]
Tls = Annotated[bool | None, typer.Option("--tls", help="启用 HTTPS；没有设置证书文件时，用本机证书颁发机构。")]


def serve(
    *,
    host: Annotated[str | None, typer.Option("--host", help="监听地址，默认取 HEALTHCLOUD_HOST。")] = None,
    port: Port = None,
    workers: Annotated[int | None, typer.Option("--workers", min=1, max=256, help="网页进程数。")] = None,
    tls: Tls = None,
) -> None:
    """启动整座城市：数据库、网页进程和后台进程；Ctrl-C 有序结束。"""
    settings, environment = changed(load_settings(), host=host, port=port, workers=workers, tls=tls)
    set_up_logs(settings.log_level, settings.log_format)
    plan = Plan(
        environment,
        prepare=lambda: invite_administrators(settings),
        ready=lambda: _say_ready(settings),
    )
    serve_city(settings, plan, say)


def _say_ready(settings: Settings) -> None:
    files = tls_files(settings)
    if files is not None and files.authority is not None:
        say(f"本机证书颁发机构：{files.authority.absolute()}，导入浏览器的步骤见 docs/how-to/use-https.md。")
    say(f"就绪：{settings.public_url}")


def invite_administrators(settings: Settings) -> None:
    """Invite a new city's three administrators and show their links, once: nobody can show them again."""

    async def invite() -> list[dict[str, str]]:
        async with open_city(settings, name="healthcloud serve", pool_size=2) as city:
            invited = await invite_first_administrators(city)
            return [{"login": one.login, "link": invitation_link(city, one)} for one in invited]

    rows = asyncio.run(invite())
    if rows:
        say("新城市的三员管理员（三员分立）。链接只显示这一次，请分别交给三个人：")
        put_rows(rows, {"login": "登录名", "link": "一次性链接"}, as_json=False)


def changed(settings: Settings, **changes: str | int | None) -> tuple[Settings, dict[str, str]]:
    """Return settings with what a command line says otherwise, and the environment that tells children the same."""
    told = {name: value for name, value in changes.items() if value is not None}
    after = with_public_url(settings.model_copy(update=told))
    environment = told | {"public_url": after.public_url}
    return after, {f"HEALTHCLOUD_{name.upper()}": str(value) for name, value in environment.items()}
