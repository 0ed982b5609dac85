"""The exit codes of every command, and how a problem is told: its two sentences, its code, never a traceback."""

from enum import IntEnum

import typer

from healthcloud.core.errors import Problem, TooMany, Unavailable
from healthcloud.core.logs import traceback_of
from healthcloud.server.cli.output import say

_CONFLICT = 409
_NOT_ALLOWED = (401, 403)


class Exit(IntEnum):
    """What a command's end means to a script."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    REJECTED_ROWS = 3  # done, but for some rows
    NOT_ALLOWED = 4
    CONFLICT = 5  # clashes with the present state, or is running already
    TRY_LATER = 75


class Ended(typer.Exit):
    """End a command with this code."""

    def __init__(self, code: Exit) -> None:
        super().__init__(int(code))


def exit_of(problem: Problem) -> Exit:
    """Return the exit code of a problem."""
    if isinstance(problem, Unavailable | TooMany):
        return Exit.TRY_LATER
    if problem.status == _CONFLICT:
        return Exit.CONFLICT
    return Exit.NOT_ALLOWED if problem.status in _NOT_ALLOWED else Exit.FAILED


def tell(problem: Problem) -> None:
    """Tell a problem to a person."""
    say(problem.zh)
    say(problem.sentence)
    if problem.detail:
        say(problem.detail)
    for fault in problem.faults:
        say(f"  {fault.pointer}：{fault.zh} ({fault.en})")
    facts = " ".join(f"{name}={value}" for name, value in problem.facts.items() if value is not None)
    say(f"[{problem.code}] {facts}".rstrip())


def tell_unforeseen(error: Exception) -> None:
    """Tell what nobody foresaw: the general problem, and where in the code, without data."""
    tell(Problem())
    say(traceback_of(error))
