"""`healthcloud serve`: the whole city on this machine."""

from typing import Annotated

import typer

from healthcloud.core.logs import set_up_logs
from healthcloud.core.settings import Settings
from healthcloud.server.cli.output import say
from healthcloud.server.cli.running import load_settings
from healthcloud.server.processes.serving import Plan
from healthcloud.server.processes.serving import serve as serve_city

Port = Annotated[int | None, typer.Option("--port", min=1, max=65535, help="监听端口，默认取 HEALTHCLOUD_PORT。")]


def serve(
    *,
    host: Annotated[str | None, typer.Option("--host", help="监听地址，默认取 HEALTHCLOUD_HOST。")] = None,
    port: Port = None,
    workers: Annotated[int | None, typer.Option("--workers", min=1, max=256, help="网页进程数。")] = None,
) -> None:
    """启动整座城市：数据库、网页进程和后台进程；Ctrl-C 有序结束。"""
    settings, environment = changed(load_settings(), host=host, port=port, workers=workers)
    set_up_logs(settings.log_level, settings.log_format)
    serve_city(settings, Plan(environment, ready=lambda: say(f"就绪：{settings.public_url}")), say)


def changed(settings: Settings, **changes: str | int | None) -> tuple[Settings, dict[str, str]]:
    """Return settings with what a command line says otherwise, and the environment that tells children the same."""
    told = {name: value for name, value in changes.items() if value is not None}
    if "public_url" not in settings.model_fields_set | told.keys():
        told["public_url"] = f"http://{told.get('host', settings.host)}:{told.get('port', settings.port)}"
    return settings.model_copy(update=told), {f"HEALTHCLOUD_{name.upper()}": str(value) for name, value in told.items()}
