"""`healthcloud db`: a database server made ready, and the schema of the database."""

import asyncio
import sys
from typing import Annotated

import asyncpg
import typer

from healthcloud.core.postgres import (
    ROLES,
    Citus,
    Step,
    apply_migrations,
    citus_of,
    pending_migrations,
    read_distribution,
    spread,
    steps_to_spread,
    table_sizes,
)
from healthcloud.server.cli.exits import Ended, Exit
from healthcloud.server.cli.output import DryRun, Json, put_rows, say
from healthcloud.server.cli.running import settings_of_command
from healthcloud.server.preparing import prepare_outside
from healthcloud.server.storage import app_url, needed_owner_url, running_storage

app = typer.Typer(help="数据库：准备服务器、迁移、检查、地址。", no_args_is_help=True)
_WITHOUT = {
    Citus.ABSENT: "这个 PostgreSQL 没有 Citus，各表留在一台服务器上，没有改动。",
    Citus.AVAILABLE: "Citus 已安装，本数据库尚未启用，没有改动。请由超级用户运行 CREATE EXTENSION citus 后再试。",
}
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
def distribute(*, dry_run: DryRun = False) -> None:
    """在 Citus 集群上按 migrations/distribution.toml 分布各表；没有 Citus 时什么也不做。可中断，可重复运行。"""
    settings = settings_of_command()
    with running_storage(settings, say):
        citus, steps = asyncio.run(_distribute(needed_owner_url(settings), dry_run=dry_run))
    for step in steps if dry_run else ():
        sys.stdout.write("".join(f"{statement};\n" for statement in step.statements))
    if citus is Citus.READY:
        say(f"{'将要执行' if dry_run else '已执行'} {len(steps)} 步。" if steps else "各表都已分布，无需改动。")
    else:
        say(_WITHOUT[citus])


async def _distribute(url: str, *, dry_run: bool) -> tuple[Citus, list[Step]]:
    connection = await asyncpg.connect(url)
    try:
        citus = await citus_of(connection)
        steps = await steps_to_spread(connection, read_distribution(), citus=citus)
        if citus is Citus.READY and not dry_run:
            await spread(connection, steps, lambda step: say(step.statements[0]))
        return citus, steps
    finally:
        await connection.close()


@app.command()
def size(*, as_json: Json = False) -> None:
    """列出每张表（含分区）的行数估计、表和索引占用的 MiB，大者在前。"""
    settings = settings_of_command()
    with running_storage(settings, say):
        found = asyncio.run(table_sizes(app_url(settings)))
    rows = [
        {"name": one.name, "rows": one.rows, "table_mib": _mib(one.table), "indexes_mib": _mib(one.indexes)}
        for one in found
    ]
    put_rows(rows, {"name": "表", "rows": "行", "table_mib": "表 MiB", "indexes_mib": "索引 MiB"}, as_json=as_json)
    say(f"合计 {_mib(sum(one.table + one.indexes for one in found))} MiB。")


def _mib(size: int) -> float:
    return round(size / (1 << 20), 1)


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
