"""`healthcloud exchange`: messages with hospitals, as evidence."""

import typer

from healthcloud.server.cli import evidence, outward

app = typer.Typer(help="机构报文：存证的校验与导出，发往医院的队列、未送达的消息与接收地址。", no_args_is_help=True)
for command in (evidence.verify, evidence.check, evidence.export, *outward.COMMANDS):
    app.command()(command)
