"""`healthcloud exchange`: messages with hospitals, as evidence."""

import typer

from healthcloud.server.cli import evidence

app = typer.Typer(help="机构报文：存证的校验与导出。", no_args_is_help=True)
for command in (evidence.verify, evidence.check, evidence.export):
    app.command()(command)
