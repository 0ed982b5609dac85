"""
The command line, `healthcloud <noun> <verb>`: one module per noun.

Data on stdout, words and progress on stderr, `--json` for programs; exit codes in `exits`. Commands act as this
software itself (who may read the key file and the database may run them), and what they do is audited.
"""

import os
import sys
from contextlib import suppress

import asyncpg
import typer

from healthcloud.core.errors import Problem, Unavailable
from healthcloud.server.cli import (
    audit,
    backup,
    cards,
    client,
    codes,
    conformance,
    db,
    demo,
    doctor,
    exchange,
    figures,
    institution,
    jobs,
    keys,
    onboarding,
    people,
    province,
    sandbox,
    serve,
    staff,
    terminal,
    tour,
    version,
)
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
    ("demo", demo.app),
    ("institution", institution.app),
    ("terminal", terminal.app),
    ("staff", staff.app),
    ("client", client.app),
    ("cards", cards.app),
    ("codes", codes.app),
    ("audit", audit.app),
    ("exchange", exchange.app),
    ("conformance", conformance.app),
    ("onboarding", onboarding.app),
    ("jobs", jobs.app),
    ("figures", figures.app),
    ("people", people.app),
    ("province", province.app),
    ("keys", keys.app),
    ("db", db.app),
):
    app.add_typer(group, name=noun)
for command in (serve.serve, sandbox.sandbox, backup.backup, backup.restore, tour.tour, doctor.doctor, version.version):
    app.command()(command)


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code."""
    try:
        app(arguments)
    except SystemExit as ended:
        return int(ended.code or Exit.DONE)
    except Problem as problem:
        tell(problem)
        return exit_of(problem)
    except (ConnectionError, asyncpg.PostgresConnectionError):
        tell(Unavailable("the database does not answer"))
        return Exit.TRY_LATER
    except KeyboardInterrupt:
        say("已中断。")
        return Exit.FAILED
    except Exception as error:  # noqa: BLE001 - the last place that can still say something
        tell_unforeseen(error)
        return Exit.FAILED
    return Exit.DONE


def main() -> None:
    """Run the command line's command, and end without taking apart what was imported, which takes 0.2 s."""
    code = run(sys.argv[1:])
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):  # whoever read our output has gone
            stream.flush()
    os._exit(code)
