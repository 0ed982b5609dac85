"""
The command line, `healthcloud <noun> <verb>`: one module per noun.

Data on stdout, words and progress on stderr, `--json` for programs; exit codes in `exits`. Commands act as this
software itself (who may read the key file and the database may run them), and what they do is audited.
"""

import sys

import click
import typer

from healthcloud.core.errors import Problem
from healthcloud.server.cli import audit, backup, db, doctor, jobs, keys, serve, version
from healthcloud.server.cli.exits import Exit, exit_of, tell, tell_unforeseen
from healthcloud.server.cli.output import say

app = typer.Typer(
    name="healthcloud",
    help="健康云：一户、一码、一网的城市健康服务。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for noun, group in (
    ("db", db.app),
    ("audit", audit.app),
    ("jobs", jobs.app),
    ("keys", keys.app),
):
    app.add_typer(group, name=noun)
for command in (serve.serve, backup.backup, backup.restore, doctor.doctor, version.version):
    app.command()(command)


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code."""
    try:
        return int(app(arguments, standalone_mode=False) or Exit.DONE)
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except click.ClickException as wrong:
        wrong.show()
        return Exit.USAGE
    except Problem as problem:
        tell(problem)
        return exit_of(problem)
    except (KeyboardInterrupt, click.Abort):
        say("已中断。")
        return Exit.FAILED
    except Exception as error:  # noqa: BLE001 - the last place that can still say something
        tell_unforeseen(error)
        return Exit.FAILED


def main() -> None:
    """Run the command line's command."""
    sys.exit(run(sys.argv[1:]))
