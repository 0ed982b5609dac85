"""Imports in the background: reading files, dry runs, working rows a few portions at a time, forgetting."""

import time
from datetime import timedelta
from uuid import UUID

from healthcloud import people
from healthcloud.core.background import Body, JobKind, Progress, Recurring, in_portions
from healthcloud.core.db import Database, Transaction
from healthcloud.index.imports.actions import READ, RUN, TRY
from healthcloud.index.imports.forgetting.jobs import RESEAL_KIND, forget_old
from healthcloud.index.imports.intake import read_file
from healthcloud.index.imports.trying import try_import
from healthcloud.index.imports.working import Work

STRETCH = 5.0  # seconds of work between two saved steps of a job
# A job whose process died comes back after twice its time limit.
_READING, _RUNNING = timedelta(minutes=10), timedelta(seconds=30)


async def _read(database: Database, body: Body) -> None:
    await read_file(database, UUID(str(body["import"])))


async def _try(database: Database, body: Body) -> None:
    await try_import(database, UUID(str(body["import"])))


def kinds(policy: people.Policy) -> tuple[JobKind, ...]:
    """Return the jobs of imports."""

    async def run(database: Database, body: Body) -> Progress | None:
        return await run_stretch(database, body, policy)

    return (
        JobKind(READ, outside=_read, batch=1, max_attempts=5, time_limit=_READING),
        JobKind(TRY, outside=_try, batch=1, max_attempts=5, time_limit=_READING),
        JobKind(RUN, outside=run, batch=1, time_limit=_RUNNING),
        RESEAL_KIND,
    )


async def run_stretch(
    database: Database, body: Body, policy: people.Policy, stretch: float = STRETCH
) -> Progress | None:
    """Work portions for some seconds; the job goes on until the import runs no more."""
    work = await Work.of(database, UUID(str(body["import"])), policy)
    if work is None:
        return None
    until = time.monotonic() + stretch
    while (one := await work.step()) is not None:
        if time.monotonic() >= until:
            return Progress(body, one.done, one.rows)
    return None


def recurring(days: int) -> tuple[Recurring, ...]:
    """Return what recurs: the rows of imports are forgotten after so many days."""

    async def forget(tx: Transaction) -> int:
        return await forget_old(tx, timedelta(days=days))

    return (Recurring("index.import-forget", timedelta(hours=1), in_portions(forget)),)
