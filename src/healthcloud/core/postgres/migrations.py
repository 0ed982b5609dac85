"""
The schema's history: numbered plain SQL, applied in one ordered line by the owner role.

`NNNN_<feature>_<what>.sql` begins with `-- expand` (older code still works beside it) or `-- contract` (it would not),
and `, no-transaction` behind it where PostgreSQL demands that, as for CREATE INDEX CONCURRENTLY; such a file holds one
statement, repeatable, since a crash may part it from its record. Every other file is one transaction with its record.

A migration waits at most four seconds for a lock, so that live traffic behind it is never stopped for longer. Only one
process migrates at a time. The search path is empty: names carry their schema.
"""

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Literal

import asyncpg

from healthcloud.core.clock import Clock
from healthcloud.core.postgres.errors import (
    MigrationBlocked,
    MigrationChanged,
    MigrationFailed,
    MigrationMalformed,
    MigrationOutOfOrder,
    MigrationsPending,
)
from healthcloud.core.postgres.launch import Progress, silent

# The checkout's folder; an installed package is told its folder.
MIGRATIONS = Path(__file__).parents[4] / "migrations"
LOCK_TIMEOUT = "4s"
_ONE_AT_A_TIME = 0x6865616C7468  # the advisory lock's number: "health"
_TURN_POLL_SECONDS = 0.1

_NAME = re.compile(r"(?P<number>\d{4})_(?P<feature>[a-z]+)_[a-z0-9_]+\.sql")
_HEADER = re.compile(r"-- (?P<phase>expand|contract)(?P<alone>, no-transaction)?")

_HISTORY = """
CREATE SCHEMA IF NOT EXISTS core;
CREATE TABLE IF NOT EXISTS core.migrations (
    number integer NOT NULL CONSTRAINT migrations_pk PRIMARY KEY,
    name text NOT NULL,
    digest text NOT NULL,
    applied_at timestamptz NOT NULL
);
COMMENT ON TABLE core.migrations IS 'Which migrations were applied, with the SHA-256 of their text.';
GRANT USAGE ON SCHEMA core TO healthcloud_app;
GRANT SELECT ON core.migrations TO healthcloud_app;
"""


@dataclass(frozen=True, slots=True)
class Migration:
    """One step of the schema; `digest` is the SHA-256 of its text, in hexadecimal."""

    number: int
    name: str
    phase: Literal["expand", "contract"]
    in_transaction: bool
    text: str
    digest: str


@dataclass(frozen=True, slots=True)
class Applied:
    """What the database remembers of a migration."""

    number: int
    name: str
    digest: str


def read_migrations(folder: Path = MIGRATIONS) -> tuple[Migration, ...]:
    """Return the folder's migrations in order; raise MigrationMalformed."""
    found = tuple(_read(path) for path in sorted(folder.glob("*.sql")))
    for earlier, later in pairwise(found):
        if earlier.number == later.number:
            raise MigrationMalformed(f"{earlier.name} and {later.name} have the same number")
    return found


def choose_pending(migrations: tuple[Migration, ...], applied: list[Applied]) -> tuple[Migration, ...]:
    """
    Return what is still to be applied, in order.

    Raise MigrationChanged or MigrationOutOfOrder. A database ahead of this code (its last migrations are unknown here)
    is in order: during a roll-out older processes work beside newer ones.
    """
    by_number = {migration.number: migration for migration in migrations}
    head = max((row.number for row in applied), default=0)
    last_known = max(by_number, default=0)
    for row in applied:
        known = by_number.get(row.number)
        if known is None and row.number < last_known:
            raise MigrationChanged(f"{row.name} was applied and is no longer here")
        if known is not None and known.digest != row.digest:
            raise MigrationChanged(f"{known.name} is not the text that was applied as {row.name}")
    done = {row.number for row in applied}
    pending = tuple(migration for migration in migrations if migration.number not in done)
    if pending and pending[0].number < head:
        raise MigrationOutOfOrder(f"{pending[0].name} comes before {head:04}, which was applied already")
    return pending


async def apply_migrations(
    owner_url: str,
    folder: Path = MIGRATIONS,
    *,
    progress: Progress = silent,
    clock: Clock | None = None,
    lock_timeout: str = LOCK_TIMEOUT,
) -> tuple[Migration, ...]:
    """Apply what is pending and return it; raise one of the MigrationProblems, naming the file."""
    migrations = read_migrations(folder)
    async with _connected(owner_url) as connection, _turn(connection, progress):
        await connection.execute(_HISTORY)
        await connection.execute("SELECT set_config('lock_timeout', $1, false)", lock_timeout)
        pending = choose_pending(migrations, await _applied(connection))
        for migration in pending:
            progress(f"Applying {migration.name}")
            await _apply(connection, migration, clock or Clock())
        return pending


async def pending_migrations(url: str, folder: Path = MIGRATIONS) -> tuple[Migration, ...]:
    """Return what apply_migrations would apply; the application role may ask."""
    async with _connected(url) as connection:
        return choose_pending(read_migrations(folder), await _applied(connection))


async def check_migrations(url: str, folder: Path = MIGRATIONS) -> None:
    """Raise MigrationsPending unless the database has all this code needs."""
    pending = await pending_migrations(url, folder)
    if pending:
        raise MigrationsPending(f"{len(pending)} to apply, the first is {pending[0].name}")


async def migrations_head(url: str) -> int:
    """Return the highest number applied; 0 when none was."""
    async with _connected(url) as connection:
        return max((row.number for row in await _applied(connection)), default=0)


def _read(path: Path) -> Migration:
    name = _NAME.fullmatch(path.name)
    if name is None:
        raise MigrationMalformed(f"{path.name} is not named NNNN_<feature>_<what>.sql")
    text = path.read_text(encoding="utf-8")
    header = _HEADER.fullmatch(text.partition("\n")[0].rstrip())
    if header is None:
        raise MigrationMalformed(f"the first line of {path.name} is not `-- expand` or `-- contract`")
    return Migration(
        number=int(name["number"]),
        name=path.stem,
        phase="expand" if header["phase"] == "expand" else "contract",
        in_transaction=header["alone"] is None,
        text=text,
        digest=hashlib.sha256(text.encode()).hexdigest(),
    )


async def _apply(connection: "asyncpg.Connection[asyncpg.Record]", migration: Migration, clock: Clock) -> None:
    try:
        if migration.in_transaction:
            async with connection.transaction():
                await connection.execute(migration.text)
                await _record(connection, migration, clock)
        else:
            await connection.fetch(migration.text)  # the extended protocol takes one statement, outside a transaction
            await _record(connection, migration, clock)
    except asyncpg.LockNotAvailableError as error:
        raise MigrationBlocked(migration.name) from error
    except asyncpg.PostgresError as error:
        raise MigrationFailed(f"{migration.name}: {error}") from error


async def _record(connection: "asyncpg.Connection[asyncpg.Record]", migration: Migration, clock: Clock) -> None:
    await connection.execute(
        "INSERT INTO core.migrations (number, name, digest, applied_at) VALUES ($1, $2, $3, $4)",
        migration.number,
        migration.name,
        migration.digest,
        clock.now(),
    )


async def _applied(connection: "asyncpg.Connection[asyncpg.Record]") -> list[Applied]:
    if await connection.fetchval("SELECT to_regclass('core.migrations') IS NULL"):
        return []
    rows = await connection.fetch("SELECT number, name, digest FROM core.migrations ORDER BY number")
    return [Applied(*row.values()) for row in rows]


@asynccontextmanager
async def _connected(url: str) -> "AsyncIterator[asyncpg.Connection[asyncpg.Record]]":
    connection = await asyncpg.connect(
        url, server_settings={"search_path": "", "timezone": "UTC", "application_name": "healthcloud migrations"}
    )
    try:
        yield connection
    finally:
        await connection.close()


@asynccontextmanager
async def _turn(connection: "asyncpg.Connection[asyncpg.Record]", progress: Progress) -> AsyncIterator[None]:
    """Wait until no other process migrates this database."""
    told = False
    while not await connection.fetchval("SELECT pg_try_advisory_lock($1)", _ONE_AT_A_TIME):
        if not told:
            progress("Another process is migrating; waiting for it")
            told = True
        await asyncio.sleep(_TURN_POLL_SECONDS)
    yield  # the lock ends with the connection
