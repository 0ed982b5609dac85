"""
How commands speak: data on stdout, words and progress on stderr, JSON where asked.

A table is drawn only for a person at a terminal; into a pipe go lines separated by tabs, without a head. `NO_COLOR` is
respected (rich does), and a progress bar appears only where stderr is a terminal; a log gets a line now and then.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Any

import msgspec
import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from healthcloud.core.clock import shown
from healthcloud.server.errors import ConfirmationMissing

Row = Mapping[str, Any]
Json = Annotated[bool, typer.Option("--json", help="输出 JSON（键为英文）。")]
Yes = Annotated[bool, typer.Option("--yes", help="不再询问，直接执行。")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="只说明将做什么，不做改动。")]

SECONDS_OF_SILENCE = 30.0
WORDS = Console(stderr=True, highlight=False)


def say(words: str) -> None:
    """Tell a person something, on stderr."""
    WORDS.print(words, markup=False, soft_wrap=True)


def put_json(data: object) -> None:
    """Write data as JSON on stdout; dataclasses, ids, instants and bytes as core writes them."""
    builtins = msgspec.to_builtins(data)
    sys.stdout.write(json.dumps(builtins, ensure_ascii=False, indent=2) + "\n")


def put_rows(rows: Sequence[Row], heads: Mapping[str, str], *, as_json: bool) -> None:
    """Write rows on stdout: those keys of `heads`, whose values are what a person reads above each column."""
    if as_json:
        put_json([{key: row[key] for key in heads} for row in rows])
    elif sys.stdout.isatty():
        table = Table(*heads.values(), box=None, header_style="bold")
        for row in rows:
            table.add_row(*(plain(row[key]) for key in heads))
        Console().print(table)
    else:
        for row in rows:
            sys.stdout.write("\t".join(plain(row[key]) for key in heads) + "\n")


def put_facts(facts: Row, words: Mapping[str, str], *, as_json: bool) -> None:
    """Write one thing on stdout, a line for each of its facts."""
    if as_json:
        put_json({key: facts[key] for key in words})
    else:
        for key, word in words.items():
            sys.stdout.write(f"{word}\t{plain(facts[key])}\n")


def plain(value: object) -> str:
    """Write a value as a person reads it, on one line."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return shown(value)
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(sorted(map(plain, value)))
    return " ".join(str(value).split())


@contextmanager
def progress_bar(label: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """Show a bar with rate and time left on a terminal, a line each half minute elsewhere; yield what is told."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), _Rate(), TimeRemainingColumn())
    with Progress(*columns, console=WORDS, disable=not WORDS.is_terminal, speed_estimate_period=60) as progress:
        task = progress.add_task(label, total=total)
        lines = _Lines(label, total)

        def tell(done: int) -> None:
            progress.update(task, completed=done)
            if not WORDS.is_terminal:
                lines.tell(done)

        yield tell


class _Rate(ProgressColumn):
    """How many a second."""

    def render(self, task: Task) -> Text:
        return Text("" if task.speed is None else f"{task.speed:,.0f}/秒")


class _Lines:
    """Progress for a log: seldom, and only of what takes long."""

    def __init__(self, label: str, total: int | None) -> None:
        self._label, self._total = label, total
        self._first: tuple[float, int] | None = None
        self._told = time.monotonic()

    def tell(self, done: int) -> None:
        now = time.monotonic()
        if self._first is None:
            self._first = now, done
        if now - self._told < SECONDS_OF_SILENCE:
            return
        self._told = now
        rate = (done - self._first[1]) / (now - self._first[0])
        line = f"{self._label} {done:,}{f' / {self._total:,}' if self._total else ''}，{rate:,.0f}/秒"
        if self._total and rate:
            line += f"，还需约 {(self._total - done) / rate:.0f} 秒"
        say(line)


def confirm(act: str, *, yes: bool) -> None:
    """Ask a person whether to do this; without one it must have been said beforehand, else ConfirmationMissing."""
    if yes:
        return
    if not sys.stdin.isatty() or not typer.confirm(f"{act} 继续？", err=True):
        raise ConfirmationMissing(act)
