"""docs/reference/cli.md: every command with its arguments, options and what they are for, as `--help` tells them."""

from collections.abc import Iterator
from enum import Enum

from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption
from typer.main import get_command

from healthcloud.server.cli import app
from healthcloud.server.cli.exits import Exit
from healthcloud.server.reference.markdown import page, table

_ABOUT = (
    "`healthcloud <noun> <verb>`; in a checkout `.venv/bin/healthcloud`. Data goes to stdout (a table on a terminal, "
    "tab-separated lines into a pipe, JSON with `--json`), words and progress to stderr. A command acts as this "
    "software itself: whoever may read the key file and reach the database may run it, and what it does is audited. It "
    "uses the running database, or starts the embedded one meanwhile."
)
_CODES = {
    Exit.DONE: "done",
    Exit.FAILED: "a check failed, or the command did",
    Exit.USAGE: "the command line was not understood",
    Exit.REJECTED_ROWS: "done, but some rows were rejected",
    Exit.NOT_ALLOWED: "not allowed",
    Exit.CONFLICT: "clashes with the present state, or is running already",
    Exit.TRY_LATER: "try again later",
}


def command_line_page() -> str:
    """Return docs/reference/cli.md."""
    codes = table(("Exit code", "Means"), ((f"`{int(code)}`", _CODES[code]) for code in Exit))
    parts = ["# Command line", _ABOUT, "## Exit codes", codes]
    root = get_command(app)
    for words, command in _commands(("healthcloud",), root):
        parts += [f"## {' '.join(words[1:])}", f"```sh\n{_usage(words, command)}\n```", command.help or ""]
        rows = [row for parameter in command.params if (row := _row(parameter)) is not None]
        if rows:
            parts.append(table(("Argument or option", "Default", "说明"), rows))
    return page(parts)


def _commands(words: tuple[str, ...], command: object) -> Iterator[tuple[tuple[str, ...], TyperCommand]]:
    if isinstance(command, TyperGroup):
        for name, below in sorted(command.commands.items()):
            yield from _commands((*words, name), below)
    elif isinstance(command, TyperCommand):
        yield words, command


def _usage(words: tuple[str, ...], command: TyperCommand) -> str:
    arguments = [
        f"<{one.metavar or one.name}>" if one.required else f"[{one.metavar or one.name}]"
        for one in command.params
        if isinstance(one, TyperArgument)
    ]
    needed = [f"{one.opts[0]} …" for one in command.params if isinstance(one, TyperOption) and one.required]
    return " ".join((*words, *arguments, *needed))


def _row(parameter: object) -> tuple[str, str, str] | None:
    if isinstance(parameter, TyperArgument):
        return f"`<{parameter.metavar or parameter.name}>`", _default(parameter), parameter.help or ""
    if isinstance(parameter, TyperOption) and not parameter.hidden:
        return f"`{'`, `'.join(parameter.opts)}`", _default(parameter), parameter.help or ""
    return None


def _default(parameter: TyperArgument | TyperOption) -> str:
    if parameter.required:
        return "required"
    value = parameter.default
    value = value.value if isinstance(value, Enum) else value
    return "–" if value in (None, False, (), []) else f"`{value}`"
