"""`healthcloud backup` and `healthcloud restore`: the embedded database, as a folder."""

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from healthcloud.core.postgres import BackupManifest, EmbeddedPostgres, back_up, restore_backup
from healthcloud.core.settings import Settings
from healthcloud.server.cli.output import Json, put_json, put_rows, say
from healthcloud.server.cli.running import settings_of_command
from healthcloud.server.errors import NotEmbedded
from healthcloud.server.places import keys_file, last_backup_file
from healthcloud.server.storage import embedded_of


def backup(
    target: Annotated[Path, typer.Argument(metavar="目录", help="新建或空的目录。")], *, as_json: Json = False
) -> None:
    """备份内嵌数据库到一个新目录，并实际恢复一次以核对；不含密钥文件。"""
    settings = settings_of_command()
    manifest = back_up(_embedded(settings), target.absolute(), progress=say)
    last_backup_file(settings).write_bytes(msgspec.json.encode(manifest))
    _put(manifest, as_json=as_json)
    say(f"备份完成：{target}。密钥文件 {keys_file(settings)} 不在备份中，请另行妥善保存。")


def restore(
    source: Annotated[Path, typer.Argument(metavar="目录", help="healthcloud backup 写出的目录。")],
    *,
    as_json: Json = False,
) -> None:
    """把备份恢复到尚无数据库的 var 目录，并核对行数；从不覆盖已有数据。"""
    settings = settings_of_command()
    manifest = restore_backup(source.absolute(), _embedded(settings), progress=say)
    _put(manifest, as_json=as_json)
    say(f"恢复完成。请把当时的密钥文件放回 {keys_file(settings)}，再运行 healthcloud serve。")


def _embedded(settings: Settings) -> EmbeddedPostgres:
    embedded = embedded_of(settings)
    if embedded is None:
        raise NotEmbedded
    return embedded


def _put(manifest: BackupManifest, *, as_json: bool) -> None:
    if as_json:
        put_json(manifest)
        return
    rows = [{"schema": schema, "rows": rows} for schema, rows in sorted(manifest.rows_by_schema.items())]
    put_rows(rows, {"schema": "部分", "rows": "行数"}, as_json=False)
