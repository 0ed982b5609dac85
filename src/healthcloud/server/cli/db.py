"""`healthcloud db`: a database server made ready, and the schema of the database."""

import asyncio
import sys
from typing import Annotated

import typer

from healthcloud.core.postgres import ROLES, apply_migrations, pending_migrations
from healthcloud.server.cli.exits import Ended, Exit
from healthcloud.server.cli.output import DryRun, Json, put_rows, say
from healthcloud.server.cli.running import settings_of_command
from healthcloud.server.preparing import prepare_outside
from healthcloud.server.storage import app_url, needed_owner_url, running_storage

app = typer.Typer(help="数据库：准备服务器、迁移、检查、地址。", no_args_is_help=True)
_HEADS = {"number": "编号", "name": "名称", "phase": "阶段"}


@app.command()
def prepare(
    superuser_url: Annotated[
        str,
        typer.Option(
            envvar="HEALTHCLOUD_SUPERUSER_URL",
            prompt="超级用户地址",
            hide_input=True,
            help="超级用户的数据库地址；请用环境变量或按提示输入，命令行上他人可见。",
        ),
    ],
) -> None:
    """在您自己的 PostgreSQL 16 至 18 上建立两个角色和数据库，口令取自设置中的两个地址；可重复运行。"""
    name = asyncio.run(prepare_outside(settings_of_command(), superuser_url))
    say(f"数据库 {name} 和角色 {ROLES['owner']}、{ROLES['app']} 已就绪。下一步：healthcloud db migrate")


@app.command()
def migrate(*, dry_run: DryRun = False, as_json: Json = False) -> None:
    """把数据库结构更新到此版本。"""
    settings = settings_of_command()
    with running_storage(settings, say):
        url = needed_owner_url(settings)
        pending = asyncio.run(pending_migrations(url) if dry_run else apply_migrations(url, progress=say))
    rows = [{"number": one.number, "name": one.name, "phase": one.phase} for one in pending]
    put_rows(rows, _HEADS, as_json=as_json)
    say(f"{'将要执行' if dry_run else '已执行'} {len(pending)} 个迁移。")


@app.command()
def check(*, as_json: Json = False) -> None:
    """检查数据库结构是否完整；缺少迁移时以 1 退出。"""
    settings = settings_of_command()
    with running_storage(settings, say):
        pending = asyncio.run(pending_migrations(app_url(settings)))
    rows = [{"number": one.number, "name": one.name, "phase": one.phase} for one in pending]
    put_rows(rows, _HEADS, as_json=as_json)
    if pending:
        say("数据库结构旧于此程序：请运行 healthcloud db migrate。")
        raise Ended(Exit.FAILED)
    say("数据库结构是最新的。")


@app.command()
def url(
    *,
    role: Annotated[str, typer.Option("--role", help="app（应用）或 owner（所有者）。")] = "app",
) -> None:
    """输出数据库地址（含口令，仅供本机管理员使用）。"""
    if role not in ("app", "owner"):
        raise typer.BadParameter("app | owner", param_hint="--role")
    settings = settings_of_command()
    sys.stdout.write((app_url(settings) if role == "app" else needed_owner_url(settings)) + "\n")
